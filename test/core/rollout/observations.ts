import fc from 'fast-check';
import type { Rollback } from '../../../core/records/records.js';
import { reasonsByOutcome } from '../../../core/result/result.js';
import type { Hook, Observation, Rollout, RolloutStatus } from '../../../core/rollout/observation.js';
import type { RolloutDecision } from '../../../core/rollout/rollout-decision.js';
import { digest, later, noEvidence, otherDigest, revisionArn, startedAt } from '../given.js';

export const ours = revisionArn(8);
export const previous = revisionArn(7);
export const other = revisionArn(9);

export const statuses: readonly RolloutStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'STOPPED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
  'SUCCESSFUL',
];

export const serviceOn = (taskDefinition: string, desiredCount = 3) => ({ status: 'ACTIVE', taskDefinition, desiredCount });

export const rollout = (changes: Partial<Rollout> = {}): Rollout => ({
  arn: 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/production/web/one',
  status: 'IN_PROGRESS',
  statusReason: '',
  target: ours,
  targetServiceRevision: 'revision of ours',
  digests: [digest],
  isBreakerTriggered: false,
  triggeredAlarms: [],
  ignoredAlarms: [],
  finishedAt: '',
  ...changes,
});

/** A PAUSE hook for which a rollout waits. */
export const hook: Hook = {
  id: 'ecs-pause-1',
  stage: 'POST_SCALE_UP',
  status: 'AWAITING_ACTION',
  expiresAt: later,
  timeoutAction: 'ROLLBACK',
};

export const observation = (changes: Partial<Observation> = {}): Observation => ({
  service: serviceOn(ours),
  rollout: rollout(),
  isAbsent: false,
  evidence: noEvidence,
  isOverdue: false,
  revision: ours,
  previousRevision: previous,
  digests: [digest],
  ...changes,
});

export const rollbackBy = (method: Rollback['method'], changes: Partial<Rollback> = {}): Rollback => ({
  since: startedAt,
  sentAt: startedAt,
  method,
  reason: 'CRASHED',
  message: '3 tasks failed',
  ...changes,
});

/** `wait`, `update`, `rollBack CRASHED`, `ROLLED_BACK CRASHED`, `SUCCEEDED DEPLOYED`: a decision in a word or two, for tables. */
export const inShort = (decision: RolloutDecision): string => {
  if (decision.action === 'rollBack') return `rollBack ${decision.reason}`;
  return decision.action === 'finish' ? `${decision.result.outcome} ${decision.result.reason}` : decision.action;
};

/** The message of a decision; empty if it has none. */
export const messageIn = (decision: RolloutDecision): string => {
  if (decision.action === 'rollBack') return decision.message;
  return decision.action === 'finish' ? decision.result.message : '';
};

/** Any observation, of the likely and the absurd. */
export const anyObservation: fc.Arbitrary<Observation> = fc.record({
  service: fc.option(
    fc.record({
      status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAINING', 'INACTIVE'),
      taskDefinition: fc.constantFrom(ours, previous, other, ''),
      desiredCount: fc.nat(50),
    }),
    { nil: undefined },
  ),
  rollout: fc.option(
    fc.record({
      arn: fc.constant('one'),
      status: fc.oneof(fc.constantFrom(...statuses), fc.constantFrom('', 'PAUSED', 'toString', '__proto__')),
      statusReason: fc.oneof(fc.string(), fc.constant('a user requested it')),
      target: fc.constantFrom(ours, ours, previous, other, ''),
      targetServiceRevision: fc.constantFrom('revision of ours', ''),
      digests: fc.array(fc.constantFrom(digest, digest, otherDigest), { maxLength: 3 }),
      isBreakerTriggered: fc.boolean(),
      triggeredAlarms: fc.array(fc.string(), { maxLength: 2 }),
      ignoredAlarms: fc.array(fc.string(), { maxLength: 2 }),
      finishedAt: fc.constant(''),
    }),
    { nil: undefined },
  ),
  newestServiceRevision: fc.constantFrom(undefined, 'revision of ours', 'revision of another'),
  mayBeStale: fc.boolean(),
  isAbsent: fc.boolean(),
  isCallRecent: fc.boolean(),
  evidence: fc.record(
    {
      failedTasks: fc.nat(10),
      reason: fc.constantFrom('', 'CRASHED', 'UNHEALTHY', 'CANNOT_PULL'),
      groups: fc.array(fc.record({ count: fc.nat(10), description: fc.string() }), { maxLength: 2 }),
      permanent: fc.nat(3),
      placementFailure: fc.constant({ since: startedAt, reason: 'was unable to place a task' }),
    },
    { requiredKeys: ['failedTasks', 'reason', 'groups'] },
  ),
  isOverdue: fc.boolean(),
  isPlacementOverdue: fc.boolean(),
  cancel: fc.constantFrom(undefined, undefined, { by: 'ann' }),
  operation: fc.constantFrom(undefined, 'image', 'redeploy', 'rollback', 'taskDefinition'),
  revision: fc.constant(ours),
  previousRevision: fc.constant(previous),
  lastGood: fc.constantFrom(undefined, previous, other),
  isOnQuarantined: fc.boolean(),
  rollbackTarget: fc.constantFrom(undefined, other),
  digests: fc.constant([digest]),
});

export const anyRollback: fc.Arbitrary<Rollback> = fc
  .record({
    method: fc.constantFrom<Rollback['method']>('stop', 'update', 'none'),
    reason: fc.constantFrom(...reasonsByOutcome.ROLLED_BACK),
    from: fc.constantFrom(undefined, previous, other),
  })
  .map(({ method, reason, from }) => rollbackBy(method, { reason, ...(from !== undefined && { from }) }));
