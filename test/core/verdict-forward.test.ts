import fc from 'fast-check';
import { type RolloutStatus, verdictForward } from '../../core/verdict.js';
import { crashes, digest, noEvidence, otherDigest } from './given.js';
import { aLook, anyLook, base, inShort, other, ours, rollout, serviceOn } from './looks.js';

// Every status that ECS has, by where the service is: on our revision, on the one before, on something else, gone.
const table: Record<RolloutStatus, [string, string, string, string]> = {
  PENDING: ['wait', 'wait', 'wait', 'SUPERSEDED DELETED'],
  IN_PROGRESS: ['wait', 'wait', 'wait', 'SUPERSEDED DELETED'],
  STOP_REQUESTED: ['wait', 'wait', 'wait', 'SUPERSEDED DELETED'],
  STOPPED: ['rollBack CIRCUIT_BREAKER', 'SUPERSEDED', 'SUPERSEDED', 'SUPERSEDED DELETED'],
  ROLLBACK_REQUESTED: ['wait', 'wait', 'wait', 'SUPERSEDED DELETED'],
  ROLLBACK_IN_PROGRESS: ['wait', 'wait', 'wait', 'SUPERSEDED DELETED'],
  ROLLBACK_SUCCESSFUL: ['wait', 'ROLLED_BACK CIRCUIT_BREAKER', 'ROLLED_BACK CIRCUIT_BREAKER', 'SUPERSEDED DELETED'],
  ROLLBACK_FAILED: [
    'ROLLBACK_FAILED CIRCUIT_BREAKER',
    'ROLLBACK_FAILED CIRCUIT_BREAKER',
    'ROLLBACK_FAILED CIRCUIT_BREAKER',
    'SUPERSEDED DELETED',
  ],
  SUCCESSFUL: ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUPERSEDED DELETED'],
};
const overdue: Record<RolloutStatus, [string, string, string, string]> = {
  ...table,
  PENDING: ['rollBack TIMED_OUT', 'rollBack TIMED_OUT', 'rollBack TIMED_OUT', 'SUPERSEDED DELETED'],
  IN_PROGRESS: ['rollBack TIMED_OUT', 'rollBack TIMED_OUT', 'rollBack TIMED_OUT', 'SUPERSEDED DELETED'],
  STOP_REQUESTED: ['rollBack CIRCUIT_BREAKER', 'SUPERSEDED', 'SUPERSEDED', 'SUPERSEDED DELETED'],
  ROLLBACK_REQUESTED: ['rollBack CIRCUIT_BREAKER', 'rollBack CIRCUIT_BREAKER', 'rollBack CIRCUIT_BREAKER', 'SUPERSEDED DELETED'],
  ROLLBACK_IN_PROGRESS: ['rollBack CIRCUIT_BREAKER', 'rollBack CIRCUIT_BREAKER', 'rollBack CIRCUIT_BREAKER', 'SUPERSEDED DELETED'],
  ROLLBACK_SUCCESSFUL: [
    'ROLLBACK_FAILED CIRCUIT_BREAKER',
    'ROLLED_BACK CIRCUIT_BREAKER',
    'ROLLED_BACK CIRCUIT_BREAKER',
    'SUPERSEDED DELETED',
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
    expect(inShort(verdictForward(look))).toBe(verdict);
  },
);

describe('a success', () => {
  const successful = (changes: Partial<ReturnType<typeof rollout>> = {}) => rollout({ status: 'SUCCESSFUL', ...changes });

  test.each([
    ['of our digest', {}, 'SUCCEEDED'],
    ['of a member of our index', { digests: [otherDigest] }, 'SUCCEEDED'],
    ['of which ECS does not tell the digest', { digests: [] }, 'SUCCEEDED'],
    ['of another digest is none', { digests: ['sha256:ff'] }, 'rollBack AWS_ERROR'],
    ['of our digest in one container and another in the second is none', { digests: [digest, 'sha256:ff'] }, 'rollBack AWS_ERROR'],
    ['of another revision is none', { target: other }, 'rollBack AWS_ERROR'],
  ])('%s', (_, changes, verdict) => {
    expect(inShort(verdictForward(aLook({ rollout: successful(changes), digests: [digest, otherDigest] })))).toBe(verdict);
  });

  test('says how many tasks run it, or that none does', () => {
    expect(verdictForward(aLook({ rollout: successful() }))).toMatchObject({ ending: { sentence: '3 of 3 tasks run it' } });
    expect(verdictForward(aLook({ rollout: successful(), service: serviceOn(ours, 0) }))).toMatchObject({
      ending: { sentence: 'nothing is running: desired count is 0' },
    });
  });

  test('is one however late it is seen, and whatever failed on the way', () => {
    expect(inShort(verdictForward(aLook({ rollout: successful(), isOverdue: true, evidence: crashes })))).toBe('SUCCEEDED');
  });
});

describe('a rollout under way', () => {
  test.each([
    [{ ...crashes, failedTasks: 2 }, 3, 'wait'],
    [crashes, 3, 'rollBack CRASHED'],
    [crashes, 40, 'wait'],
    [{ ...crashes, failedTasks: 4 }, 40, 'rollBack CRASHED'],
    [{ ...crashes, cause: 'CANNOT_PULL' as const, failedTasks: 1 }, 3, 'wait'],
    [{ ...crashes, cause: 'CANNOT_PULL' as const, failedTasks: 2 }, 100, 'rollBack CANNOT_PULL'],
    [{ ...crashes, cause: 'UNHEALTHY' as const }, 0, 'rollBack UNHEALTHY'],
  ])('of which %j was seen, with %i wanted: %s', (evidence, desiredCount, verdict) => {
    expect(inShort(verdictForward(aLook({ evidence, service: serviceOn(ours, desiredCount) })))).toBe(verdict);
  });

  test('is taken back with what was seen', () => {
    expect(verdictForward(aLook({ evidence: crashes }))).toEqual({
      next: 'rollBack',
      ending: { outcome: 'UNKNOWN', cause: 'CRASHED', sentence: '3 tasks failed: 3 × exit 1 in app' },
    });
  });

  test('that is overdue says so, and what failed until then', () => {
    const evidence = { failedTasks: 1, cause: 'CRASHED' as const, groups: [{ count: 1, what: 'exit 1 in app' }] };

    expect(verdictForward(aLook({ isOverdue: true, evidence }))).toMatchObject({
      next: 'rollBack',
      ending: { cause: 'TIMED_OUT', sentence: "the rollout was not over at the service's timeout; 1 tasks failed: 1 × exit 1 in app" },
    });
  });

  test.each(['', 'PAUSED', 'toString', '__proto__'])('in the status "%s", which this version does not know, is waited for', (status) => {
    expect(inShort(verdictForward(aLook({ rollout: rollout({ status }) })))).toBe('wait');
    expect(inShort(verdictForward(aLook({ rollout: rollout({ status }), isOverdue: true })))).toBe('rollBack TIMED_OUT');
  });
});

describe('a rollout that ECS took back', () => {
  test.each([
    [{ triggeredAlarms: ['web-5xx', 'web-slow'] }, noEvidence, 'ALARM', 'alarm web-5xx, web-slow fired; the service is back on web:7'],
    [{}, crashes, 'CRASHED', '3 tasks failed: 3 × exit 1 in app; the service is back on web:7'],
    [{ statusReason: 'circuit breaker' }, noEvidence, 'CIRCUIT_BREAKER', 'circuit breaker; the service is back on web:7'],
    [{}, noEvidence, 'CIRCUIT_BREAKER', 'ECS gave the rollout up without a reason; the service is back on web:7'],
  ])('%j, of which %j was seen, is told as %s', (changes, evidence, cause, sentence) => {
    const look = aLook({ service: serviceOn(base), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', ...changes }), evidence });

    expect(verdictForward(look)).toEqual({ next: 'end', ending: { outcome: 'ROLLED_BACK', cause, sentence } });
  });

  test.each([
    ['no capacity', "3 tasks failed: 3 × exit 1 in app; ECS's own rollback failed: no capacity"],
    ['', "3 tasks failed: 3 × exit 1 in app; ECS's own rollback failed: no reason given"],
  ])('and could not, for "%s", is told with both reasons', (statusReason, sentence) => {
    const look = aLook({ rollout: rollout({ status: 'ROLLBACK_FAILED', statusReason }), evidence: crashes });

    expect(verdictForward(look)).toMatchObject({ ending: { outcome: 'ROLLBACK_FAILED', cause: 'CRASHED', sentence } });
  });

  test('to another revision than the one that ran before says which', () => {
    const look = aLook({ service: serviceOn(other), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL' }), evidence: crashes });

    expect(verdictForward(look)).toMatchObject({
      ending: { sentence: '3 tasks failed: 3 × exit 1 in app; the service is back on web:9, not on web:7 which ran before' },
    });
  });
});

describe('a rollout that ECS does not show', () => {
  test.each([
    [1, ours, false, 'wait'],
    [2, other, false, 'wait'],
    [3, ours, false, 'wait'],
    [3, base, false, 'update'],
    [3, base, true, 'FAILED TIMED_OUT'],
    [3, other, false, 'SUPERSEDED'],
    [2, ours, true, 'wait'],
    [3, ours, true, 'rollBack TIMED_OUT'],
  ])('at look %i, the service being on %s, overdue %s: %s', (misses, taskDefinition, isOverdue, verdict) => {
    expect(inShort(verdictForward(aLook({ rollout: undefined, misses, service: serviceOn(taskDefinition), isOverdue })))).toBe(verdict);
  });
});

test.each(['DRAINING', 'INACTIVE'])('a service that is %s was deleted, whatever the rollout says', (status) => {
  const look = aLook({ service: { ...serviceOn(ours), status }, rollout: rollout({ status: 'SUCCESSFUL' }) });

  expect(inShort(verdictForward(look))).toBe('SUPERSEDED DELETED');
});

describe('whatever is seen,', () => {
  test('success is never said unless our own rollout of our own revision was SUCCESSFUL with our digest', () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const verdict = verdictForward(look);
        if (verdict.next !== 'end' || verdict.ending.outcome !== 'SUCCEEDED') return;
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
        const verdict = verdictForward({ ...look, service: look.service && { ...look.service, taskDefinition: ours } });
        expect(verdict).not.toMatchObject({ ending: { outcome: 'ROLLED_BACK' } });
      }),
      { numRuns: 1000 },
    );
  });

  test('every end has a sentence, and what did not end well has a cause or was superseded', () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        const verdict = verdictForward(look);
        if (!('ending' in verdict)) return;
        expect(verdict.ending.sentence).not.toBe('');
        if (!['SUCCEEDED', 'SUPERSEDED'].includes(verdict.ending.outcome)) expect(verdict.ending.cause).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  test('nothing is waited for past the timeout but what ECS has still to show', () => {
    fc.assert(
      fc.property(anyLook, (look) => {
        if (!look.rollout) return;
        expect(verdictForward({ ...look, isOverdue: true }).next).not.toBe('wait');
      }),
      { numRuns: 1000 },
    );
  });
});
