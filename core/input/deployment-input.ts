import * as v from 'valibot';
import { type ImageReference, parseImageReference, parseRegistry } from '../image/image-reference.js';
import { kindOfRecord, type RecordName } from '../records/record-name.js';
import type { Operation, Trigger } from '../records/records.js';
import { RejectedInput } from '../result/rejected-input.js';
import { rejectMisdirected } from './misdirected-input.js';
import { byOperator, parseStrictly, shown, text, triggerOf } from './strict-input.js';
import { suggestionFor } from './suggestion.js';

/** The input of the deployment machine: from an operator, a release or the sweep. */
export type DeploymentInput =
  | {
      readonly kind: 'deploy';
      readonly service: string;
      readonly operation: Operation;
      /** Present for the operation `image` of an operator; a release has its image in its record. */
      readonly image: ImageReference | undefined;
      readonly trigger: Trigger;
      readonly isForced: boolean;
      readonly release: RecordName | '';
    }
  /** The record of a deployment whose execution ended early. */
  | { readonly kind: 'resume'; readonly record: RecordName };

const yes = v.optional(v.literal(true));
const ByOperator = v.strictObject({
  service: text,
  image: v.optional(text),
  taskDefinition: v.optional(v.pipe(v.string(), v.regex(/^[\w:/.-]+:\d+$/, 'a family and a revision, such as web:41'))),
  rollback: yes,
  repository: v.optional(text),
  redeploy: yes,
  force: v.optional(v.boolean()),
  ...byOperator,
});
const OfRelease = v.strictObject({
  service: text,
  release: v.pipe(
    v.string(),
    v.check((name) => kindOfRecord(name) === 'release', 'the name of a release’s record'),
  ),
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: v.optional(text),
});
const Resumption = v.strictObject({
  resume: v.pipe(
    v.string(),
    v.check((name) => kindOfRecord(name) === 'deployment', 'the name of a deployment’s record'),
  ),
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: v.optional(text),
});

/** The keys of which an input has exactly one. */
export const operations = ['image', 'taskDefinition', 'rollback', 'redeploy'] as const;

const examples: Readonly<Record<(typeof operations)[number] | 'resume', string>> = {
  image: '{"service": "production/web", "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:v1.4.2"}',
  taskDefinition: '{"service": "production/web", "taskDefinition": "web:41"}',
  rollback: '{"service": "production/web", "rollback": true, "by": "ada", "reason": "wrong prices"}',
  redeploy: '{"service": "production/web", "redeploy": true}',
  resume: '{"resume": "service#production/web deployment#2026-11-27T14:05:00.000Z 0f3c"}',
};

/**
 * Parses the input of the deployment machine. `execution` is the ARN of the execution, of which the names of the other machine and
 * of `control` follow. @throws RejectedInput for anything but the documented input
 */
export const parseDeploymentInput = (input: unknown, execution: string): DeploymentInput => {
  const keys = typeof input === 'object' && input !== null ? Object.keys(input) : [];
  if (keys.includes('resume')) return { kind: 'resume', record: parseStrictly(Resumption, input, examples.resume).resume };
  if (keys.includes('release')) {
    const { service, release } = parseStrictly(OfRelease, input, examples.image);
    return { kind: 'deploy', service, operation: { kind: 'image' }, image: undefined, trigger: triggerOf({}), isForced: false, release };
  }
  rejectMisdirected(input, 'deployment', execution);
  const given = operations.filter((operation) => keys.includes(operation));
  const [first, second] = given;
  const meant = first ?? operations.find((operation) => keys.some((key) => suggestionFor(key, operations) === operation)) ?? 'image';
  const typed = parseStrictly(ByOperator, input, examples[meant]);
  if (first === undefined) {
    const expected = operations.map((one) => `"${one}"`).join(', ');
    throw new RejectedInput(`the input has none of ${expected}; expected one of them, as in ${examples.image}`);
  }
  if (second !== undefined)
    throw new RejectedInput(`the input has both "${first}" and "${second}"; expected one of them, as in ${examples[first]}`);
  return {
    kind: 'deploy',
    service: typed.service,
    operation: operationOf(typed),
    image: typed.image === undefined ? undefined : imageOf(typed.image),
    trigger: triggerOf(typed),
    isForced: typed.force ?? false,
    release: '',
  };
};

const operationOf = ({ taskDefinition, rollback, redeploy, repository }: v.InferOutput<typeof ByOperator>): Operation => {
  if (repository !== undefined && !rollback)
    throw new RejectedInput(
      `the input has the key "repository", which only a rollback has; expected an object such as ${examples.rollback}`,
    );
  if (taskDefinition !== undefined) return { kind: 'taskDefinition', taskDefinition };
  if (rollback) return { kind: 'rollback', ...(repository !== undefined && { repository }) };
  return { kind: redeploy ? 'redeploy' : 'image' };
};

const imageOf = (given: string): ImageReference => {
  const image = parseImageReference(given);
  if (!image || (image.tag === undefined && image.digest === undefined))
    throw new RejectedInput(
      `"image" of the input is ${shown(given)}; expected an image of Amazon ECR with a tag or a digest, as in ${examples.image}`,
    );
  return image;
};

/**
 * Rejects an image of another account or Region. Images are looked up in the registry of the execution's account and Region,
 * which would answer with its own image of the same name.
 * @throws RejectedInput
 */
export const rejectForeignImage = ({ registry, repository }: ImageReference, executionArn: string): void => {
  const [, , , region, account] = executionArn.split(':');
  const its = parseRegistry(registry);
  if (its?.account === account && its?.region === region) return;
  throw new RejectedInput(
    `image ${repository} is in account ${its?.account} and Region ${its?.region}; expected one in ${account} and ${region}, where its service runs: let ECR replicate it`,
  );
};
