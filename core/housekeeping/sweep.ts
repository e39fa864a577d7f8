import * as v from 'valibot';
import { lambdaDrainMs } from '../lease/lease.js';
import { cut } from '../notification/cut.js';
import { executionName } from '../records/execution-name.js';
import { type Parsed, parseDeployment, parseRelease } from '../records/parse-record.js';
import { kindOfRecord, type RecordName } from '../records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../records/records.js';
import { type DeploymentResult, nextStage, releaseResult } from '../release/release-plan.js';
import { rollbackResult, rolledBackResult } from '../release/undo.js';
import * as messages from '../result/messages.js';
import { isSuccessfulOutcome, outcomes, type Result, reasons, resultOf } from '../result/result.js';

/** What Step Functions says of an execution; the status is empty where it has forgotten it. */
export type ExecutionState = {
  readonly isRunning: boolean;
  readonly endedAt: Date | undefined;
  readonly status: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly output?: string | undefined;
};

export type PendingRecord =
  | Parsed<'deployment', DeploymentRecord>
  | Parsed<'release', ReleaseRecord>
  | { readonly kind: 'closed' }
  /** Neither a deployment nor a release. */
  | { readonly kind: 'unreadable'; readonly why: string };

const Item = v.looseObject({ pending: v.optional(v.unknown()) });

/** Parses an item that the index of pending records names. `closed`: the index lags behind, and the item is not pending any more. */
export const parsePendingRecord = (name: RecordName, item: unknown): PendingRecord => {
  const found = v.safeParse(Item, item).output as { pending?: unknown } | undefined;
  if (found?.pending === undefined) return { kind: 'closed' };
  const kind = kindOfRecord(name);
  if (kind === undefined) return { kind: 'unreadable', why: 'neither a deployment nor a release' };
  return kind === 'deployment' ? parseDeployment(item) : parseRelease(item);
};

/** Has the execution ended so long ago that its last Lambda has ended, too? */
export const isOver = ({ isRunning, endedAt }: Pick<ExecutionState, 'isRunning' | 'endedAt'>, now: string): boolean =>
  !isRunning && (endedAt === undefined || Date.parse(now) - endedAt.getTime() >= lambdaDrainMs);

/** Records claimed before this time (ISO 8601) are free again: their sweep has ended without closing them, as its timeout is shorter. */
export const staleClaimCutoff = (now: string): string => new Date(Date.parse(now) - 600_000).toISOString();

const endedAs: Record<string, string> = { ABORTED: 'was aborted', TIMED_OUT: 'timed out', FAILED: 'failed', SUCCEEDED: 'ended' };

/** Why an execution ended, as a clause: `its execution was aborted (ada: wrong image)`. */
export const terminationReason = ({ status, error, cause }: ExecutionState): string => {
  const words = cut([error, cause].filter(Boolean).join(': '), 300);
  return `its execution ${endedAs[status] ?? 'is no longer known to Step Functions'}${words === '' ? '' : ` (${words})`}`;
};

const Answer = v.object({
  outcome: v.picklist(outcomes),
  reason: v.optional(v.picklist(reasons), 'AWS_ERROR'),
  message: v.pipe(v.string(), v.nonEmpty()),
});

const parsed = (output: string | undefined): unknown => {
  try {
    return JSON.parse(output ?? '');
  } catch {
    return undefined;
  }
};

/** The result that an execution reached, in its last state, before its record could be closed; undefined if it did not. */
const resultOfExecution = ({ status, error, cause, output }: ExecutionState): Result | undefined => {
  const found = status === 'SUCCEEDED' ? parsed(output) : { outcome: error, message: cause };
  const answer = v.safeParse(Answer, found);
  return answer.success ? answer.output : undefined;
};

/** The result of a deployment whose execution ended before it requested an update. */
export const resultBeforeUpdate = (execution: ExecutionState): Result => {
  const reached = resultOfExecution(execution);
  if (reached && ['SKIPPED', 'SUPERSEDED', 'FAILED'].includes(reached.outcome)) return reached;
  return resultOf('FAILED', 'ABORTED', messages.endedBeforeUpdate(terminationReason(execution)));
};

/**
 * The result of a deployment whose execution ended after it requested an update, and that no other execution can resume: the one that
 * its last execution reached, if it did.
 */
export const unresumableResult = (execution: ExecutionState): Result =>
  resultOfExecution(execution) ?? resultOf('UNKNOWN', 'ABORTED', messages.notResumable(terminationReason(execution)), 'NOT_RESUMABLE');

/**
 * Executions that resume one deployment. Each that reached a result and could not record it would be followed by another without
 * end: only its last step fails, so it changes nothing that the next one would find.
 */
const resumptionLimit = 4;

/** Have so many executions resumed it that the next one would end the same way? */
export const isResumedTooOften = ({ resumptions: count = 0 }: Pick<DeploymentRecord, 'resumptions'>): boolean => count >= resumptionLimit;

/** Names of the executions that resume a deployment; the next one is started if the one before ends before it has resumed. */
export const resumptions = (name: RecordName, { service, execution }: DeploymentRecord) =>
  [1, 2, 3, 4].map((attempt) => executionName([service.slice(0, 40), 'resumes', String(attempt)], [name, execution, String(attempt)]));

/** `…:execution:slipway-dev-deployment:name` → `…:stateMachine:slipway-dev-deployment` */
export const machineOf = (execution: string): string => execution.replace(':execution:', ':stateMachine:').replace(/:[^:]+$/, '');

/** The deployments of a stage that a release has started. */
export type StageResults = readonly (DeploymentResult & { readonly isOpen: boolean })[];

/**
 * The result of a release whose execution ended without closing it, from the results of the stages that it has started, and of the
 * executions that undo them if one failed; undefined while a deployment is still open.
 */
export const abandonedReleaseResult = (
  release: ReleaseRecord,
  started: readonly StageResults[],
  execution: ExecutionState,
  undone?: StageResults,
): Result | undefined => {
  const all = started.flat();
  if ([...all, ...(undone ?? [])].some(({ isOpen }) => isOpen)) return undefined;
  const recorded = all.filter(({ record }) => record !== undefined);
  const isRollback = release.rollback !== undefined && !undone;
  const result = recorded.length === 0 ? undefined : isRollback ? rollbackResult(recorded) : releaseResult(recorded);
  const reached = resultOfExecution(execution);
  const why = terminationReason(execution);
  const withReason = (one: Result): Result => ({ ...one, message: messages.and(one.message, why) });
  if (undone && result && !reached) return withReason(rolledBackResult(result, undone));
  // A failed execution has its outcome and message alone; the deployments have the reason, too.
  if (reached) return result?.outcome === reached.outcome ? result : reached;
  if (result && !isSuccessfulOutcome(result.outcome)) return withReason(result);
  // All of its deployments have ended: only its own record was left to close.
  const isDone = recorded.length === all.length && nextStage(release, release.stage ?? '', started.at(-1) ?? []) === undefined;
  if (result && isDone) return result;
  const planned = (isRollback ? all : (release.stages ?? []).flatMap(({ deployments }) => deployments)).length;
  const good = recorded.filter(({ record }) => record?.result?.outcome === 'SUCCEEDED').length;
  return resultOf('FAILED', 'ABORTED', planned === 0 ? messages.endedBeforeStart(why) : messages.endedAfter(why, good, planned));
};
