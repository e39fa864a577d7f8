import * as v from 'valibot';
import { isTag, tagLimit } from '../image/ecr-names.js';
import { executionArn } from '../records/execution-name.js';
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
      /** Past the tag policy, the age of the image, quarantine and approval. */
      readonly force: boolean;
      /** Past windows and freezes. */
      readonly ignoreWindow: boolean;
      /** Past the scan of the image. */
      readonly ignoreScan: boolean;
      readonly trigger: Trigger;
    }
  /** What a release changed, in one stage or in all: of the one whose execution has this name or ARN, by default of the last. */
  | {
      readonly kind: 'rollback';
      readonly repository: string;
      readonly stage?: string;
      readonly release?: string;
      readonly trigger: Trigger;
    }
  /** An image whose push event was missed: found by the reconciler, or by a CI job, whose user is in the trigger. */
  | {
      readonly kind: 'reconcile';
      readonly repository: string;
      readonly tag: string;
      readonly pushedAt: string | undefined;
      readonly trigger: Trigger;
    }
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

/** Names have at most 80 characters, and none that would end or divide an ARN (Step Functions API, StartExecution). */
const isExecution = (given: string): boolean => executionArn.test(given) || /^[^\s:/]{1,80}$/.test(given);

const ByOperator = v.strictObject({
  repository: text,
  tag: v.optional(tagOfImage),
  digest: v.optional(digest),
  force: v.optional(v.boolean()),
  ignoreWindow: v.optional(v.boolean()),
  ignoreScan: v.optional(v.boolean()),
  rollback: v.optional(
    v.pipe(
      v.unknown(),
      v.check((given) => given === true, 'true'),
    ),
  ),
  stage: v.optional(text),
  release: v.optional(v.pipe(text, v.check(isExecution, 'the name of an execution of the release machine, or its ARN'))),
  ...byOperator,
});

const time = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'a time such as "2026-11-23T09:00:00Z"'));
const Reconciliation = v.strictObject({
  repository: text,
  tag: text,
  reconcile: v.literal(true),
  pushedAt: v.optional(time),
  by: byOperator.by,
});

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
const rollbackExample = '{"repository": "my-learn-app", "rollback": true, "stage": "production", "by": "ada", "reason": "wrong prices"}';

/**
 * Parses the input of the release machine. `execution` is the ARN of the execution, from which the names of the other machine and
 * of `control` follow. @throws RejectedInput for an operator's input that is not the documented one
 */
export const parseReleaseInput = (input: unknown, execution: string): ReleaseInput => {
  if (isEvent(input)) return parsePushEvent(input);
  if (typeof input === 'object' && input !== null && 'reconcile' in input) {
    const { repository, tag, pushedAt, by } = parseStrictly(Reconciliation, input, example);
    return { kind: 'reconcile', repository, tag, pushedAt, trigger: { kind: 'reconcile', ...named({ by }) } };
  }
  if (typeof input === 'object' && input !== null && 'until' in input && 'repository' in input)
    return releasedHold(parseStrictly(ReleasedHold, input, example));
  rejectMisdirected(input, 'release', execution);
  const given = parseStrictly(ByOperator, input, isRollback(input) ? rollbackExample : example);
  return given.rollback === undefined ? byHand(given) : rollback(given);
};

const isRollback = (input: unknown): boolean => typeof input === 'object' && input !== null && 'rollback' in input;

type Given = v.InferOutput<typeof ByOperator>;

const byHand = ({
  repository,
  tag,
  digest,
  force = false,
  ignoreWindow = false,
  ignoreScan = false,
  release,
  stage,
  ...operator
}: Given): ReleaseInput => {
  const [ofRollback] = Object.entries({ release, stage }).find(([, value]) => value !== undefined) ?? [];
  if (ofRollback !== undefined)
    throw new RejectedInput(`the input has "${ofRollback}" without "rollback"; expected "rollback": true, as in ${rollbackExample}`);
  if ((tag === undefined) === (digest === undefined)) {
    const given = tag === undefined ? 'neither "tag" nor "digest"' : 'both "tag" and "digest"';
    throw new RejectedInput(`the input has ${given}; expected one of them, as in ${example}`);
  }
  return {
    kind: 'hand',
    repository,
    force,
    ignoreWindow,
    ignoreScan,
    trigger: triggerOf(operator),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
};

const rollback = ({ repository, stage, release, tag, digest, force, ignoreWindow, ignoreScan, ...operator }: Given): ReleaseInput => {
  const [other] = Object.entries({ tag, digest, force, ignoreWindow, ignoreScan }).find(([, value]) => value !== undefined) ?? [];
  if (other !== undefined)
    throw new RejectedInput(
      `the input has both "rollback" and "${other}"; a rollback goes back to what ran before a release, and waits for no gate: expected an object such as ${rollbackExample}`,
    );
  return {
    kind: 'rollback',
    repository,
    trigger: triggerOf(operator),
    ...(stage !== undefined && { stage }),
    ...(release !== undefined && { release }),
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
