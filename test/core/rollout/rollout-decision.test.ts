import fc from 'fast-check';
import type { RolloutStatus } from '../../../core/rollout/observation.js';
import { decideRollout } from '../../../core/rollout/rollout-decision.js';
import { crashes, digest, noEvidence, otherDigest } from '../given.js';
import { anyObservation, hook, inShort, messageIn, observation, other, ours, previous, rollout, serviceOn } from './observations.js';

type Row = [onOurs: string, onPrevious: string, onOther: string];
const superseded = 'SUPERSEDED NEWER_DEPLOYMENT';
const gaveUp = 'rollBack STOPPED_IN_ECS';
const rolledBack = 'ROLLED_BACK STOPPED_IN_ECS';
const rollbackFailed = 'ROLLBACK_FAILED STOPPED_IN_ECS';
const timedOut = 'rollBack TIMED_OUT';
const lastDeployed = 'SUCCEEDED DEPLOYED';

// Every status that ECS has, by the revision that the service is on: ours, the previous one, another one.
const table: Record<RolloutStatus, Row> = {
  PENDING: ['wait', 'wait', 'wait'],
  IN_PROGRESS: ['wait', 'wait', 'wait'],
  STOP_REQUESTED: ['wait', 'wait', 'wait'],
  STOPPED: [gaveUp, superseded, superseded],
  ROLLBACK_REQUESTED: ['wait', 'wait', 'wait'],
  ROLLBACK_IN_PROGRESS: ['wait', 'wait', 'wait'],
  ROLLBACK_SUCCESSFUL: ['wait', rolledBack, superseded],
  ROLLBACK_FAILED: [rollbackFailed, rollbackFailed, superseded],
  SUCCESSFUL: [lastDeployed, lastDeployed, lastDeployed],
};
const overdue: Record<RolloutStatus, Row> = {
  ...table,
  PENDING: [timedOut, timedOut, timedOut],
  IN_PROGRESS: [timedOut, timedOut, timedOut],
  STOP_REQUESTED: [gaveUp, superseded, superseded],
  ROLLBACK_REQUESTED: [gaveUp, gaveUp, gaveUp],
  ROLLBACK_IN_PROGRESS: [gaveUp, gaveUp, gaveUp],
  ROLLBACK_SUCCESSFUL: [rollbackFailed, rolledBack, superseded],
};
const places = {
  'on ours': serviceOn(ours),
  'on the previous revision': serviceOn(previous),
  'on another one': serviceOn(other),
  deleted: undefined,
};
const rows = (isOverdue: boolean, all: typeof table) =>
  Object.entries(all).flatMap(([status, row]) =>
    Object.entries(places).map(([where, service], index) => ({
      status,
      where,
      when: isOverdue ? 'past' : 'before',
      decision: row[index] ?? 'SUPERSEDED SERVICE_DELETED',
      seen: observation({ service, rollout: rollout({ status }), isOverdue }),
    })),
  );

test.each([...rows(false, table), ...rows(true, overdue)])(
  'a rollout that is $status $when the timeout, the service being $where: $decision',
  ({ seen, decision }) => {
    expect(inShort(decideRollout(seen))).toBe(decision);
  },
);

test('only a rollback of ECS that is not visible, or that failed, needs an operator', () => {
  const runbooks = [...rows(false, table), ...rows(true, overdue)].flatMap(({ seen }) => {
    const decision = decideRollout(seen);
    return decision.action === 'finish' && decision.result.runbook ? [`${seen.rollout?.status} ${decision.result.runbook}`] : [];
  });

  expect(new Set(runbooks)).toEqual(new Set(['ROLLBACK_SUCCESSFUL ROLLBACK_NOT_VISIBLE', 'ROLLBACK_FAILED ECS_ROLLBACK_FAILED']));
});

const unlaunched = (count: number, isPermanent = true) => ({
  count,
  reason: 'CANNOT_START' as const,
  message: 'ECS was unable to assume the role',
  isPermanent,
});

describe('a success', () => {
  const successful = (changes: Partial<ReturnType<typeof rollout>> = {}) => rollout({ status: 'SUCCESSFUL', ...changes });

  test.each([
    ['of our digest', {}, 'SUCCEEDED DEPLOYED'],
    ['of a platform of our image', { digests: [otherDigest] }, 'SUCCEEDED DEPLOYED'],
    ['whose digest ECS does not report', { digests: [] }, 'SUCCEEDED DEPLOYED'],
    ['of another digest is rolled back', { digests: ['sha256:ff'] }, 'rollBack AWS_ERROR'],
    ['of our digest in one container and another in the second is rolled back', { digests: [digest, 'sha256:ff'] }, 'rollBack AWS_ERROR'],
    ['of another revision is rolled back', { target: other }, 'rollBack AWS_ERROR'],
  ])('%s', (_, changes, decision) => {
    expect(inShort(decideRollout(observation({ rollout: successful(changes), digests: [digest, otherDigest] })))).toBe(decision);
  });

  test.each([
    ['an image', 'image', 3, 'DEPLOYED'],
    ['a named revision', 'taskDefinition', 3, 'DEPLOYED'],
    ['a redeployment', 'redeploy', 3, 'REDEPLOYED'],
    ["an operator's rollback", 'rollback', 3, 'ROLLED_BACK_BY_OPERATOR'],
    ['an image with a desired count of 0', 'image', 0, 'NOTHING_RUNNING'],
    ['a rollback with a desired count of 0', 'rollback', 0, 'NOTHING_RUNNING'],
  ] as const)('of %s has its own reason', (_, operation, desiredCount, reason) => {
    const seen = observation({ rollout: successful(), operation, service: serviceOn(ours, desiredCount) });

    expect(inShort(decideRollout(seen))).toBe(`SUCCEEDED ${reason}`);
  });

  test.each([
    ['that crashed', crashes, 'CRASHED'],
    ['one of which failed its health check', { ...crashes, failedTasks: 1, reason: 'UNHEALTHY' as const }, 'UNHEALTHY'],
    ['that only ECS counted', { ...noEvidence, failedTasks: 2 }, 'CRASHED'],
  ])('with a desired count of 0 after tasks %s is rolled back', (_, evidence, reason) => {
    const decision = decideRollout(observation({ rollout: successful(), service: serviceOn(ours, 0), evidence }));

    expect(inShort(decision)).toBe(`rollBack ${reason}`);
    expect(messageIn(decision)).toContain('the desired count is 0');
  });

  test('states how many tasks run it, and how many are still starting if the service has early success criteria', () => {
    const seen = (hasEarlySuccess: boolean) =>
      observation({ rollout: successful(), service: { ...serviceOn(ours), runningCount: 2, hasEarlySuccess } });

    expect(messageIn(decideRollout(observation({ rollout: successful() })))).toBe('3 of 3 tasks run it');
    expect(messageIn(decideRollout(seen(true)))).toMatch(/^2 of 3 tasks run it; 1 task /);
    expect(messageIn(decideRollout(seen(false)))).toBe('3 of 3 tasks run it');
  });

  test('names the alarms that did not guard it, and the revision of a newer deployment', () => {
    const decision = decideRollout(observation({ rollout: successful({ ignoredAlarms: ['web-5xx'] }), service: serviceOn(other) }));

    expect(inShort(decision)).toBe('SUCCEEDED DEPLOYED');
    expect(messageIn(decision)).toMatch(/web-5xx.*web:9/);
  });

  test('without accepted digests is proved by its revision alone', () => {
    expect(inShort(decideRollout(observation({ rollout: successful({ digests: ['sha256:ff'] }), digests: [] })))).toBe(lastDeployed);
  });

  test('stays a success after the timeout and after failed tasks', () => {
    expect(inShort(decideRollout(observation({ rollout: successful(), isOverdue: true, evidence: crashes })))).toBe(lastDeployed);
  });
});

describe('a rollout in progress', () => {
  test.each([
    [{ ...crashes, failedTasks: 2 }, 3, 'wait'],
    [crashes, 3, 'rollBack CRASHED'],
    [crashes, 40, 'wait'],
    [{ ...crashes, failedTasks: 4 }, 40, 'rollBack CRASHED'],
    [{ ...crashes, reason: 'CANNOT_PULL' as const, failedTasks: 1, permanent: 1 }, 3, 'wait'],
    [{ ...crashes, reason: 'CANNOT_PULL' as const, failedTasks: 2 }, 3, 'wait'],
    [{ ...crashes, reason: 'CANNOT_PULL' as const, failedTasks: 2, permanent: 2 }, 100, 'rollBack CANNOT_PULL'],
    [{ ...crashes, reason: 'UNHEALTHY' as const }, 0, 'rollBack UNHEALTHY'],
    [{ ...noEvidence, launchFailure: unlaunched(1) }, 3, 'wait'],
    [{ ...noEvidence, launchFailure: unlaunched(2) }, 100, 'rollBack CANNOT_START'],
    [{ ...noEvidence, launchFailure: unlaunched(2, false) }, 3, 'wait'],
    [{ ...noEvidence, launchFailure: unlaunched(3, false) }, 3, 'rollBack CANNOT_START'],
  ])('with the evidence %j and a desired count of %i: %s', (evidence, desiredCount, decision) => {
    expect(inShort(decideRollout(observation({ evidence, service: serviceOn(ours, desiredCount) })))).toBe(decision);
  });

  test('is rolled back with the evidence as its message', () => {
    expect(decideRollout(observation({ evidence: crashes }))).toEqual({
      action: 'rollBack',
      reason: 'CRASHED',
      message: '3 tasks failed: 3 × exit 1 in app',
    });
  });

  test('may have as many failed tasks as slipway.yml allows', () => {
    expect(inShort(decideRollout(observation({ evidence: crashes, maxFailedTasks: 4 })))).toBe('wait');
    expect(inShort(decideRollout(observation({ evidence: { ...crashes, failedTasks: 1 }, maxFailedTasks: 1 })))).toBe('rollBack CRASHED');
  });

  test('whose tasks cannot be placed is rolled back after placementTimeout, with the event of ECS', () => {
    const reason = 'was unable to place a task. Reason: CPU.';
    const evidence = { ...noEvidence, placementFailure: { since: '2026-11-23T12:00:00.000Z', reason } };
    const late = decideRollout(observation({ evidence, isPlacementOverdue: true }));
    const tooLate = decideRollout(observation({ evidence, isOverdue: true }));

    expect(inShort(decideRollout(observation({ evidence })))).toBe('wait');
    expect(inShort(late)).toBe('rollBack PLACEMENT');
    expect(messageIn(late)).toContain(reason);
    expect(inShort(tooLate)).toBe(timedOut);
    expect(messageIn(tooLate)).toContain(reason);
  });

  test('that is overdue states its failures', () => {
    const evidence = { failedTasks: 1, reason: 'CRASHED' as const, groups: [{ count: 1, description: 'exit 1 in app' }] };
    const decision = decideRollout(observation({ isOverdue: true, evidence }));

    expect(inShort(decision)).toBe(timedOut);
    expect(messageIn(decision)).toContain('1 task failed: 1 × exit 1 in app');
  });

  test.each(['', 'PAUSED', 'toString', '__proto__'])('in the unknown status "%s" is waited for', (status) => {
    expect(inShort(decideRollout(observation({ rollout: rollout({ status }) })))).toBe('wait');
    expect(inShort(decideRollout(observation({ rollout: rollout({ status }), isOverdue: true })))).toBe(timedOut);
  });
});

describe('a rollout that ECS rolled back', () => {
  const byUser = 'Service deployment rolled back because a user requested it.';

  test.each([
    [{ triggeredAlarms: ['web-5xx', 'web-slow'] }, noEvidence, 'ALARM', 'web-5xx, web-slow'],
    [{}, crashes, 'CRASHED', '3 tasks failed: 3 × exit 1 in app'],
    [{ statusReason: byUser }, crashes, 'CRASHED', byUser],
    [{ statusReason: byUser, isBreakerTriggered: true }, crashes, 'CRASHED', '3 tasks failed: 3 × exit 1 in app'],
    [{ statusReason: 'circuit breaker', isBreakerTriggered: true }, noEvidence, 'CIRCUIT_BREAKER', 'circuit breaker'],
    [{ isBreakerTriggered: true }, noEvidence, 'CIRCUIT_BREAKER', 'no reason'],
    [{ statusReason: byUser }, noEvidence, 'STOPPED_IN_ECS', byUser],
    [{ statusReason: 'another deployer asked for it' }, noEvidence, 'STOPPED_IN_ECS', 'another deployer asked for it'],
    [
      { statusReason: 'rolled back', hook: { ...hook, status: 'TIMED_OUT' as const } },
      noEvidence,
      'STOPPED_IN_ECS',
      'ecs-pause-1 timed out',
    ],
    [{}, { ...noEvidence, launchFailure: unlaunched(1) }, 'CANNOT_START', 'unable to assume the role'],
  ])('%j, with the evidence %j, has the reason %s', (changes, evidence, reason, fact) => {
    const decision = decideRollout(
      observation({ service: serviceOn(previous), rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', ...changes }), evidence }),
    );

    expect(inShort(decision)).toBe(`ROLLED_BACK ${reason}`);
    expect(messageIn(decision)).toContain(fact);
    expect(messageIn(decision)).toMatch(/; [^;]*web:7$/);
  });

  test.each([
    ['is the newest one, so the service is on its target', 'revision of ours', 'ROLLED_BACK CRASHED'],
    ['is not the newest one', 'revision of another', superseded],
    ['may not be the newest one', undefined, superseded],
  ])('to a revision that ECS does not know %s', (_, newestServiceRevision, decision) => {
    const rolledBackTo = rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback: { revision: 'an old revision' } });

    expect(
      inShort(decideRollout(observation({ service: serviceOn(other), rollout: rolledBackTo, evidence: crashes, newestServiceRevision }))),
    ).toBe(decision);
  });

  test.each([
    ['no capacity', 'no capacity'],
    ['', 'no reason given'],
  ])('unsuccessfully, for "%s", states both reasons', (statusReason, fact) => {
    const decision = decideRollout(observation({ rollout: rollout({ status: 'ROLLBACK_FAILED', statusReason }), evidence: crashes }));

    expect(inShort(decision)).toBe('ROLLBACK_FAILED CRASHED');
    expect(messageIn(decision)).toMatch(new RegExp(`^3 tasks failed: 3 × exit 1 in app; .*: ${fact}$`));
  });

  test('to another revision than the previous one names both', () => {
    const rollback = { taskDefinition: other, revision: 'revision of the one that ECS chose' };
    const seen = observation({
      service: serviceOn(other),
      rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', rollback }),
      evidence: crashes,
    });

    expect(inShort(decideRollout(seen))).toBe('ROLLED_BACK CRASHED');
    expect(messageIn(decideRollout(seen))).toMatch(/web:9, not .*web:7/);
    expect(messageIn(decideRollout({ ...seen, lastGood: other }))).toMatch(/web:9, the last known good one, not .*web:7/);
  });

  describe('while another deployer updated the service', () => {
    const rollback = { taskDefinition: previous, revision: 'revision of the previous one' };
    const decide = (status: RolloutStatus, on: string, newestServiceRevision: string | undefined, mayBeStale = false) =>
      inShort(
        decideRollout(
          observation({
            service: serviceOn(on),
            rollout: rollout({ status, rollback }),
            newestServiceRevision,
            mayBeStale,
            evidence: crashes,
          }),
        ),
      );

    test.each<RolloutStatus>(['ROLLBACK_FAILED', 'ROLLBACK_SUCCESSFUL'])('is superseded by an update to any revision (%s)', (status) => {
      for (const on of [ours, previous, other]) expect(decide(status, on, 'revision of another deployer')).toBe(superseded);
      expect(decide(status, other, undefined)).toBe(superseded);
    });

    test('is waited for while reads may not show the update yet', () => {
      expect(decide('ROLLBACK_FAILED', previous, 'revision of ours', true)).toBe('wait');
      expect(decide('ROLLBACK_FAILED', previous, 'revision of ours')).toBe('ROLLBACK_FAILED CRASHED');
    });

    test('is not superseded by the rollback of ECS itself', () => {
      expect(decide('ROLLBACK_SUCCESSFUL', previous, 'revision of the previous one')).toBe('ROLLED_BACK CRASHED');
      expect(decide('ROLLBACK_FAILED', previous, 'revision of the previous one')).toBe('ROLLBACK_FAILED CRASHED');
    });
  });
});

describe('a rollout that ECS stopped', () => {
  const decide = (changes: Parameters<typeof rollout>[0], seen: Parameters<typeof observation>[0] = {}) =>
    inShort(decideRollout(observation({ rollout: rollout({ status: 'STOPPED', ...changes }), ...seen })));

  test('is superseded only if the newest service deployment rolls out something else', () => {
    expect(decide({}, { newestServiceRevision: 'revision of ours' })).toBe(gaveUp);
    expect(decide({}, { newestServiceRevision: 'revision of another deployer' })).toBe(superseded);
    expect(decide({}, { newestServiceRevision: 'revision of ours', service: serviceOn(other) })).toBe(superseded);
  });

  test('without a reason is waited for while reads may not show what replaced it', () => {
    expect(decide({}, { mayBeStale: true })).toBe('wait');
    expect(decide({ isBreakerTriggered: true }, { mayBeStale: true })).toBe('rollBack CIRCUIT_BREAKER');
    expect(decide({ triggeredAlarms: ['web-5xx'] }, { mayBeStale: true })).toBe('rollBack ALARM');
  });
});

describe('a deployment that was cancelled', () => {
  const cancel = { by: 'ann', reason: 'wrong image' };

  test('is rolled back, and states who cancelled it and why', () => {
    const decision = decideRollout(observation({ cancel }));

    expect(inShort(decision)).toBe('rollBack CANCELLED');
    expect(messageIn(decision)).toMatch(/ann.*wrong image/);
    expect(inShort(decideRollout(observation({ cancel: {} })))).toBe('rollBack CANCELLED');
  });

  test('with its stage is rolled back for another reason, and states which service failed', () => {
    const decision = decideRollout(observation({ cancel: { failedService: 'production/worker' } }));

    expect(inShort(decision)).toBe('rollBack STAGE_FAILED');
    expect(messageIn(decision)).toMatch(/production\/worker failed/);
  });

  test.each<[RolloutStatus | undefined, string, string]>([
    ['SUCCESSFUL', ours, 'rollBack CANCELLED'],
    [undefined, ours, 'rollBack CANCELLED'],
    [undefined, previous, 'rollBack CANCELLED'],
    [undefined, other, superseded],
    ['STOPPED', other, superseded],
    ['ROLLBACK_IN_PROGRESS', previous, 'wait'],
    ['ROLLBACK_SUCCESSFUL', previous, rolledBack],
  ])('whose rollout is %s, the service being on %s: %s', (status, on, decision) => {
    const seen = observation({ cancel, isAbsent: true, service: serviceOn(on), rollout: status && rollout({ status }) });

    expect(inShort(decideRollout(seen))).toBe(decision);
  });
});

describe('a rollout that ECS does not list', () => {
  test.each([
    [false, ours, false, 'wait'],
    [false, other, false, 'wait'],
    [true, ours, false, 'wait'],
    [true, previous, false, 'update'],
    [true, previous, true, 'FAILED TIMED_OUT'],
    [true, other, false, superseded],
    [false, ours, true, 'wait'],
    [true, ours, true, timedOut],
  ])('absent %s, the service being on %s, overdue %s: %s', (isAbsent, on, isOverdue, decision) => {
    expect(inShort(decideRollout(observation({ rollout: undefined, isAbsent, service: serviceOn(on), isOverdue })))).toBe(decision);
  });
});

test.each(['DRAINING', 'INACTIVE'])('a service that is %s is deleted, for every status of the rollout', (status) => {
  const seen = observation({ service: { ...serviceOn(ours), status }, rollout: rollout({ status: 'SUCCESSFUL' }) });

  expect(inShort(decideRollout(seen))).toBe('SUPERSEDED SERVICE_DELETED');
});

describe('for every observation,', () => {
  test('a success needs our own rollout of our own revision to be SUCCESSFUL with our digest', () => {
    fc.assert(
      fc.property(anyObservation, (seen) => {
        if (!inShort(decideRollout(seen)).startsWith('SUCCEEDED')) return;
        expect(seen.service).toBeDefined();
        expect(seen.rollout?.status).toBe('SUCCESSFUL');
        expect(seen.rollout?.target).toBe(ours);
        expect(seen.rollout?.digests.filter((one) => one !== digest)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('a service on our revision is never reported as rolled back', () => {
    fc.assert(
      fc.property(anyObservation, (seen) => {
        const decision = decideRollout({ ...seen, service: seen.service && { ...seen.service, taskDefinition: ours } });
        expect(inShort(decision)).not.toMatch(/^ROLLED_BACK/);
      }),
      { numRuns: 1000 },
    );
  });

  test('every rollback and every result has a message', () => {
    fc.assert(
      fc.property(anyObservation, (seen) => {
        const decision = decideRollout(seen);
        if (decision.action === 'rollBack' || decision.action === 'finish') expect(messageIn(decision)).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  test('after the timeout only a rollout that may not be listed yet is waited for', () => {
    fc.assert(
      fc.property(anyObservation, (seen) => {
        if (!seen.rollout) return;
        expect(decideRollout({ ...seen, isOverdue: true }).action).not.toBe('wait');
      }),
      { numRuns: 1000 },
    );
  });
});
