import * as v from 'valibot';
import { type ImageReference, parseImageReference, parseRegistry } from '../image/image-reference.js';
import { kindOfRecord, type RecordName } from '../records/record-name.js';
import type { Operation, Trigger } from '../records/records.js';
import { RejectedInput } from '../result/rejected-input.js';
import { byOperator, parseStrictly, shown, text, triggerOf } from './strict-input.js';

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
  /** `service` may be `*`: every service. */
  | { readonly kind: 'hold'; readonly service: string; readonly isOn: boolean; readonly trigger: Trigger }
  | { readonly kind: 'cancel'; readonly service: string; readonly trigger: Trigger }
  /** The record of a deployment whose execution ended early. */
  | { readonly kind: 'resume'; readonly record: RecordName };

const yes = v.optional(v.literal(true));
const ByOperator = v.strictObject({
  service: text,
  image: v.optional(text),
  taskDefinition: v.optional(v.pipe(v.string(), v.regex(/^[\w:/.-]+:\d+$/, 'a family and a revision, such as web:41'))),
  rollback: yes,
  redeploy: yes,
  hold: v.optional(v.boolean()),
  cancel: yes,
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
export const operations = ['image', 'taskDefinition', 'rollback', 'redeploy', 'hold', 'cancel'] as const;

const example = '{"service": "production/web", "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:v1.4.2"}';

/** Parses the input of the deployment machine. @throws RejectedInput for anything but the documented input */
export const parseDeploymentInput = (input: unknown): DeploymentInput => {
  if (typeof input === 'object' && input !== null && 'resume' in input)
    return { kind: 'resume', record: parseStrictly(Resumption, input, example).resume };
  if (typeof input === 'object' && input !== null && 'release' in input) {
    const { service, release } = parseStrictly(OfRelease, input, example);
    return { kind: 'deploy', service, operation: { kind: 'image' }, image: undefined, trigger: triggerOf({}), isForced: false, release };
  }
  const typed = parseStrictly(ByOperator, input, example);
  const given = operations.filter((operation) => typed[operation] !== undefined);
  const [first] = given;
  if (given.length === 0) {
    const expected = operations.map((one) => `"${one}"`).join(', ');
    throw new RejectedInput(`the input has none of ${expected}; expected one of them, as in ${example}`);
  }
  if (given.length > 1)
    throw new RejectedInput(`the input has both "${given[0]}" and "${given[1]}"; expected one of them, as in ${example}`);
  const { service } = typed;
  const trigger = triggerOf(typed);
  if (first === 'hold') return { kind: 'hold', service, isOn: typed.hold === true, trigger };
  if (first === 'cancel') return { kind: 'cancel', service, trigger };
  const image = typed.image === undefined ? undefined : imageOf(typed.image);
  const operation: Operation =
    typed.taskDefinition === undefined
      ? { kind: first === 'rollback' || first === 'redeploy' ? first : 'image' }
      : { kind: 'taskDefinition', taskDefinition: typed.taskDefinition };
  return { kind: 'deploy', service, operation, image, trigger, isForced: typed.force ?? false, release: '' };
};

const imageOf = (given: string): ImageReference => {
  const image = parseImageReference(given);
  if (!image || (image.tag === undefined && image.digest === undefined))
    throw new RejectedInput(
      `"image" of the input is ${shown(given)}; expected an image of Amazon ECR with a tag or a digest, as in ${example}`,
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
