import * as v from 'valibot';
import { lambdaDrainMs } from '../lease/lease.js';
import { executionArn, executionName } from '../records/execution-name.js';
import { kindOfRecord, type RecordName } from '../records/record-name.js';
import { type DeploymentRecord, type ReleaseRecord, schema } from '../records/records.js';
import { type DeploymentResult, nextStage, releaseResult } from '../release/release-plan.js';
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
  | { readonly kind: 'deployment'; readonly record: DeploymentRecord }
  | { readonly kind: 'release'; readonly record: ReleaseRecord }
  | { readonly kind: 'closed' }
  /** Written by another version, or by nobody of ours. */
  | { readonly kind: 'unreadable'; readonly why: string };

const text = v.pipe(v.string(), v.nonEmpty());
const time = v.pipe(v.string(), v.isoTimestamp());
const common = {
  schema: v.literal(schema),
  execution: v.pipe(v.string(), v.regex(executionArn)),
  startedAt: time,
  trigger: v.looseObject({ kind: text }),
  image: v.optional(v.looseObject({ repository: text, digest: text })),
  endedAt: v.optional(time),
  result: v.optional(v.looseObject({ outcome: v.picklist(outcomes), reason: v.picklist(reasons), message: v.string() })),
};
const Deployment = v.looseObject({
  ...common,
  service: text,
  stage: v.string(),
  release: v.optional(text),
  updateRequestedAt: v.optional(v.string()),
});
const Stages = v.array(v.looseObject({ name: text, deployments: v.array(v.looseObject({ service: text, name: text })) }));
const Release = v.looseObject({ ...common, repository: text, stage: v.optional(v.string()), stages: v.optional(Stages) });
const Item = v.looseObject({ pending: v.optional(v.unknown()) });

/** What an item is that the index of open records names. */
export const parsePendingRecord = (name: RecordName, item: unknown): PendingRecord => {
  const found = v.safeParse(Item, item).output as { pending?: unknown } | undefined;
  if (found?.pending === undefined) return { kind: 'closed' };
  const kind = kindOfRecord(name);
  if (kind === undefined) return { kind: 'unreadable', why: 'neither a deployment nor a release' };
  const result = v.safeParse(kind === 'deployment' ? Deployment : Release, item);
  if (result.success) return { kind, record: result.output } as unknown as PendingRecord;
  const [issue] = result.issues;
  return { kind: 'unreadable', why: `${v.getDotPath(issue) ?? 'the item'} is ${issue.received}; expected ${issue.expected ?? issue.type}` };
};

/** Has it ended, so long ago that not even its last Lambda can act any more? */
export const isOver = ({ isRunning, endedAt }: Pick<ExecutionState, 'isRunning' | 'endedAt'>, now: string): boolean =>
  !isRunning && (endedAt === undefined || Date.parse(now) - endedAt.getTime() >= lambdaDrainMs);

/** A record that a sweep took before this, and has not closed, is free again: that sweep died. Longer than its time-out. */
export const staleClaimCutoff = (now: string): string => new Date(Date.parse(now) - 600_000).toISOString();

const ends: Record<string, string> = { ABORTED: 'was aborted', TIMED_OUT: 'timed out', FAILED: 'failed', SUCCEEDED: 'ended' };

/** `its execution was aborted (ada: wrong image)` */
export const terminationReason = ({ status, error, cause }: ExecutionState): string => {
  const words = [error, cause].filter(Boolean).join(': ').slice(0, 300);
  return `its execution ${ends[status] ?? 'is no longer known to Step Functions'}${words === '' ? '' : ` (${words})`}`;
};

const Said = v.object({
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

/** How an execution itself said that it ended: it came to its last state, and only its record could not be closed. */
const resultOfExecution = ({ status, error, cause, output }: ExecutionState): Result | undefined => {
  const found = status === 'SUCCEEDED' ? parsed(output) : { outcome: error, message: cause };
  const said = v.safeParse(Said, found);
  return said.success ? said.output : undefined;
};

/** The end of a deployment that died before it touched its service. */
export const resultBeforeUpdate = (execution: ExecutionState): Result => {
  const said = resultOfExecution(execution);
  if (said && ['SKIPPED', 'SUPERSEDED', 'FAILED'].includes(said.outcome)) return said;
  return resultOf('FAILED', 'ABORTED', messages.endedBeforeUpdate(terminationReason(execution)));
};

/** The end of a deployment that touched its service, and that nobody could be made to go on with. */
export const unresumableResult = (execution: ExecutionState): Result =>
  resultOf('UNKNOWN', 'ABORTED', messages.notResumable(terminationReason(execution)), 'NOT_RESUMABLE');

/** The executions that are to go on with a deployment, one after another where each of them dies before it has begun. */
export const resumptions = (name: RecordName, { service, execution }: DeploymentRecord) =>
  [1, 2, 3, 4].map((attempt) => executionName([service.slice(0, 40), 'resumes', String(attempt)], [name, execution, String(attempt)]));

/** `…:execution:slipway-dev-deployment:name` → the machine that it is an execution of. */
export const machineOf = (execution: string): string => execution.replace(':execution:', ':stateMachine:').replace(/:[^:]+$/, '');

/** The deployments of one stage that a release has reached. */
export type StageResults = readonly (DeploymentResult & { readonly isOpen: boolean })[];

/** The end of a release that died, from how its deployments ended; undefined while one of them has not. */
export const abandonedReleaseResult = (
  release: ReleaseRecord,
  reached: readonly StageResults[],
  execution: ExecutionState,
): Result | undefined => {
  const all = reached.flat();
  if (all.some(({ isOpen }) => isOpen)) return undefined;
  const recorded = all.filter(({ record }) => record !== undefined);
  const result = recorded.length > 0 ? releaseResult(recorded) : undefined;
  const said = resultOfExecution(execution);
  // A failed execution says its outcome only; its deployments say the reason, too.
  if (said) return result?.outcome === said.outcome ? result : said;
  if (result && !isSuccessfulOutcome(result.outcome)) return result;
  // It had nothing left to do but to say so.
  const isDone = recorded.length === all.length && nextStage(release, release.stage ?? '', reached.at(-1) ?? []) === undefined;
  if (result && isDone) return result;
  const planned = (release.stages ?? []).flatMap(({ deployments }) => deployments).length;
  const good = recorded.filter(({ record }) => record?.result?.outcome === 'SUCCEEDED').length;
  const why = terminationReason(execution);
  return resultOf('FAILED', 'ABORTED', planned === 0 ? messages.endedBeforeStart(why) : messages.endedAfter(why, good, planned));
};
