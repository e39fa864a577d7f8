import * as v from 'valibot';
import { type ImageReference, parseImageReference } from './image-reference.js';
import type { Operation, RecordName, Trigger } from './records.js';
import * as messages from './result/messages.js';
import { RejectedInput } from './result/rejected-input.js';
import { type Result, resultOf } from './result/result.js';

/** What a person may tell the deployment machine, or a release, or the sweep. */
export type DeploymentStart =
  | {
      readonly kind: 'deploy';
      readonly service: string;
      readonly operation: Operation;
      /** Of a operation of the kind `image`. */
      readonly image: ImageReference | undefined;
      readonly trigger: Trigger;
      readonly isForced: boolean;
      readonly release: RecordName | '';
    }
  /** `service` may be `*`. */
  | { readonly kind: 'hold'; readonly service: string; readonly isOn: boolean; readonly trigger: Trigger }
  | { readonly kind: 'cancel'; readonly service: string; readonly trigger: Trigger }
  /** The record of a deployment whose execution is dead. */
  | { readonly kind: 'adopt'; readonly record: RecordName };

/** The start of a release: a push event, or what a person typed. */
export type ReleaseStart =
  | { readonly kind: 'push'; readonly repository: string; readonly tag: string; readonly digest: string; readonly pushedAt: string }
  | {
      readonly kind: 'hand';
      readonly repository: string;
      readonly tag?: string;
      readonly digest?: string;
      readonly force: boolean;
      readonly trigger: Trigger;
    }
  /** An image whose push was not heard of. */
  | { readonly kind: 'reconcile'; readonly repository: string; readonly tag: string; readonly pushedAt: string | undefined }
  | { readonly kind: 'skipped'; readonly repository: string; readonly result: Result };

const text = v.pipe(v.string(), v.nonEmpty());
const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits'));
/** They go into messages, and into the item that decides about the service. */
const words = v.pipe(text, v.maxLength(500, '500 characters at most'));
const byHand = {
  by: v.optional(words),
  reason: v.optional(words),
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: v.optional(text),
};

const yes = v.optional(v.literal(true));
const DeploymentByHand = v.strictObject({
  service: text,
  image: v.optional(text),
  taskDefinition: v.optional(v.pipe(v.string(), v.regex(/^[\w:/.-]+:\d+$/, 'a family and a revision, such as web:41'))),
  rollback: yes,
  redeploy: yes,
  hold: v.optional(v.boolean()),
  cancel: yes,
  release: v.optional(text),
  force: v.optional(v.boolean()),
  ...byHand,
});
const Adoption = v.strictObject({
  adopt: v.pipe(v.string(), v.startsWith('service#')),
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: v.optional(text),
});

/** Exactly one of these says what is to be done. */
export const operations = ['image', 'taskDefinition', 'rollback', 'redeploy', 'hold', 'cancel'] as const;
const ReleaseByHand = v.strictObject({
  repository: text,
  tag: v.optional(text),
  digest: v.optional(digest),
  force: v.optional(v.boolean()),
  ...byHand,
});

const Reconciliation = v.strictObject({
  repository: text,
  tag: text,
  reconcile: v.literal(true),
  pushedAt: v.optional(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'a time such as "2026-11-23T09:00:00Z"'))),
});

const deploymentExample = '{"service": "production/web", "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:v1.4.2"}';
const releaseExample = '{"repository": "my-learn-app", "tag": "v1.4.2"}';

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 120);

const kindOf = (input: unknown): string =>
  Array.isArray(input) ? 'a list' : input === null ? 'null' : typeof input === 'object' ? 'an object' : `a ${typeof input}`;

/** Parses what a person typed; the first mistake is told with an example of what is right. */
const parseStrictly = <Schema extends v.GenericSchema>(schema: Schema, input: unknown, example: string): v.InferOutput<Schema> => {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new RejectedInput(`the input is ${kindOf(input)} (${shown(input)}); expected an object such as ${example}`);
  if (Object.keys(input).length === 0) throw new RejectedInput(`the input is empty; expected an object such as ${example}`);
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = v.getDotPath(issue) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never')
    throw new RejectedInput(
      `the input has the unknown key "${key}" (${shown((input as Record<string, unknown>)[key])}); expected an object such as ${example}`,
    );
  if (issue.received === 'undefined') throw new RejectedInput(`the input has no "${key}"; expected an object such as ${example}`);
  const expected =
    issue.type === 'regex' || issue.type === 'max_length' ? issue.message : issue.type === 'non_empty' ? 'text' : issue.expected;
  throw new RejectedInput(`"${key}" of the input is ${shown(issue.input)}; expected ${expected}, as in ${example}`);
};

const triggerOf = ({ by, reason }: { by?: string | undefined; reason?: string | undefined }): Trigger => ({
  kind: 'hand',
  ...(by !== undefined && { by }),
  ...(reason !== undefined && { reason }),
});

/** @throws RejectedInput for anything but the documented input. */
export const parseDeploymentStart = (input: unknown): DeploymentStart => {
  if (typeof input === 'object' && input !== null && 'adopt' in input)
    return { kind: 'adopt', record: parseStrictly(Adoption, input, deploymentExample).adopt };
  const start = parseStrictly(DeploymentByHand, input, deploymentExample);
  const given = operations.filter((order) => start[order] !== undefined);
  const [order] = given;
  if (given.length === 0)
    throw new RejectedInput(
      `the input has none of ${operations.map((one) => `"${one}"`).join(', ')}; expected one of them, as in ${deploymentExample}`,
    );
  if (given.length > 1)
    throw new RejectedInput(`the input has both "${given[0]}" and "${given[1]}"; expected one of them, as in ${deploymentExample}`);
  const { service } = start;
  const trigger = triggerOf(start);
  if (order === 'hold') return { kind: 'hold', service, isOn: start.hold === true, trigger };
  if (order === 'cancel') return { kind: 'cancel', service, trigger };
  const image = start.image === undefined ? undefined : imageOf(start.image);
  const operation: Operation =
    start.taskDefinition === undefined
      ? { kind: order === 'rollback' || order === 'redeploy' ? order : 'image' }
      : { kind: 'taskDefinition', taskDefinition: start.taskDefinition };
  return { kind: 'deploy', service, operation, image, trigger, isForced: start.force ?? false, release: start.release ?? '' };
};

const imageOf = (text: string): ImageReference => {
  const image = parseImageReference(text);
  if (!image || (image.tag === undefined && image.digest === undefined))
    throw new RejectedInput(
      `"image" of the input is ${shown(text)}; expected an image of Amazon ECR with a tag or a digest, as in ${deploymentExample}`,
    );
  return image;
};

/**
 * Images are looked up in the registry that the execution belongs to. Asked for another account's, it would answer with
 * an image of the same name. @throws RejectedInput
 */
export const refuseForeignImage = ({ registry, repository }: ImageReference, executionArn: string): void => {
  const [, , , region, account] = executionArn.split(':');
  const [, itsAccount, itsRegion] = /^(\d+)\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./.exec(registry) ?? [];
  if (itsAccount === account && itsRegion === region) return;
  throw new RejectedInput(
    `image ${repository} is in account ${itsAccount} and Region ${itsRegion}; expected one in ${account} and ${region}, where its service runs: let ECR replicate it`,
  );
};

/** Unknown members of an event are accepted: AWS adds them. */
const PushEvent = v.object({
  source: v.string(),
  'detail-type': v.string(),
  time: v.pipe(v.string(), v.isoTimestamp()),
  detail: v.object({
    result: v.optional(v.string()),
    'action-type': v.optional(v.string()),
    'repository-name': v.pipe(v.string(), v.nonEmpty()),
    'image-digest': v.optional(v.string()),
    'image-tag': v.optional(v.string()),
  }),
});

const isEvent = (input: unknown): boolean => typeof input === 'object' && input !== null && 'detail-type' in input;

const parseEvent = (input: unknown): ReleaseStart => {
  const result = v.safeParse(PushEvent, input);
  if (!result.success) {
    const [issue] = result.issues;
    const what = `${v.getDotPath(issue) ?? 'text'} is ${shown(issue.input)}`;
    return { kind: 'skipped', repository: '', result: resultOf('SKIPPED', 'INVALID_EVENT', messages.malformedEvent(what)) };
  }
  const { source, 'detail-type': type, time, detail } = result.output;
  const repository = detail['repository-name'];
  const skipped = (result: Result): ReleaseStart => ({ kind: 'skipped', repository, result });
  const notAPush = (what: string, expected: string) => skipped(resultOf('SKIPPED', 'INVALID_EVENT', messages.notAPush(what, expected)));
  if (source !== 'aws.ecr') return notAPush(`source is ${shown(source)}`, 'aws.ecr');
  if (type !== 'ECR Image Action') return notAPush(`detail-type is ${shown(type)}`, 'ECR Image Action');
  if (detail['action-type'] !== 'PUSH') return notAPush(`action-type is ${shown(detail['action-type'])}`, 'PUSH');
  if (detail.result !== 'SUCCESS') return notAPush(`result is ${shown(detail.result)}`, 'SUCCESS');
  // Attestations and the manifests of single platforms are pushed without a tag.
  if (!detail['image-tag']) return skipped(resultOf('SKIPPED', 'NO_TAG', messages.noTag(repository)));
  if (!detail['image-digest']) return notAPush('image-digest is missing', 'a digest');
  return { kind: 'push', repository, tag: detail['image-tag'], digest: detail['image-digest'], pushedAt: time };
};

/** @throws RejectedInput for what a person typed wrongly; events are skipped instead, for nobody typed them. */
export const parseReleaseStart = (input: unknown): ReleaseStart => {
  if (isEvent(input)) return parseEvent(input);
  if (typeof input === 'object' && input !== null && 'reconcile' in input) {
    const { repository, tag, pushedAt } = parseStrictly(Reconciliation, input, releaseExample);
    return { kind: 'reconcile', repository, tag, pushedAt };
  }
  const start = parseStrictly(ReleaseByHand, input, releaseExample);
  if ((start.tag === undefined) === (start.digest === undefined))
    throw new RejectedInput(
      `the input has ${start.tag === undefined ? 'neither "tag" nor "digest"' : 'both "tag" and "digest"'}; expected one of them, as in ${releaseExample}`,
    );
  return {
    kind: 'hand',
    repository: start.repository,
    force: start.force ?? false,
    trigger: triggerOf(start),
    ...(start.tag !== undefined && { tag: start.tag }),
    ...(start.digest !== undefined && { digest: start.digest }),
  };
};
