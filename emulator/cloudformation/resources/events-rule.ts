import { AwsError } from '../../errors.js';
import { physicalName, resourceType } from '../resource-type.js';

type Target = {
  Id: string;
  Arn: string;
  RoleArn?: string;
  Input?: string;
  DeadLetterConfig?: { Arn: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
};
type Properties = {
  Name?: string;
  EventPattern?: Record<string, unknown>;
  ScheduleExpression?: string;
  State?: string;
  Targets?: Target[];
};

const maximumPatternCharacters = 2048;
const maximumTargets = 5;

export const eventsRule = resourceType<Properties>({
  type: 'AWS::Events::Rule',
  shapes: {
    Name: 'string',
    Description: 'string',
    EventBusName: { oneOf: ['default'] },
    EventPattern: 'json',
    ScheduleExpression: 'string',
    State: { oneOf: ['ENABLED', 'DISABLED'] },
    Targets: {
      list: {
        members: {
          Id: 'string',
          Arn: 'string',
          RoleArn: 'string',
          Input: 'string',
          DeadLetterConfig: { members: { Arn: 'string' } },
          RetryPolicy: { members: { MaximumRetryAttempts: 'number', MaximumEventAgeInSeconds: 'number' } },
        },
      },
    },
  },
  required: [],
  update: 'changed',
  deploy: ({ Name, EventPattern, ScheduleExpression, State = 'ENABLED', Targets = [] }, deploying) => {
    const { account } = deploying;
    const name = Name ?? physicalName(deploying);
    const arn = account.arn('events', `rule/${name}`);
    const refuse = (code: string, message: string): never => {
      throw new AwsError(code, message);
    };
    if (EventPattern === undefined && ScheduleExpression === undefined)
      refuse('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
    const characters = JSON.stringify(EventPattern ?? {}).length;
    if (characters > maximumPatternCharacters)
      refuse('InvalidEventPatternException', `EventPattern has ${characters} characters; expected at most ${maximumPatternCharacters}`);
    if (Targets.length > maximumTargets) refuse('LimitExceededException', `${Targets.length} targets; expected at most ${maximumTargets}`);
    for (const { Id, Arn, RoleArn } of Targets) {
      if (RoleArn === undefined && Arn.split(':')[2] === 'states') refuse('ValidationException', `RoleArn is required for target ${Arn}.`);
      if (RoleArn !== undefined && !account.services.iam.canAssume(RoleArn, 'events.amazonaws.com', arn))
        refuse('ValidationException', `Provided role '${RoleArn}' cannot be assumed by principal 'events.amazonaws.com' (target ${Id}).`);
    }
    account.services.events.putRule({
      name,
      arn,
      isEnabled: State === 'ENABLED',
      ...(EventPattern !== undefined && { eventPattern: EventPattern }),
      ...(ScheduleExpression !== undefined && { scheduleExpression: ScheduleExpression }),
      targets: Targets.map(({ Id, Arn, RoleArn, Input, DeadLetterConfig, RetryPolicy = {} }) => ({
        id: Id,
        arn: Arn,
        ...(RoleArn !== undefined && { roleArn: RoleArn }),
        ...(Input !== undefined && { input: Input }),
        ...(DeadLetterConfig !== undefined && { deadLetterArn: DeadLetterConfig.Arn }),
        maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts ?? 185,
        maximumEventAgeSeconds: RetryPolicy.MaximumEventAgeInSeconds ?? 86_400,
      })),
    });
    return { ref: name, attributes: { Arn: arn } };
  },
});
