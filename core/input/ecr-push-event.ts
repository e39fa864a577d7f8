import * as v from 'valibot';
import * as messages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';
import { shown } from './strict-input.js';

export type Push = {
  readonly kind: 'push';
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly pushedAt: string;
};

/** An event that starts no release. */
export type SkippedEvent = { readonly kind: 'skipped'; readonly repository: string; readonly result: Result };

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

export const isEvent = (input: unknown): boolean => typeof input === 'object' && input !== null && 'detail-type' in input;

/**
 * Parses an event of EventBridge (ECR User Guide, "Amazon ECR events and EventBridge"). Any other event is skipped, not rejected:
 * no operator typed it.
 */
export const parsePushEvent = (input: unknown): Push | SkippedEvent => {
  const parsed = v.safeParse(PushEvent, input);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const what = `${v.getDotPath(issue) ?? 'text'} is ${shown(issue.input)}`;
    return { kind: 'skipped', repository: '', result: resultOf('SKIPPED', 'INVALID_EVENT', messages.malformedEvent(what)) };
  }
  const { source, 'detail-type': type, time, detail } = parsed.output;
  const repository = detail['repository-name'];
  const skipped = (result: Result): SkippedEvent => ({ kind: 'skipped', repository, result });
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
