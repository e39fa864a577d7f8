import fc from 'fast-check';
import type { Rollback } from '../../../core/records/records.js';
import type { RunbookEntry } from '../../../core/result/result.js';
import type { Observation, RolloutStatus } from '../../../core/rollout/observation.js';
import { decideRollback } from '../../../core/rollout/rollback-decision.js';
import { succeeded } from '../../../core/rollout/rollout-decision.js';
import { crashes, otherDigest } from '../given.js';
import {
  anyObservation,
  anyRollback,
  inShort,
  messageIn,
  observation,
  other,
  ours,
  previous,
  rollbackBy,
  rollout,
  serviceOn,
} from './observations.js';

type Row = [onOurs: string, onPrevious: string, onOther: string];
const failed = 'ROLLBACK_FAILED CRASHED';
const back = 'ROLLED_BACK CRASHED';
const superseded = 'SUPERSEDED NEWER_DEPLOYMENT';
const again = 'rollBack CRASHED';
const despite = 'SUCCEEDED DEPLOYED';

// By the call that rolls back and the status of the rollout that is watched: our own, which was stopped or left alone, or
// the one of our update. The service is on our revision, on the previous one, on another one.
const table: Record<Rollback['method'], Record<RolloutStatus, Row>> = {
  stop: {
    PENDING: [again, again, again],
    IN_PROGRESS: [again, again, again],
    STOP_REQUESTED: ['wait', 'wait', 'wait'],
    STOPPED: [again, superseded, superseded],
    ROLLBACK_REQUESTED: ['wait', 'wait', 'wait'],
    ROLLBACK_IN_PROGRESS: ['wait', 'wait', 'wait'],
    ROLLBACK_SUCCESSFUL: ['wait', back, superseded],
    ROLLBACK_FAILED: [failed, failed, superseded],
    SUCCESSFUL: [despite, despite, despite],
  },
  update: {
    PENDING: ['wait', 'wait', 'wait'],
    IN_PROGRESS: ['wait', 'wait', 'wait'],
    STOP_REQUESTED: ['wait', 'wait', 'wait'],
    STOPPED: [failed, failed, superseded],
    ROLLBACK_REQUESTED: ['wait', 'wait', 'wait'],
    ROLLBACK_IN_PROGRESS: ['wait', 'wait', 'wait'],
    ROLLBACK_SUCCESSFUL: [failed, failed, superseded],
    ROLLBACK_FAILED: [failed, failed, superseded],
    SUCCESSFUL: ['wait', back, superseded],
  },
  none: {
    PENDING: [again, again, again],
    IN_PROGRESS: [again, again, again],
    STOP_REQUESTED: [again, again, again],
    STOPPED: [again, superseded, superseded],
    ROLLBACK_REQUESTED: [again, again, again],
    ROLLBACK_IN_PROGRESS: [again, again, again],
    ROLLBACK_SUCCESSFUL: ['wait', back, superseded],
    ROLLBACK_FAILED: [failed, failed, superseded],
    SUCCESSFUL: [again, again, again],
  },
};
const places = { ours: serviceOn(ours), 'the previous revision': serviceOn(previous), 'another one': serviceOn(other) };

test.each(
  Object.entries(table).flatMap(([method, rows]) =>
    Object.entries(rows).flatMap(([status, row]) =>
      Object.entries(places).map(([on, service], index) => ({
        method: method as Rollback['method'],
        status,
        on,
        service,
        decision: row[index] ?? '',
      })),
    ),
  ),
)(
  'rolled back by $method, the rollout being $status and the service on $on: $decision, and past the timeout no waiting',
  ({ method, status, service, decision }) => {
    const seen = observation({ service, rollout: rollout({ status, ...(method === 'update' && { target: previous }) }) });

    expect(inShort(decideRollback(seen, rollbackBy(method)))).toBe(decision);
    const isRepeated = method === 'stop' && ['PENDING', 'IN_PROGRESS'].includes(status);
    expect(inShort(decideRollback({ ...seen, isOverdue: true }, rollbackBy(method)))).toBe(
      decision === 'wait' || isRepeated ? failed : decision,
    );
  },
);

describe('if ECS lists no rollout', () => {
  test.each<[Rollback['method'], string, string, string]>([
    ['stop', ours, 'wait', failed],
    ['stop', previous, back, back],
    ['stop', other, superseded, superseded],
    ['update', ours, again, failed],
    ['update', previous, 'wait', failed],
    ['update', other, superseded, superseded],
    ['none', ours, again, again],
    ['none', previous, 'FAILED AWS_ERROR', 'FAILED AWS_ERROR'],
    ['none', other, superseded, superseded],
  ])('rolled back by %s, the service being on %s: %s once it is absent, %s past the timeout', (method, on, decision, overdue) => {
    const seen = observation({ rollout: undefined, isAbsent: true, service: serviceOn(on) });

    expect(inShort(decideRollback({ ...seen, isAbsent: false }, rollbackBy(method)))).toBe('wait');
    expect(inShort(decideRollback(seen, rollbackBy(method)))).toBe(decision);
    expect(inShort(decideRollback({ ...seen, isOverdue: true }, rollbackBy(method)))).toBe(overdue);
  });

  test.each([
    ['CANCELLED', 'FAILED CANCELLED'],
    ['STAGE_FAILED', 'FAILED STAGE_FAILED'],
    ['TIMED_OUT', 'FAILED TIMED_OUT'],
    ['ALARM', 'FAILED AWS_ERROR'],
  ] as const)('a deployment rolled back for %s whose update never arrived is %s', (reason, decision) => {
    const seen = observation({ rollout: undefined, isAbsent: true, service: serviceOn(previous) });

    expect(inShort(decideRollback(seen, rollbackBy('none', { reason })))).toBe(decision);
  });
});

test.each<[Rollback['method'], RolloutStatus, string, string]>([
  ['stop', 'ROLLBACK_SUCCESSFUL', previous, 'web:7'],
  ['update', 'SUCCESSFUL', previous, 'web:7'],
  ['stop', 'STOPPED', other, 'web:9'],
  ['update', 'ROLLBACK_SUCCESSFUL', previous, 'web:7'],
])('rolled back by %s, %s, on %s, the result states the first failure and the revision', (method, status, on, revision) => {
  const seen = observation({ service: serviceOn(on), rollout: rollout({ status, target: method === 'update' ? previous : ours }) });
  const decision = decideRollback(seen, rollbackBy(method));

  expect(decision.action).toBe('finish');
  expect(messageIn(decision)).toMatch(/^3 tasks failed; /);
  expect(messageIn(decision)).toContain(revision);
});

test.each<[Rollback['method'], RolloutStatus, RunbookEntry]>([
  ['stop', 'ROLLBACK_FAILED', 'ECS_ROLLBACK_FAILED'],
  ['update', 'ROLLBACK_FAILED', 'ECS_ROLLBACK_FAILED'],
  ['update', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_REVERTED'],
  ['update', 'STOPPED', 'ROLLBACK_STOPPED'],
])('rolled back by %s, %s, the result states the reason of ECS and the runbook entry %s', (method, status, runbook) => {
  const target = method === 'update' ? previous : ours;
  const decide = (statusReason: string) =>
    decideRollback(observation({ service: serviceOn(previous), rollout: rollout({ status, target, statusReason }) }), rollbackBy(method));

  expect(decide('no capacity')).toMatchObject({ action: 'finish', result: { outcome: 'ROLLBACK_FAILED', runbook } });
  expect(messageIn(decide('no capacity'))).toMatch(/^3 tasks failed; .*: no capacity$/);
  expect(messageIn(decide(''))).toContain('no reason given');
});

test.each<Rollback['method']>(['stop', 'update'])('an overdue rollback (%s) has a runbook entry', (method) => {
  const seen = observation({ rollout: rollout({ status: 'ROLLBACK_IN_PROGRESS' }), isOverdue: true });

  expect(decideRollback(seen, rollbackBy(method))).toMatchObject({ result: { runbook: 'ROLLBACK_TIMED_OUT' } });
});

test.each<Rollback['method']>(['stop', 'update', 'none'])(
  'a service that was deleted during the rollback (%s) is reported as deleted',
  (method) => {
    expect(inShort(decideRollback(observation({ service: undefined }), rollbackBy(method)))).toBe('SUPERSEDED SERVICE_DELETED');
  },
);

test.each<Rollback['method']>(['stop', 'update'])('an unknown status is waited for (%s)', (method) => {
  expect(inShort(decideRollback(observation({ rollout: rollout({ status: 'PAUSED' }) }), rollbackBy(method)))).toBe('wait');
});

describe('a rollout that ECS completed before it could be stopped', () => {
  const completed = observation({ rollout: rollout({ status: 'SUCCESSFUL' }) });

  test.each([
    ['CRASHED', despite],
    ['UNHEALTHY', despite],
    ['CANNOT_PULL', despite],
    ['CANNOT_START', despite],
    ['HOST', despite],
    ['CANCELLED', 'rollBack CANCELLED'],
    ['ALARM', 'rollBack ALARM'],
    ['TIMED_OUT', 'rollBack TIMED_OUT'],
    ['PLACEMENT', 'rollBack PLACEMENT'],
    ['AWS_ERROR', 'rollBack AWS_ERROR'],
  ] as const)('is, for %s: %s', (reason, decision) => {
    expect(inShort(decideRollback(completed, rollbackBy('stop', { reason })))).toBe(decision);
  });

  test('is not believed without its proof', () => {
    const decide = (changes: Partial<Observation>) => inShort(decideRollback({ ...completed, ...changes }, rollbackBy('stop')));

    expect(decide({ rollout: rollout({ status: 'SUCCESSFUL', digests: [otherDigest] }) })).toBe(again);
    expect(decide({ rollout: rollout({ status: 'SUCCESSFUL', target: other }) })).toBe(again);
    expect(decide({ service: serviceOn(ours, 0), evidence: crashes })).toBe(again);
  });
});

test.each<[Rollback['method'], string]>([
  ['stop', ours],
  ['update', ours],
  ['none', ours],
])('a call (%s) that was sent a moment ago is given time to have its effect', (method, on) => {
  const seen = observation(method === 'stop' ? {} : { rollout: undefined, isAbsent: true, service: serviceOn(on) });

  expect(inShort(decideRollback(seen, rollbackBy(method)))).toBe(again);
  expect(inShort(decideRollback({ ...seen, isCallRecent: true }, rollbackBy(method)))).toBe('wait');
});

test('a stopped rollout is waited for while reads may not show what replaced it', () => {
  const seen = observation({ rollout: rollout({ status: 'STOPPED' }), mayBeStale: true });

  expect(inShort(decideRollback(seen, rollbackBy('stop')))).toBe('wait');
});

describe('for every observation during a rollback,', () => {
  test('a success needs a stop that came too late, for tasks that failed, and the proof that a success needs', () => {
    fc.assert(
      fc.property(anyObservation, anyRollback, (seen, rollback) => {
        const decision = decideRollback(seen, rollback);
        if (!inShort(decision).startsWith('SUCCEEDED')) return;
        expect(rollback).toMatchObject({
          method: 'stop',
          reason: expect.stringMatching(/^(CRASHED|UNHEALTHY|CANNOT_PULL|CANNOT_START|HOST)$/),
        });
        expect(seen.rollout).toMatchObject({ status: 'SUCCESSFUL', target: ours });
        expect(inShort(succeeded(seen))).toBe(inShort(decision));
        expect(messageIn(decision)).toContain('warning: 3 tasks failed');
      }),
      { numRuns: 1000 },
    );
  });

  test('a call that may not have had its effect yet is not repeated', () => {
    fc.assert(
      fc.property(
        anyObservation,
        anyRollback,
        (seen, rollback) => decideRollback({ ...seen, isCallRecent: true }, rollback).action !== 'rollBack',
      ),
      { numRuns: 1000 },
    );
  });

  test('a service that is on our revision is never reported as rolled back', () => {
    fc.assert(
      fc.property(
        anyObservation,
        anyRollback,
        (seen, rollback) => !inShort(decideRollback({ ...seen, service: serviceOn(ours) }, rollback)).startsWith('ROLLED_BACK'),
      ),
      { numRuns: 1000 },
    );
  });

  test('the reason of the rollback stays, unless a newer deployment has replaced it', () => {
    fc.assert(
      fc.property(anyObservation, anyRollback, (seen, rollback) => {
        const decision = decideRollback({ ...seen, service: serviceOn(ours) }, rollback);
        if (!['rollBack', 'finish'].includes(decision.action) || inShort(decision) === 'SUPERSEDED SERVICE_DELETED') return;
        if (inShort(decision).startsWith('SUCCEEDED')) return;
        expect(messageIn(decision)).toMatch(/^3 tasks failed/);
        if (inShort(decision) !== superseded) expect(inShort(decision).split(' ')[1]).toBe(rollback.reason);
      }),
      { numRuns: 1000 },
    );
  });

  test('an overdue rollback waits only for a rollout that may not be listed yet', () => {
    fc.assert(
      fc.property(anyObservation, anyRollback, (seen, rollback) => {
        if ((!seen.rollout && !seen.isAbsent) || seen.isCallRecent) return;
        expect(decideRollback({ ...seen, isOverdue: true }, rollback).action).not.toBe('wait');
      }),
      { numRuns: 1000 },
    );
  });
});
