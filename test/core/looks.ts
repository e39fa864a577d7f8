import fc from 'fast-check';
import type { Observation, Rollout, RolloutStatus, Verdict } from '../../core/rollout/rollout-decision.js';
import { digest, noEvidence, otherDigest, revisionArn } from './given.js';

export const ours = revisionArn(8);
export const base = revisionArn(7);
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
  targetRevision: 'revision of ours',
  digests: [digest],
  isBreakerTriggered: false,
  triggeredAlarms: [],
  ignoredAlarms: [],
  finishedAt: '',
  ...changes,
});

export const aLook = (changes: Partial<Observation> = {}): Observation => ({
  service: serviceOn(ours),
  rollout: rollout(),
  notFoundCount: 0,
  evidence: noEvidence,
  isOverdue: false,
  revision: ours,
  base,
  digests: [digest],
  ...changes,
});

/** `wait`, `update`, `rollBack CRASHED`, `ROLLED_BACK CRASHED`, `SUCCEEDED`: a verdict in a word or two, for tables. */
export const inShort = (verdict: Verdict): string => {
  if (!('result' in verdict)) return decision.action;
  const { outcome, reason } = verdict.result;
  return [decision.action === 'end' ? outcome : 'rollBack', cause].filter(Boolean).join(' ');
};

/** Any look, of the likely and the absurd. */
export const anyLook: fc.Arbitrary<Observation> = fc.record({
  service: fc.option(
    fc.record({
      status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAINING', 'INACTIVE'),
      taskDefinition: fc.constantFrom(ours, base, other, ''),
      desiredCount: fc.nat(50),
    }),
    { nil: undefined },
  ),
  rollout: fc.option(
    fc.record({
      arn: fc.constant('one'),
      status: fc.oneof(fc.constantFrom(...statuses), fc.constantFrom('', 'PAUSED', 'toString', '__proto__')),
      statusReason: fc.string(),
      target: fc.constantFrom(ours, ours, base, other, ''),
      targetRevision: fc.constantFrom('revision of ours', ''),
      digests: fc.array(fc.constantFrom(digest, digest, otherDigest), { maxLength: 3 }),
      isBreakerTriggered: fc.boolean(),
      triggeredAlarms: fc.array(fc.string(), { maxLength: 2 }),
      ignoredAlarms: fc.array(fc.string(), { maxLength: 2 }),
      finishedAt: fc.constant(''),
    }),
    { nil: undefined },
  ),
  newestRevision: fc.constantFrom(undefined, 'revision of ours', 'revision of another'),
  mayBeStale: fc.boolean(),
  notFoundCount: fc.nat(5),
  evidence: fc.record({
    failedTasks: fc.nat(10),
    cause: fc.constantFrom('', 'CRASHED', 'UNHEALTHY', 'CANNOT_PULL'),
    groups: fc.array(fc.record({ count: fc.nat(10), what: fc.string() }), { maxLength: 2 }),
  }),
  isOverdue: fc.boolean(),
  isPlacementOverdue: fc.boolean(),
  cancel: fc.constantFrom(undefined, undefined, { by: 'ann' }),
  revision: fc.constant(ours),
  base: fc.constant(base),
  digests: fc.constant([digest]),
});
