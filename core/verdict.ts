import { cancelledBy } from './cancelled.js';
import { type Evidence, failureLimit } from './evidence.js';
import type { Cause, Ending } from './outcome.js';
import type { ServiceState } from './records.js';

/** The statuses of a service deployment, AWS's own (ECS API, ServiceDeploymentStatus). */
export type RolloutStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED'
  | 'SUCCESSFUL';

/** A service deployment, as far as a verdict needs it. */
export type Rollout = {
  readonly arn: string;
  /** A status that this version does not know is waited for. */
  readonly status: RolloutStatus | (string & {});
  readonly statusReason: string;
  /** Task definition of the service revision that it rolls out, and that revision's own ARN. */
  readonly target: string;
  readonly targetRevision: string;
  /** Where ECS takes the service back by itself, once it does: the same two, and digests as below. */
  readonly rollback?: { readonly taskDefinition: string; readonly revision: string; readonly digests?: readonly string[] };
  /** Task definitions that the service ran when it began: what it replaced. Absent where that was not read. */
  readonly replaced?: readonly string[];
  /** Resolved digests of our containers in that revision; empty where ECS does not tell. */
  readonly digests: readonly string[];
  readonly isBreakerTriggered: boolean;
  readonly triggeredAlarms: readonly string[];
  /** Alarms that were to guard it and do not: ECS ignores them where one is in ALARM when the rollout begins. */
  readonly ignoredAlarms: readonly string[];
  /** ISO 8601; empty while it is under way. */
  readonly finishedAt: string;
};

/** The service, as far as a verdict needs it. */
export type ServiceView = {
  readonly status: string;
  /** Task definition of its newest deployment. */
  readonly taskDefinition: string;
  readonly desiredCount: number;
  /** Tasks of its newest deployment that run. */
  readonly runningCount?: number;
  /** Does it call a rollout done before all its tasks run (earlySuccessCriteria)? */
  readonly isDoneEarly?: boolean;
};

/** One look at everything. */
export type Look = {
  /** Undefined when it does not exist any more. */
  readonly service: ServiceView | undefined;
  /** The service deployment that is watched: ours, or the one of our way back. Undefined when ECS does not show it. */
  readonly rollout: Rollout | undefined;
  /** ARN of the service revision that the newest service deployment rolls out; looked for once the watched one has failed. */
  readonly newestRevision?: string | undefined;
  /** The rollout ended so short a time ago that reads need not show yet what came after it. */
  readonly isFresh?: boolean;
  /** Looks in a row that did not find it, this one included. */
  readonly misses: number;
  readonly evidence: Evidence;
  /** Default by the desired count. */
  readonly maxFailedTasks?: number | undefined;
  /** Has it waited for a place for its tasks for longer than it may? */
  readonly isUnplaced?: boolean;
  readonly isOverdue: boolean;
  /** A person's word to take the service back. */
  readonly cancel?: Pick<NonNullable<ServiceState['cancel']>, 'by' | 'reason'> | undefined;
  /** ARNs of our revision, of the one that ran before, and of the one that last was good. */
  readonly revision: string;
  readonly base: string;
  readonly lastGood?: string | undefined;
  /** Is the image of the revision that the service is on quarantined, while that of the last good one is not? */
  readonly isOnQuarantined?: boolean;
  /** Where the way back leads, if not to the base. */
  readonly wayTo?: string | undefined;
  /** Digests that prove our image: its own and its members'. */
  readonly digests: readonly string[];
};

export type Verdict =
  | { readonly next: 'wait' | 'update' }
  /** Back to the base, or to another revision. */
  | { readonly next: 'rollBack'; readonly ending: Ending; readonly to?: string }
  | { readonly next: 'end'; readonly ending: Ending };

/** Why a rollout is given up, for programs and for people. */
export type Reason = { readonly cause: Cause; readonly sentence: string };

/** Reads are eventually consistent: what is not found is believed gone at the third look. */
export const missesBelieved = 3;

export const wait: Verdict = { next: 'wait' };
export const end = (outcome: Ending['outcome'], cause: Cause | '', sentence: string): Verdict => ({
  next: 'end',
  ending: { outcome, cause, sentence },
});
export const rollBack = ({ cause, sentence }: Reason, to?: string): Verdict => ({
  next: 'rollBack',
  ending: { outcome: 'UNKNOWN', cause, sentence },
  ...(to !== undefined && { to }),
});

export const isGone = (service: Pick<ServiceView, 'status'> | undefined): boolean => service === undefined || service.status !== 'ACTIVE';

export const gone = end('SUPERSEDED', 'DELETED', 'the service was deleted while the deployment ran');

export const revisionName = (revision: string): string => revision.slice(revision.lastIndexOf('/') + 1);

export const currentOf = ({ service }: Pick<Look, 'service'>): string => service?.taskDefinition ?? '';

/**
 * Has something newer taken the service over? Whoever updates a service makes a new service revision, also of a task
 * definition that it had before; ECS's own way back is to the revision that its service deployment names.
 */
export const isReplaced = (look: Pick<Look, 'rollout' | 'service' | 'newestRevision' | 'revision' | 'base'>): boolean => {
  const { rollout, newestRevision, revision, base } = look;
  if (!rollout) return false;
  const { status, target, targetRevision, rollback } = rollout;
  const isBack = status === 'ROLLBACK_SUCCESSFUL' || status === 'ROLLBACK_FAILED';
  if (newestRevision && rollback && ![targetRevision, rollback.revision].includes(newestRevision)) return true;
  if (newestRevision && !isBack && newestRevision !== targetRevision) return true;
  return ![revision, target, ...(isBack ? [rollback?.taskDefinition ?? base] : [])].includes(currentOf(look));
};

const tasks = (count: number): string => `${count} task${count === 1 ? '' : 's'}`;

const failuresIn = ({ failedTasks, groups: [group] }: Evidence): string =>
  `${tasks(failedTasks)} failed${group ? `: ${group.count} × ${group.what}` : ", by ECS's own count"}`;

/** What the evidence says in a sentence, or what ECS says where there is none. */
const why = ({ evidence, rollout }: Look): Reason => {
  const { triggeredAlarms = [], statusReason = '', isBreakerTriggered = false } = rollout ?? {};
  if (triggeredAlarms.length > 0) return { cause: 'ALARM', sentence: `alarm ${triggeredAlarms.join(', ')} fired` };
  if (!isBreakerTriggered && /\buser\b/i.test(statusReason))
    return { cause: 'CANCELLED', sentence: `somebody stopped it in ECS: ${statusReason}` };
  if (evidence.cause) return { cause: evidence.cause, sentence: failuresIn(evidence) };
  if (evidence.unplaced) return { cause: 'PLACEMENT', sentence: evidence.unplaced.reason };
  return { cause: 'CIRCUIT_BREAKER', sentence: statusReason || 'ECS gave the rollout up without a reason' };
};

const earlyFailure = (look: Look): Verdict | undefined => {
  const { evidence, service, isOverdue, isUnplaced } = look;
  const limit = look.maxFailedTasks ?? failureLimit(service?.desiredCount ?? 0);
  const neverHeals = (evidence.hopeless ?? 0) >= 2;
  if (neverHeals || evidence.failedTasks >= limit)
    return rollBack({
      cause: evidence.cause || 'CRASHED',
      sentence: `${failuresIn(evidence)}${neverHeals ? '; that does not heal by itself' : ''}`,
    });
  const { unplaced } = evidence;
  if (unplaced && isUnplaced)
    return rollBack({ cause: 'PLACEMENT', sentence: `tasks found no place for longer than placementTimeout: ${unplaced.reason}` });
  if (!isOverdue) return undefined;
  const reason = evidence.cause || unplaced ? `; ${why(look).sentence}` : '';
  return rollBack({ cause: 'TIMED_OUT', sentence: `the rollout was not over at the service's timeout${reason}` });
};

/** UpdateService is not conditional: what came between the look before it and the call was undone, and is named. */
const undone = ({ rollout, revision, base }: Look): string[] => {
  const others = [...new Set(rollout?.replaced ?? [])].filter((one) => one !== base && one !== revision && one !== rollout?.target);
  return others.length > 0
    ? [`it replaced ${others.map(revisionName).join(', ')}, which somebody else had just deployed: deploy that again`]
    : [];
};

const ran = (look: Look): string => {
  const { service, rollout, revision, base } = look;
  const { desiredCount = 0, runningCount = desiredCount, isDoneEarly = false, taskDefinition = '' } = service ?? {};
  if (desiredCount === 0) return ['nothing is running: desired count is 0', ...undone(look)].join('; ');
  const starting = isDoneEarly ? Math.max(0, desiredCount - runningCount) : 0;
  const ignored = rollout?.ignoredAlarms ?? [];
  return [
    `${desiredCount - starting} of ${desiredCount} tasks run it`,
    ...(starting > 0 ? [`${tasks(starting)} still starting when the service's early success criteria were met`] : []),
    ...(ignored.length > 0
      ? [`alarm ${ignored.join(', ')} did not guard it: ECS ignores alarms where one is in ALARM as a rollout begins`]
      : []),
    ...undone(look),
    ...([revision, base].includes(taskDefinition)
      ? []
      : [`since then a newer deployment has taken the service to ${revisionName(taskDefinition)}`]),
  ].join('; ');
};

const proved = (look: Look): Verdict => {
  const { rollout, revision, digests } = look;
  const target = rollout?.target ?? '';
  const amiss = (sentence: string): Verdict => rollBack({ cause: 'AWS_ERROR', sentence });
  if (target !== revision) return amiss(`ECS rolled out ${revisionName(target)} where ${revisionName(revision)} was asked for`);
  const foreign = digests.length > 0 && rollout?.digests.find((digest) => !digests.includes(digest));
  if (foreign) return amiss(`the tasks run ${foreign}, which is neither the image's digest nor one of its platforms'`);
  return end('SUCCEEDED', '', ran(look));
};

/** A verdict on our own rollout, by its status. Every transition of the ECS documentation has its place. */
const forward: Record<RolloutStatus, (look: Look) => Verdict> = {
  PENDING: (look) => earlyFailure(look) ?? wait,
  IN_PROGRESS: (look) => earlyFailure(look) ?? wait,
  STOP_REQUESTED: (look) => (look.isOverdue ? stopped(look) : wait),
  STOPPED: (look) => stopped(look),
  ROLLBACK_REQUESTED: (look) => (look.isOverdue ? rollBack(why(look)) : wait),
  // At the timeout it has the deadline of a way back: it may have begun shortly before.
  ROLLBACK_IN_PROGRESS: (look) => (look.isOverdue ? rollBack(why(look)) : wait),
  ROLLBACK_SUCCESSFUL: (look) => takenBack(look, why(look)),
  ROLLBACK_FAILED: (look) => notTakenBack(look, why(look)),
  SUCCESSFUL: proved,
};

/** Superseded only if something else is newer; else ECS gave up and left the service on our revision. */
const stopped = (look: Look): Verdict => {
  if (isReplaced(look)) return end('SUPERSEDED', '', `a newer deployment took the service to ${revisionName(currentOf(look))}`);
  const { isBreakerTriggered, triggeredAlarms } = look.rollout ?? { isBreakerTriggered: false, triggeredAlarms: [] };
  const isExplained = isBreakerTriggered || triggeredAlarms.length > 0;
  return look.isFresh && !isExplained && !look.isOverdue ? wait : rollBack(why(look));
};

const replaced = (look: Look, { cause, sentence }: Reason): Verdict =>
  end('SUPERSEDED', cause, `${sentence}; then a newer deployment took the service to ${revisionName(currentOf(look))}`);

/** ECS says that it took the service back: believed when the service is on another revision than ours, and told where. */
export const takenBack = (look: Look, reason: Reason): Verdict => {
  const { cause, sentence } = reason;
  const { revision, base, lastGood, isOverdue, isOnQuarantined = false } = look;
  const current = currentOf(look);
  if (current === revision && !isReplaced(look))
    return isOverdue
      ? end('ROLLBACK_FAILED', cause, `${sentence}; ECS reports that it took the service back, and it is still on ${revisionName(current)}`)
      : wait;
  if (isReplaced(look)) return replaced(look, reason);
  // ECS goes back to what it completed last, and that may be what has failed here before.
  if (isOnQuarantined && lastGood !== undefined && current !== lastGood && !isOverdue) return rollBack(reason, lastGood);
  const other = `${revisionName(current)}${current === lastGood ? ', the last good one' : ''}, not on ${revisionName(base)} which ran before`;
  const where = `the service is back on ${current === base ? revisionName(base) : other}`;
  return end('ROLLED_BACK', cause, [sentence, where, ...undone(look)].join('; '));
};

/** ECS says that its rollback failed, which it says too where somebody's update put an end to it. */
export const notTakenBack = (look: Look, reason: Reason): Verdict => {
  if (isReplaced(look)) return replaced(look, reason);
  if (look.isFresh && !look.isOverdue) return wait;
  return end(
    'ROLLBACK_FAILED',
    reason.cause,
    `${reason.sentence}; ECS's own rollback failed: ${look.rollout?.statusReason || 'no reason given'}`,
  );
};

const cancelled = (cancel: NonNullable<Look['cancel']>): Reason => ({ cause: 'CANCELLED', sentence: cancelledBy(cancel) });

const isKnown = (status: string): status is RolloutStatus => Object.hasOwn(forward, status);

/** ECS is not taking it back already, and nobody has replaced it. */
const canBeCancelled = ({ rollout, service, revision, base }: Look): boolean =>
  rollout ? !/^(?:STOP|ROLLBACK)/.test(rollout.status) : [revision, base].includes(service?.taskDefinition ?? '');

/** A verdict on the deployment as a whole, while nothing has been taken back. */
export const verdictForward = (look: Look): Verdict => {
  const { service, rollout, misses, cancel, revision, base, isOverdue } = look;
  if (isGone(service)) return gone;
  if (cancel && canBeCancelled(look)) return rollBack(cancelled(cancel));
  if (rollout) return forward[isKnown(rollout.status) ? rollout.status : 'IN_PROGRESS'](look);
  if (misses < missesBelieved) return wait;
  const current = currentOf(look);
  if (current === revision)
    return isOverdue ? rollBack({ cause: 'TIMED_OUT', sentence: 'ECS never showed the service deployment that was asked for' }) : wait;
  if (current !== base) return end('SUPERSEDED', '', `a newer deployment took the service to ${revisionName(current)}`);
  // An update of which nothing is seen by now never arrived.
  return isOverdue ? end('FAILED', 'TIMED_OUT', 'the update never reached ECS; the service was not changed') : { next: 'update' };
};
