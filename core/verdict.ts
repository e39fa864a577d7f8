import { type Evidence, failureLimit } from './evidence.js';
import type { Cause, Ending } from './outcome.js';
import type { WayBack } from './records.js';

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
  /** Task definition of the revision that it rolls out. */
  readonly target: string;
  /** Resolved digests of our containers in that revision; empty where ECS does not tell. */
  readonly digests: readonly string[];
  readonly isBreakerTriggered: boolean;
  readonly triggeredAlarms: readonly string[];
};

/** The service, as far as a verdict needs it. */
export type ServiceView = {
  readonly status: string;
  /** Task definition of its newest deployment. */
  readonly taskDefinition: string;
  readonly desiredCount: number;
};

/** One look at everything. */
export type Look = {
  /** Undefined when it does not exist any more. */
  readonly service: ServiceView | undefined;
  /** The service deployment that is watched: ours, or the one of our way back. Undefined when ECS does not show it. */
  readonly rollout: Rollout | undefined;
  /** Looks in a row that did not find it, this one included. */
  readonly misses: number;
  readonly evidence: Evidence;
  readonly isOverdue: boolean;
  /** ARNs of our revision and of the one that ran before. */
  readonly revision: string;
  readonly base: string;
  /** Digests that prove our image: its own and its members'. */
  readonly digests: readonly string[];
};

export type Verdict = { readonly next: 'wait' | 'update' } | { readonly next: 'rollBack' | 'end'; readonly ending: Ending };

/** Reads are eventually consistent: what is not found is believed gone at the third look. */
export const missesBelieved = 3;

const wait: Verdict = { next: 'wait' };
const end = (outcome: Ending['outcome'], cause: Cause | '', sentence: string): Verdict => ({
  next: 'end',
  ending: { outcome, cause, sentence },
});
const rollBack = (cause: Cause, sentence: string): Verdict => ({ next: 'rollBack', ending: { outcome: 'UNKNOWN', cause, sentence } });

const isGone = (service: ServiceView | undefined): boolean => service === undefined || service.status !== 'ACTIVE';

const gone = end('SUPERSEDED', 'DELETED', 'the service was deleted while the deployment ran');

const nameOf = (revision: string): string => revision.slice(revision.lastIndexOf('/') + 1);

/** What the evidence says in a sentence, or what ECS says where there is none. */
const why = ({ evidence, rollout }: Look): { readonly cause: Cause; readonly sentence: string } => {
  const [group] = evidence.groups;
  if (rollout && rollout.triggeredAlarms.length > 0)
    return { cause: 'ALARM', sentence: `alarm ${rollout.triggeredAlarms.join(', ')} fired` };
  if (group && evidence.cause)
    return { cause: evidence.cause, sentence: `${evidence.failedTasks} tasks failed: ${group.count} × ${group.what}` };
  return { cause: 'CIRCUIT_BREAKER', sentence: rollout?.statusReason || 'ECS gave the rollout up without a reason' };
};

const earlyFailure = (look: Look): Verdict | undefined => {
  const { evidence, service, isOverdue } = look;
  if (evidence.failedTasks >= failureLimit(service?.desiredCount ?? 0)) {
    const { cause, sentence } = why(look);
    return rollBack(cause, sentence);
  }
  // Nothing about an image that is not there heals by itself.
  if (evidence.cause === 'CANNOT_PULL' && evidence.failedTasks >= 2) return rollBack('CANNOT_PULL', why(look).sentence);
  if (isOverdue) {
    const reason = evidence.groups[0] ? `; ${why(look).sentence}` : '';
    return rollBack('TIMED_OUT', `the rollout was not over at the service's timeout${reason}`);
  }
  return undefined;
};

const proved = ({ rollout, revision, digests, service }: Look): Verdict => {
  const target = rollout?.target ?? '';
  if (target !== revision) return rollBack('AWS_ERROR', `ECS rolled out ${nameOf(target)} where ${nameOf(revision)} was asked for`);
  const foreign = rollout?.digests.find((digest) => !digests.includes(digest));
  if (foreign !== undefined)
    return rollBack('AWS_ERROR', `the tasks run ${foreign}, which is neither the image's digest nor one of its platforms'`);
  const count = service?.desiredCount ?? 0;
  return end('SUCCEEDED', '', count === 0 ? 'nothing is running: desired count is 0' : `${count} of ${count} tasks run it`);
};

/** A verdict on our own rollout, by its status. Every transition of the ECS documentation has its place. */
const forward: Record<RolloutStatus, (look: Look) => Verdict> = {
  PENDING: (look) => earlyFailure(look) ?? wait,
  IN_PROGRESS: (look) => earlyFailure(look) ?? wait,
  STOP_REQUESTED: (look) => (look.isOverdue ? stopped(look) : wait),
  STOPPED: (look) => stopped(look),
  ROLLBACK_REQUESTED: (look) => (look.isOverdue ? goingBack(look) : wait),
  ROLLBACK_IN_PROGRESS: (look) => (look.isOverdue ? goingBack(look) : wait),
  ROLLBACK_SUCCESSFUL: (look) => takenBack(look, why(look)),
  ROLLBACK_FAILED: (look) => {
    const { cause, sentence } = why(look);
    return end('ROLLBACK_FAILED', cause, `${sentence}; ECS's own rollback failed: ${look.rollout?.statusReason || 'no reason given'}`);
  },
  SUCCESSFUL: proved,
};

/** STOPPED means superseded only if something else is newer; else ECS gave up and left the service on our revision. */
const stopped = (look: Look): Verdict => {
  const current = look.service?.taskDefinition ?? '';
  if (current !== look.revision) return end('SUPERSEDED', '', `a newer deployment took the service to ${nameOf(current)}`);
  const { cause, sentence } = why(look);
  return rollBack(cause, sentence);
};

/** ECS began its rollback shortly before the timeout: from here on it has the deadline of a way back. */
const goingBack = (look: Look): Verdict => {
  const { cause, sentence } = why(look);
  return rollBack(cause, sentence);
};

/** The rollback is believed when the service says that it is on another revision than ours. */
const takenBack = (look: Look, { cause, sentence }: { cause: Cause; sentence: string }): Verdict => {
  const current = look.service?.taskDefinition ?? '';
  if (current === look.revision)
    return look.isOverdue
      ? end('ROLLBACK_FAILED', cause, `${sentence}; ECS reports that it took the service back, and it is still on ${nameOf(current)}`)
      : wait;
  const where = current === look.base ? nameOf(current) : `${nameOf(current)}, not on ${nameOf(look.base)} which ran before`;
  return end('ROLLED_BACK', cause, `${sentence}; the service is back on ${where}`);
};

const backOn = ({ base }: Look, { cause, sentence }: { cause: Cause; sentence: string }): Verdict =>
  end('ROLLED_BACK', cause, `${sentence}; the service is back on ${nameOf(base)}`);

const isKnown = (status: string): status is RolloutStatus => Object.hasOwn(forward, status);

/** A verdict on the deployment as a whole, while nothing has been taken back. */
export const verdictForward = (look: Look): Verdict => {
  if (isGone(look.service)) return gone;
  if (look.rollout) return forward[isKnown(look.rollout.status) ? look.rollout.status : 'IN_PROGRESS'](look);
  if (look.misses < missesBelieved) return wait;
  const current = look.service?.taskDefinition ?? '';
  if (current === look.revision)
    return look.isOverdue ? rollBack('TIMED_OUT', 'ECS never showed the service deployment that was asked for') : wait;
  if (current !== look.base) return end('SUPERSEDED', '', `a newer deployment took the service to ${nameOf(current)}`);
  // An update of which nothing is seen by now never arrived.
  return look.isOverdue ? end('FAILED', 'TIMED_OUT', 'the update never reached ECS; the service was not changed') : { next: 'update' };
};

/** A verdict on the way back, which has a deadline of its own. */
export const verdictBack = (look: Look, back: WayBack): Verdict => {
  const { cause, sentence } = back;
  if (isGone(look.service)) return gone;
  const current = look.service?.taskDefinition ?? '';
  const failed = (what: string): Verdict => end('ROLLBACK_FAILED', cause, `${sentence}; ${what}`);
  const overdue = (): Verdict => (look.isOverdue ? failed("the rollback was not over at the service's timeout") : wait);

  if (!look.rollout) {
    if (look.misses < missesBelieved) return wait;
    if (current !== look.revision && current !== look.base)
      return end('SUPERSEDED', cause, `${sentence}; then a newer deployment took the service to ${nameOf(current)}`);
    if (back.by === 'nothing')
      return current === look.base ? end('FAILED', cause, `${sentence}; the service was not changed`) : rollBack(cause, sentence);
    if (back.by === 'stop' && current === look.base) return backOn(look, back);
    return overdue();
  }

  switch (look.rollout.status) {
    case 'ROLLBACK_SUCCESSFUL':
      if (back.by !== 'update') return takenBack(look, back);
      return failed(`ECS took the way back to ${nameOf(look.base)} back itself: ${look.rollout.statusReason || 'no reason given'}`);
    case 'ROLLBACK_FAILED':
      return failed(look.rollout.statusReason || 'ECS gave no reason');
    case 'SUCCESSFUL':
      if (back.by === 'update') return takenBack(look, back);
      // Our stop came too late: the rollout had just finished.
      return rollBack(cause, sentence);
    case 'STOPPED':
      if (current === look.base && back.by !== 'update') return backOn(look, back);
      if (current === look.revision && back.by !== 'update') return rollBack(cause, sentence);
      if (current === look.base || current === look.revision)
        return failed(look.rollout.statusReason || 'ECS stopped the way back without a reason');
      return end('SUPERSEDED', cause, `${sentence}; then a newer deployment took the service to ${nameOf(current)}`);
    default:
      // It landed after all, though there was nothing to take back when RollBack looked.
      return back.by === 'nothing' ? rollBack(cause, sentence) : overdue();
  }
};

/** How a service is taken back, by what is to be seen of it. */
export type BackBy = WayBack['by'] | 'superseded';

/**
 * The call that takes the service back. Stopping names our own service deployment and is safe; an update is not
 * conditional, so it is made only where the service is still on our revision.
 */
export const wayBack = ({ rollout, service, revision }: Pick<Look, 'rollout' | 'service' | 'revision'>): BackBy => {
  const isOurs = service?.taskDefinition === revision;
  switch (rollout?.status) {
    case undefined:
      return isOurs ? 'update' : 'nothing';
    case 'PENDING':
    case 'IN_PROGRESS':
      return 'stop';
    case 'STOPPED':
    case 'SUCCESSFUL':
      return isOurs ? 'update' : 'superseded';
    default:
      // STOP_REQUESTED and the rollback's own statuses: ECS is at it, and a second one would only disturb it.
      return 'stop';
  }
};
