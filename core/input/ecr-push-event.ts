import * as v from 'valibot';
import type { Trigger } from '../records/records.js';
import * as messages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';
import { shown } from './strict-input.js';

/** An image that arrived in a repository; `trigger` says how. `pushedAt` is when it arrived. ISO 8601. */
export type Push = {
  readonly kind: 'push';
  readonly trigger: Pick<Trigger, 'kind'>;
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
    'sync-status': v.optional(v.string()),
    'repository-name': v.pipe(v.string(), v.nonEmpty()),
    'image-digest': v.optional(v.string()),
    'image-tag': v.optional(v.string()),
  }),
});

type Arrival = {
  readonly kind: Trigger['kind'];
  /** What the event's detail has if an image arrived. */
  readonly expected: Readonly<Partial<Record<'result' | 'action-type' | 'sync-status', string>>>;
};

/** By detail-type (ECR User Guide, "Amazon ECR events and EventBridge"). */
const arrivals: Readonly<Record<string, Arrival>> = {
  'ECR Image Action': { kind: 'push', expected: { 'action-type': 'PUSH', result: 'SUCCESS' } },
  'ECR Replication Action': { kind: 'replication', expected: { 'action-type': 'REPLICATE', result: 'SUCCESS' } },
  'ECR Pull Through Cache Action': { kind: 'pullThroughCache', expected: { 'sync-status': 'SUCCESS' } },
};

export const isEvent = (input: unknown): boolean => typeof input === 'object' && input !== null && 'detail-type' in input;

/**
 * Parses an event of EventBridge. Any that is not the arrival of an image is skipped, not rejected: no operator typed it.
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
  const arrival = Object.hasOwn(arrivals, type) ? arrivals[type] : undefined;
  if (!arrival) return notAPush(`detail-type is ${shown(type)}`, Object.keys(arrivals).join(', '));
  for (const [member, expected] of Object.entries(arrival.expected)) {
    const value = detail[member as keyof Arrival['expected']];
    if (value !== expected) return notAPush(`${member} is ${shown(value)}`, expected);
  }
  // Attestations and the manifests of single platforms are pushed without a tag.
  if (!detail['image-tag']) return skipped(resultOf('SKIPPED', 'NO_TAG', messages.noTag(repository)));
  if (!detail['image-digest']) return notAPush('image-digest is missing', 'a digest');
  const { kind } = arrival;
  return { kind: 'push', trigger: { kind }, repository, tag: detail['image-tag'], digest: detail['image-digest'], pushedAt: time };
};
