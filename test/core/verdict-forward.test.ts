import fc from 'fast-check';
import { decideRollout, type RolloutStatus } from '../../core/rollout/rollout-decision.js';
import { crashes, digest, noEvidence, otherDigest } from './given.js';
import { aLook, anyLook, base, inShort, other, ours, rollout, serviceOn } from './looks.js';

// Every status that ECS has, by where the service is: on our revision, on the one before, on something else, gone.
const table: Record<RolloutStatus, [string, string, string, string]> = {
  PENDING: ['wait', 'wait', 'wait', 'SUPERSEDED SERVICE_DELETED'],
  IN_PROGRESS: ['wait', 'wait', 'wait', 'SUPERSEDED SERVICE_DELETED'],
  STOP_REQUESTED: ['wait', 'wait', 'wait', 'SUPERSEDED SERVICE_DELETED'],
  STOPPED: ['rollBack CIRCUIT_BREAKER', 'SUPERSEDED NEWER_DEPLOYMENT', 'SUPERSEDED NEWER_DEPLOYMENT', 'SUPERSEDED SERVICE_DELETED'],
  ROLLBACK_REQUESTED: ['wait', 'wait', 'wait', 'SUPERSEDED SERVICE_DELETED'],
  ROLLBACK_IN_PROGRESS: ['wait', 'wait', 'wait', 'SUPERSEDED SERVICE_DELETED'],
  ROLLBACK_SUCCESSFUL: ['wait', 'ROLLED_BACK CIRCUIT_BREAKER', 'SUPERSEDED NEWER_DEPLOYMENT', 'SUPERSEDED SERVICE_DELETED'],
  ROLLBACK_FAILED: [
    'ROLLBACK_FAILED CIRCUIT_BREAKER',
    'ROLLBACK_FAILED CIRCUIT_BREAKER',
    'SUPERSEDED NEWER_DEPLOYMENT',
    'SUPERSEDED SERVICE_DELETED',
  ],
  SUCCESSFUL: ['SUCCEEDED DEPLOYED', 'SUCCEEDED DEPLOYED', 'SUCCEEDED DEPLOYED', 'SUPERSEDED SERVICE_DELETED'],
};
const overdue: Record<RolloutStatus, [string, string, string, string]> = {
  ...table,
  PENDING: ['rollBack TIMED_OUT', 'rollBack TIMED_OUT', 'rollBack TIMED_OUT', 'SUPERSEDED SERVICE_DELETED'],
  IN_PROGRESS: ['rollBack TIMED_OUT', 'rollBack TIMED_OUT', 'rollBack TIMED_OUT', 'SUPERSEDED SERVICE_DELETED'],
  STOP_REQUESTED: ['rollBack CIRCUIT_BREAKER', 'SUPERSEDED NEWER_DEPLOYMENT', 'SUPERSEDED NEWER_DEPLOYMENT', 'SUPERSEDED SERVICE_DELETED'],
  ROLLBACK_REQUESTED: ['rollBack CIRCUIT_BREAKER', 'rollBack CIRCUIT_BREAKER', 'rollBack CIRCUIT_BREAKER', 'SUPERSEDED SERVICE_DELETED'],
  ROLLBACK_IN_PROGRESS: ['rollBack CIRCUIT_BREAKER', 'rollBack CIRCUIT_BREAKER', 'rollBack CIRCUIT_BREAKER', 'SUPERSEDED SERVICE_DELETED'],
  ROLLBACK_SUCCESSFUL: [
    'ROLLBACK_FAILED CIRCUIT_BREAKER',
    'ROLLED_BACK CIRCUIT_BREAKER',
    'SUPERSEDED NEWER_DEPLOYMENT',
    'SUPERSEDED SERVICE_DELETED',
  ],
};
const places = [serviceOn(ours), serviceOn(base), serviceOn(other), undefined];
const rows = (isOverdue: boolean, all: typeof table) =>
  Object.entries(all).flatMap(([status, verdicts]) =>
    verdicts.map((verdict, index) => ({
      status,
      on: ['ours', 'the one before', 'something else', 'nothing: it is gone'][index],
      when: isOverdue ? 'after' : 'before',
      verdict,
      look: aLook({ service: places[index], rollout: rollout({ status }), isOverdue }),
    })),
  );

test.each([...rows(false, table), ...rows(true, overdue)])(
  'a rollout that is $status $when the timeout, the service being on $on: $verdict',
  ({ look, verdict }) => {
    expect(inShort(decideRollout(look))).toBe(verdict);
  },
);

describe('a success', () => {
  const successful = (changes: Partial<ReturnType<typeof rollout>> = {}) => rollout({ status: 'SUCCESSFUL', ...changes });

  test.each([
    ['of our digest', {}, 'SUCCEEDED DEPLOYED'],
    ['of a member of our index', { digests: [otherDigest] }, 'SUCCEEDED DEPLOYED'],
    ['of which ECS does not tell the digest', { digests: [] }, 'SUCCEEDED DEPLOYED'],
    ['of another digest is none', { digests: ['sha256:ff'] }, 'rollBack AWS_ERROR'],
    ['of our digest in one container and another in the second is none', { digests: [digest, 'sha256:ff'] }, 'rollBack AWS_ERROR'],
    ['of another revision is none', { target: other }, 'rollBack AWS_ERROR'],
  ])('%s', (_, changes, verdict) => {
    expect(inShort(decideRollout(aLook({ rollout: successful(changes), digests: [digest, otherDigest] })))).toBe(verdict);
  });

  test('says how many tasks run it, or that none does', () => {
    expect(decideRollout(aLook({ rollout: successful() }))).toMatchObject({ result: { message: '3 of 3 tasks run it' } });
    expect(decideRollout(aLook({ rollout: successful(), service: serviceOn(ours, 0) }))).toMatchObject({
      result: { message: 'nothing is running: desired count is 0' },
    });
  });

  test('says how many tasks were still starting where the service has early success criteria', () => {
    const look = (isDoneEarly: boolean) => aLook({ rollout: successful(), service: { ...serviceOn(ours), runningCount: 2, isDoneEarly } });

    expect(decideRollout(look(true))).toMatchObject({
      result: { message: "2 of 3 tasks run it; 1 task still starting when the service's early success criteria were met" },
    });
    expect(decideRollout(look(false))).toMatchObject({ result: { message: '3 of 3 tasks run it' } });
  });

  test('says which alarms did not guard it, and what came after it', () => {
    const look = aLook({ rollout: successful({ ignoredAlarms: ['web-5xx'] }), service: serviceOn(other) });

    expect(decideRollout(look)).toMatchObject({
      result: {
        outcome: 'SUCCEEDED DEPLOYED',
        message:
          '3 of 3 tasks run it; alarm web-5xx did not guard it: ECS ignores alarms where one is in ALARM as a rollout begins; since then a newer deployment has taken the service to web:9',
      },
    });
  });

  test('of a revision whose image is not known is proved by the revision alone', () => {
    expect(inShort(decideRollout(aLook({ rollout: successful({ digests: ['sha256:ff'] }), digests: [] })))).toBe('SUCCEEDED');
  });

  test('is one however late it is seen, and whatever failed on the way', () => {
    expect(inShort(decideRollout(aLook({ rollout: successful(), isOverdue: true, evidence: crashes })))).toBe('SUCCEEDED');
  });
});

describe('a rollout under way', () => {
  test.each([
    [{ ...crashes, failedTasks: 2 }, 3, 'wait'],
    [crashes, 3, 'rollBack CRASHED'],
    [crashes, 40, 'wait'],
    [{ ...crashes, failedTasks: 4 }, 40, 'rollBack CRASHED'],
    [{ ...crashes, reason: 'CANNOT_PULL' as const, failedTasks: 1, permanent: 1 }, 3, 'wait'],
    [{ ...crashes, reason: 'CANNOT_PULL' as const, failedTasks: 2 }, 3, 'wait'],
    [{ ...crashes, reason: 'CANNOT_PULL' as const, failedTasks: 2, permanent: 2 }, 100, 'rollBack CANNOT_PULL'],
    [{ ...crashes, reason: 'UNHEALTHY' as const }, 0, 'rollBack UNHEALTHY'],
  ])('of which %j was seen, with %i wanted: %s', (evidence, desiredCount, verdict) => {
    expect(inShort(decideRollout(aLook({ evidence, service: serviceOn(ours, desiredCount) })))).toBe(verdict);
  });

  test('is taken back with what was seen', () => {
    expect(decideRollout(aLook({ evidence: crashes }))).toEqual({
      action: 'rollBack',
      result: { outcome: 'UNKNOWN', reason: 'CRASHED', message: '3 tasks failed: 3 × exit 1 in app' },
    });
  });

  test('may have as many failed tasks as slipway.yml says', () => {
    expect(inShort(decideRollout(aLook({ evidence: crashes, maxFailedTasks: 4 })))).toBe('wait');
    expect(inShort(decideRollout(aLook({ evidence: { ...crashes, failedTasks: 1 }, maxFailedTasks: 1 })))).toBe('rollBack CRASHED');
  });

  test('whose tasks find no place is waited for until its limit, and says what ECS says', () => {
    const evidence = { ...noEvidence, unplaced: { since: '2026-11-23T12:00:00.000Z', reason: 'was unable to place a task. Reason: CPU.' } };

    expect(inShort(decideRollout(aLook({ evidence })))).toBe('wait');
    expect(decideRollout(aLook({ evidence, isPlacementOverdue: true }))).toMatchObject({
      action: 'rollBack',
      result: {
        reason: 'PLACEMENT',
        message: 'tasks found no place for longer than placementTimeout: was unable to place a task. Reason: CPU.',
      },
    });
    expect(decideRollout(aLook({ evidence, isOverdue: true }))).toMatchObject({
      result: { reason: 'TIMED_OUT', message: expect.stringContaining('was unable to place a task. Reason: CPU.') },
    });
  });

  test('that is overdue says so, and what failed until then', () => {
    const evidence = { failedTasks: 1, reason: 'CRASHED' as const, groups: [{ count: 1, what: 'exit 1 in app' }] };

    expect(decideRollout(aLook({ isOverdue: true, evidence }))).toMatchObject({
      action: 'rollBack',
      result: { reason: 'TIMED_OUT', message: "the rollout was not over at the service's timeout; 1 task failed: 1 × exit 1 in app" },
    });
  });

  test.each(['', 'PAUSED', 'toString', '__proto__'])('in the status "%s", which this version does not know, is waited for', (status) => {
    expect(inShort(decideRollout(aLook({ rollout: rollout({ status }) })))).toBe('wait');
    expect(inShort(decideRollout(aLook({ rollout: rollout({ status }), isOverdue: true })))).toBe('rollBack TIMED_OUT');
  });
});

describe('a rollout that ECS took back', () => {
  test.each([
    [{ triggeredAlarms: ['web-5xx', 'web-slow'] }, noEvidence, 'ALARM', 'alarm web-5xx, web-slow fired; the service is back on web:7'],
    [{}, crashes, 'CRASHED', '3 tasks failed: 3 × exit 1 in app; the service is back on web:7'],
    [
      { statusReason: 'Service deployment rolled back because a user requested it.' },
      crashes,
      'CANCELLED',
      'somebody stopped it in ECS: Service deployment rolled back because a user requested it.; the service is back on web:7',
    ],
    [{ statusReason: 'circuit breaker' }, noEvidence, 'CIRCUIT_BREAKER', 'circuit breaker; the service is back on web:7'],
    [{}, noEvidence, 'CIRCUIT_BREAKER', 'ECS gave the rollout up without a reason; the service is back on web:7'],
  ])('%j, of which %j was seen, is told as %s', (changes, evidence, cause, message) => {
    const look = aLook({ service: serviceOn(base), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', ...changes }), evidence });

    expect(decideRollout(look)).toEqual({ action: 'finish', result: { outcome: 'ROLLED_BACK', cause, message } });
  });

  test.each([
    ['no capacity', "3 tasks failed: 3 × exit 1 in app; ECS's own rollback failed: no capacity"],
    ['', "3 tasks failed: 3 × exit 1 in app; ECS's own rollback failed: no reason given"],
  ])('and could not, for "%s", is told with both reasons', (statusReason, message) => {
    const look = aLook({ rollout: rollout({ status: 'ROLLBACK_FAILED', statusReason }), evidence: crashes });

    expect(decideRollout(look)).toMatchObject({ result: { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message } });
  });

  test('to another revision than the one that ran before says which', () => {
    const rollback = { taskDefinition: other, revision: 'revision of the one before' };
    const look = aLook({ service: serviceOn(other), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback }), evidence: crashes });

    expect(decideRollout(look)).toMatchObject({
      result: {
        outcome: 'ROLLED_BACK',
        message: '3 tasks failed: 3 × exit 1 in app; the service is back on web:9, not on web:7 which ran before',
      },
    });
    expect(decideRollout({ ...look, lastGood: other })).toMatchObject({
      result: {
        message: '3 tasks failed: 3 × exit 1 in app; the service is back on web:9, the last good one, not on web:7 which ran before',
      },
    });
  });

  describe('and somebody updated the service meanwhile,', () => {
    const rollback = { taskDefinition: base, revision: 'revision of the one before' };
    const looked = (status: RolloutStatus, on: string, newestRevision: string | undefined, mayBeStale = false) =>
      inShort(
        decideRollout(
          aLook({ service: serviceOn(on), rollout: rollout({ status, rollback }), newestRevision, mayBeStale, evidence: crashes }),
        ),
      );

    test.each<RolloutStatus>(['ROLLBACK_FAILED', 'ROLLBACK_SUCCESSFUL'])(
      'is told as superseded, to whatever revision that was (%s)',
      (status) => {
        for (const on of [ours, base, other]) expect(looked(status, on, 'revision of a person')).toBe('SUPERSEDED NEWER_DEPLOYMENT');
        expect(looked(status, other, undefined)).toBe('SUPERSEDED NEWER_DEPLOYMENT');
      },
    );

    test('is no failure while reads need not show the update yet', () => {
      expect(looked('ROLLBACK_FAILED', base, 'revision of ours', true)).toBe('wait');
      expect(looked('ROLLBACK_FAILED', base, 'revision of ours')).toBe('ROLLBACK_FAILED CRASHED');
    });

    test('is not to be seen where the newest service deployment is that of ECS’s own way back', () => {
      expect(looked('ROLLBACK_SUCCESSFUL', base, 'revision of the one before')).toBe('ROLLED_BACK CRASHED');
      expect(looked('ROLLBACK_FAILED', base, 'revision of the one before')).toBe('ROLLBACK_FAILED CRASHED');
    });
  });
});

describe('a rollout that ECS stopped', () => {
  const looked = (changes: Parameters<typeof rollout>[0], look: Parameters<typeof aLook>[0] = {}) =>
    inShort(decideRollout(aLook({ rollout: rollout({ status: 'STOPPED', ...changes }), ...look })));

  test('is superseded only if the newest service deployment rolls out something else', () => {
    expect(looked({}, { newestRevision: 'revision of ours' })).toBe('rollBack CIRCUIT_BREAKER');
    expect(looked({}, { newestRevision: 'revision of a person' })).toBe('SUPERSEDED');
    expect(looked({}, { newestRevision: 'revision of ours', service: serviceOn(other) })).toBe('SUPERSEDED');
  });

  test('without a reason is looked at again while reads need not show what replaced it', () => {
    expect(looked({}, { mayBeStale: true })).toBe('wait');
    expect(looked({ isBreakerTriggered: true }, { mayBeStale: true })).toBe('rollBack CIRCUIT_BREAKER');
    expect(looked({ triggeredAlarms: ['web-5xx'] }, { mayBeStale: true })).toBe('rollBack ALARM');
  });
});

describe('a deployment that somebody cancelled', () => {
  const cancel = { by: 'ann', reason: 'wrong image' };

  test('is taken back, and says who wanted it and why', () => {
    expect(decideRollout(aLook({ cancel }))).toEqual({
      action: 'rollBack',
      result: { outcome: 'UNKNOWN', reason: 'CANCELLED', message: 'ann cancelled it: wrong image' },
    });
    expect(decideRollout(aLook({ cancel: {} }))).toMatchObject({ result: { message: 'somebody cancelled it' } });
  });

  test.each<[RolloutStatus | undefined, string, string]>([
    ['SUCCESSFUL', ours, 'rollBack CANCELLED'],
    [undefined, ours, 'rollBack CANCELLED'],
    [undefined, base, 'rollBack CANCELLED'],
    [undefined, other, 'SUPERSEDED NEWER_DEPLOYMENT'],
    ['STOPPED', other, 'SUPERSEDED NEWER_DEPLOYMENT'],
    ['ROLLBACK_IN_PROGRESS', base, 'wait'],
    ['ROLLBACK_SUCCESSFUL', base, 'ROLLED_BACK CIRCUIT_BREAKER'],
  ])('whose rollout is %s, the service being on %s: %s', (status, on, verdict) => {
    const look = aLook({ cancel, notFoundCount: 3, service: serviceOn(on), rollout: status && rollout({ status }) });

    expect(inShort(decideRollout(look))).toBe(verdict);
  });
});

describe('a rollout that ECS does not show', () => {
  test.each([
    [1, ours, false, 'wait'],
    [2, other, false, 'wait'],
    [3, ours, false, 'wait'],
    [3, base, false, 'update'],
    [3, base, true, 'FAILED TIMED_OUT'],
    [3, other, false, 'SUPERSEDED NEWER_DEPLOYMENT'],
    [2, ours, true, 'wait'],
    [3, ours, true, 'rollBack TIMED_OUT'],
  ])('at look %i, the service being on %s, overdue %s: %s', (misses, taskDefinition, isOverdue, verdict) => {
    expect(inShort(decideRollout(aLook({ rollout: undefined, misses, service: serviceOn(taskDefinition), isOverdue })))).toBe(verdict);
  });
});

test.each(['DRAINING', 'INACTIVE'])('a service that is %s was deleted, whatever the rollout says', (status) => {
  const look = aLook({ service: { ...serviceOn(ours), status }, rollout: rollout({ status: 'SUCCESSFUL' }) });

  expect(inShort(decideRollout(look))).toBe('SUPERSEDED SERVICE_DELETED');
});

describe('whatever is seen,', () => {
  test('success is never said unless our own rollout of our own revision was SUCCESSFUL with our digest', () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const verdict = decideRollout(look);
        if (decision.action !== 'end' || verdict.result.outcome !== 'SUCCEEDED') return;
        expect(look.service).toBeDefined();
        expect(look.rollout?.status).toBe('SUCCESSFUL');
        expect(look.rollout?.target).toBe(ours);
        expect(look.rollout?.digests.filter((one) => one !== digest)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('a service on our revision is never called rolled back', () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const verdict = decideRollout({ ...look, service: look.service && { ...look.service, taskDefinition: ours } });
        expect(verdict).not.toMatchObject({ result: { outcome: 'ROLLED_BACK' } });
      }),
      { numRuns: 1000 },
    );
  });

  test('every end has a message, and what did not end well has a cause or was superseded', () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const verdict = decideRollout(look);
        if (!('result' in verdict)) return;
        expect(verdict.result.message).not.toBe('');
        if (!['SUCCEEDED DEPLOYED', 'SUPERSEDED NEWER_DEPLOYMENT'].includes(verdict.result.outcome))
          expect(verdict.result.cause).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  test('nothing is waited for past the timeout but what ECS has still to show', () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        if (!look.rollout) return;
        expect(decideRollout({ ...look, isOverdue: true }).next).not.toBe('wait');
      }),
      { numRuns: 1000 },
    );
  });
});
