import { attribute, named, type Resource, type Value } from './cloudformation.js';
import { patternsOf } from './event-patterns.js';

/** Rules of one kind. Their names begin as the permission of the function allows. */
export type Rules = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The function that they invoke, by its key in serverless.yml. */
  readonly target: string;
  readonly retry: { readonly MaximumRetryAttempts: number; readonly MaximumEventAgeInSeconds: number };
  readonly patternOf: (names: readonly string[]) => object;
};

// Saves invocations only: the functions check again.
export const ofAccount: Readonly<Record<'account' | 'region', readonly Value[]>> = {
  account: [{ Ref: 'AWS::AccountId' }],
  region: [{ Ref: 'AWS::Region' }],
};

/** The rules that invoke a function with the events that name one of `names`: several if one pattern would be too long, none without names. */
export const eventRules = (
  stage: string,
  names: readonly string[],
  { id, name, description, target, retry, patternOf }: Rules,
): [string, Resource][] =>
  patternsOf(names, patternOf).map((EventPattern, index) => [
    `${id}${index + 1}`,
    {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: named(stage, `${name}-${index + 1}`),
        Description: description,
        EventPattern,
        Targets: [
          {
            Id: target,
            Arn: attribute(`${target.charAt(0).toUpperCase()}${target.slice(1)}LambdaFunction`, 'Arn'),
            RetryPolicy: retry,
            DeadLetterConfig: { Arn: attribute('UnhandledEvents', 'Arn') },
          },
        ],
      },
    },
  ]);
