import * as v from 'valibot';
import { isTag, tagLimit } from '../image/ecr-names.js';
import type { Trigger } from '../records/records.js';
import { RejectedInput } from '../result/rejected-input.js';
import { isEvent, type Push, parsePushEvent, type SkippedEvent } from './ecr-push-event.js';
import { rejectMisdirected } from './misdirected-input.js';
import { byOperator, named, parseStrictly, text, triggerOf } from './strict-input.js';

/** The input of the release machine: a push event, or the input of an operator or the reconciler. */
export type ReleaseInput =
  | Push
  | {
      readonly kind: 'hand';
      readonly repository: string;
      readonly tag?: string;
      readonly digest?: string;
      readonly force: boolean;
      readonly trigger: Trigger;
    }
  /** An image whose push event was missed. */
  | { readonly kind: 'reconcile'; readonly repository: string; readonly tag: string; readonly pushedAt: string | undefined }
  /** An image that a hold kept back, which has been released. */
  | {
      readonly kind: 'releasedHold';
      readonly repository: string;
      readonly tag?: string;
      readonly digest: string;
      readonly pushedAt: string;
      readonly trigger: Trigger;
    }
  | SkippedEvent;

const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits'));
const tagOfImage = v.pipe(text, v.check(isTag, `a tag of ECR: at most ${tagLimit} letters, digits, ".", "_" and "-"`));

const ByOperator = v.strictObject({
  repository: text,
  tag: v.optional(tagOfImage),
  digest: v.optional(digest),
  force: v.optional(v.boolean()),
  ...byOperator,
});

const time = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'a time such as "2026-11-23T09:00:00Z"'));
const Reconciliation = v.strictObject({ repository: text, tag: text, reconcile: v.literal(true), pushedAt: v.optional(time) });

const ReleasedHold = v.strictObject({
  repository: text,
  tag: v.optional(text),
  digest,
  pushedAt: time,
  hold: v.strictObject({ at: time, until: v.optional(time), by: byOperator.by, reason: byOperator.reason }),
  until: time,
  ...byOperator,
});

const example = '{"repository": "my-learn-app", "tag": "v1.4.2"}';

/**
 * Parses the input of the release machine. `execution` is the ARN of the execution, from which the names of the other machine and
 * of `control` follow. @throws RejectedInput for an operator's input that is not the documented one
 */
export const parseReleaseInput = (input: unknown, execution: string): ReleaseInput => {
  if (isEvent(input)) return parsePushEvent(input);
  if (typeof input === 'object' && input !== null && 'reconcile' in input) {
    const { repository, tag, pushedAt } = parseStrictly(Reconciliation, input, example);
    return { kind: 'reconcile', repository, tag, pushedAt };
  }
  if (typeof input === 'object' && input !== null && 'until' in input && 'repository' in input)
    return releasedHold(parseStrictly(ReleasedHold, input, example));
  rejectMisdirected(input, 'release', execution);
  const { repository, tag, digest, force = false, ...operator } = parseStrictly(ByOperator, input, example);
  if ((tag === undefined) === (digest === undefined)) {
    const given = tag === undefined ? 'neither "tag" nor "digest"' : 'both "tag" and "digest"';
    throw new RejectedInput(`the input has ${given}; expected one of them, as in ${example}`);
  }
  return {
    kind: 'hand',
    repository,
    force,
    trigger: triggerOf(operator),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
};

const releasedHold = ({
  repository,
  tag,
  digest,
  pushedAt,
  hold,
  until,
  ...operator
}: v.InferOutput<typeof ReleasedHold>): ReleaseInput => ({
  kind: 'releasedHold',
  repository,
  digest,
  pushedAt,
  ...(tag !== undefined && { tag }),
  trigger: { ...triggerOf(operator), kind: 'releasedHold', hold: { at: hold.at, ...named(hold) }, until },
});
