import fc from 'fast-check';
import { nextServiceState } from '../../../core/lease/next-service-state.js';
import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import { type Outcome, outcomes, type Reason, reasons } from '../../../core/result/result.js';
import { deploymentRecord, digest, good, image, later, otherDigest, registry, resultWith, revisionArn, startedAt } from '../given.js';

const pushedAt = '2026-11-23T11:59:58.000Z';
const succeeded = resultWith('SUCCEEDED');
const ended = (outcome: Outcome, reason: Reason) => resultWith(outcome, { reason });
const record = (changes: Partial<DeploymentRecord> = {}): DeploymentRecord =>
  deploymentRecord({ revision: revisionArn(8), pushedAt, operation: { kind: 'image' }, ...changes });
const learned = (one: DeploymentRecord, result: ReturnType<typeof ended>, state: ServiceState = {}) =>
  nextServiceState(one, result, state, later);
const bad = { digest: otherDigest, reason: 'CRASHED', at: startedAt };

describe('a success', () => {
  test('is the last good one, of the time of its push', () => {
    expect(learned(record(), succeeded)).toEqual({
      lastDeployed: { digest, tag: 'main-7', pushedAt },
      lastGood: { revision: revisionArn(8), digest, tag: 'main-7', pushedAt, at: later },
      quarantine: [],
    });
  });

  test('makes the one that was it before the good one before it', () => {
    expect(learned(record(), succeeded, { lastGood: good(), previousGood: good({ revision: revisionArn(2) }) })).toMatchObject({
      previousGood: good(),
    });
  });

  test('knows what ran before it; to run it once more changes nothing about that, and after a rollback there is nothing', () => {
    const lastGood = good({ digest, previousRevision: 'web:1' });

    expect(learned(record({ previousRevision: 'web:7' }), succeeded).lastGood).toMatchObject({ previousRevision: 'web:7' });
    expect(learned(record({ operation: { kind: 'redeploy' }, previousRevision: 'web:7' }), succeeded, { lastGood }).lastGood).toMatchObject(
      {
        previousRevision: 'web:1',
      },
    );
    expect(
      learned(record({ operation: { kind: 'rollback' }, previousRevision: 'web:7' }), succeeded, { lastGood: good() }).lastGood
        ?.previousRevision,
    ).toBeUndefined();
    expect(
      learned(record({ previousRevision: 'web:7', rollbackUnavailableReason: 'ECS gave it up' }), succeeded).lastGood?.previousRevision,
    ).toBeUndefined();
  });

  test('of the same digest leaves alone what was good before', () => {
    expect(learned(record(), succeeded, { lastGood: good({ digest }) })).not.toHaveProperty('previousGood');
  });

  test('with nothing running proves nothing: it is not the last good one, and lifts no quarantine, but pushes of before it are older', () => {
    const quarantine = [{ ...bad, digest }];

    expect(learned(record({ hadRunningTasks: false }), succeeded, { lastGood: good(), quarantine })).toEqual({
      quarantine,
      lastDeployed: { digest, tag: 'main-7', pushedAt },
    });
  });

  test('lifts the quarantine of its own digest, and of no other', () => {
    expect(learned(record(), succeeded, { quarantine: [{ ...bad, digest }, bad] }).quarantine).toEqual([bad]);
  });

  test('of a release without a time of push is of its start', () => {
    const { pushedAt: _, ...without } = record();

    expect(learned(without, succeeded).lastGood).toMatchObject({ pushedAt: startedAt });
  });

  test('of a revision that was named is of its start, so that pushes of before do not follow it', () => {
    const { lastGood } = learned(record({ operation: { kind: 'taskDefinition', taskDefinition: 'web:3' } }), succeeded, {
      lastGood: good(),
    });

    expect(lastGood).toMatchObject({ pushedAt: startedAt });
  });

  test('of what ran already is as old as that was, so that a push of meanwhile still follows it', () => {
    const { lastGood } = learned(record({ operation: { kind: 'redeploy' } }), succeeded, { lastGood: good({ digest }) });

    expect(lastGood).toMatchObject({ revision: revisionArn(8), pushedAt: '2026-11-22T12:00:00.000Z' });
  });
});

describe('an image that runs already', () => {
  const runs = ended('SKIPPED', 'ALREADY_RUNNING');
  const lastDeployed = { digest, tag: 'main-6', pushedAt: '2026-11-22T12:00:00.000Z' };

  test('is as young as its last push', () => {
    expect(learned(record(), runs, { lastDeployed })).toEqual({ lastDeployed: { digest, tag: 'main-7', pushedAt }, quarantine: [] });
  });

  test('is not made older by an event that comes late', () => {
    expect(learned(record(), runs, { lastDeployed: { ...lastDeployed, pushedAt: later } })).toMatchObject({
      lastDeployed: { pushedAt: later },
    });
  });

  test('was pushed once more while its release was under way', () => {
    expect(nextServiceState(record(), succeeded, {}, later, later)).toMatchObject({ lastDeployed: { digest, pushedAt: later } });
  });
});

describe('a rollback by hand that succeeded', () => {
  const rollback = record({
    operation: { kind: 'rollback' },
    image: { ...image, digest: otherDigest },
    previousImage: `${registry}/my-learn-app@${digest}`,
  });

  test.each(['ROLLED_BACK_BY_OPERATOR', 'NOTHING_RUNNING'] as const)(
    '%s quarantines what it led away from, and counts as pushed when it was started',
    (reason) => {
      expect(learned(rollback, ended('SUCCEEDED', reason), { lastGood: good({ digest }), previousGood: good() })).toEqual({
        lastDeployed: { digest: otherDigest, tag: 'main-7', pushedAt: startedAt },
        lastGood: { revision: revisionArn(8), digest: otherDigest, tag: 'main-7', pushedAt: startedAt, at: later },
        quarantine: [{ digest, reason: 'ROLLED_BACK_BY_OPERATOR', at: later }],
      });
    },
  );

  test('does not quarantine the image that it led to', () => {
    const same = { ...rollback, previousImage: `${registry}/my-learn-app@${otherDigest}` };

    expect(learned(same, succeeded, { lastGood: good() }).quarantine).toEqual([]);
  });

  test('from an image that was not pinned quarantines nothing', () => {
    expect(learned({ ...rollback, previousImage: `${registry}/my-learn-app:main-7` }, succeeded).quarantine).toEqual([]);
  });
});

describe('a failure', () => {
  const state: ServiceState = { lastGood: good(), quarantine: [bad] };

  test.each(['CRASHED', 'UNHEALTHY', 'CANNOT_PULL', 'ALARM', 'CIRCUIT_BREAKER', 'CANCELLED'] as const)(
    'for the reason %s, rolled back or not, quarantines the digest',
    (reason) => {
      for (const outcome of ['ROLLED_BACK', 'ROLLBACK_FAILED'] as const)
        expect(learned(record(), ended(outcome, reason), state)).toEqual({ quarantine: [bad, { digest, reason, at: later }] });
    },
  );

  test.each(['PLACEMENT', 'TIMED_OUT', 'AWS_ERROR'] as const)('for the reason %s says nothing of the image', (reason) => {
    expect(learned(record(), ended('ROLLED_BACK', reason), state)).toEqual({ quarantine: [bad] });
  });

  test.each(['FAILED', 'SKIPPED', 'SUPERSEDED', 'UNKNOWN'] as const)('that is %s says nothing of the image', (outcome) => {
    expect(learned(record(), ended(outcome, 'CRASHED'), state)).toEqual({ quarantine: [bad] });
  });

  test('of a digest that is in quarantine is noted once, as the newest', () => {
    const quarantine = [{ ...bad, digest }, bad];

    expect(learned(record(), ended('ROLLED_BACK', 'UNHEALTHY'), { quarantine }).quarantine).toEqual([
      bad,
      { digest, reason: 'UNHEALTHY', at: later },
    ]);
  });

  test('of an image that has worked here says nothing of it', () => {
    const hasWorked: ServiceState[] = [{ lastGood: good({ digest }) }, { lastGood: good(), previousGood: good({ digest }) }];

    for (const before of hasWorked) expect(learned(record(), ended('ROLLED_BACK', 'CRASHED'), before).quarantine).toEqual([]);
  });

  test('of a rollback, or of a revision that an operator named, says nothing of its image', () => {
    for (const operation of [{ kind: 'rollback' }, { kind: 'taskDefinition', taskDefinition: 'web:3' }] as const)
      expect(learned(record({ operation }), ended('ROLLED_BACK', 'CRASHED')).quarantine).toEqual([]);
  });

  test('of what ran before says nothing of it: it did not start once more, or its rollback was cancelled', () => {
    const same = record({ operation: { kind: 'redeploy' }, previousImage: `${registry}/my-learn-app@${digest}` });
    const rollback = record({ operation: { kind: 'rollback' }, previousImage: `${registry}/my-learn-app@${otherDigest}` });

    expect(learned(same, ended('ROLLED_BACK', 'CRASHED')).quarantine).toEqual([]);
    expect(learned(rollback, ended('ROLLED_BACK', 'CANCELLED')).quarantine).toEqual([]);
  });

  test('of an image that was never found quarantines nothing', () => {
    const { image: _, ...without } = record();

    expect(learned(without, ended('ROLLED_BACK', 'CRASHED'), state)).toEqual({ quarantine: [bad] });
    expect(learned(record({ image: { ...image, digest: '' } }), ended('ROLLED_BACK', 'CRASHED'), state)).toEqual({ quarantine: [bad] });
  });
});

describe('however it ends,', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ digest: `sha256:${index}`, reason: 'CRASHED', at: later }));
  const anything = fc.record({
    outcome: fc.constantFrom(...outcomes),
    reason: fc.constantFrom(...reasons),
    operation: fc.constantFrom('image' as const, 'rollback' as const, 'redeploy' as const),
    hadRunningTasks: fc.boolean(),
    count: fc.nat(25),
  });
  const result = ({ outcome, reason, operation, hadRunningTasks, count }: typeof anything extends fc.Arbitrary<infer T> ? T : never) => {
    const one = record({ operation: { kind: operation }, hadRunningTasks, previousImage: `${registry}/my-learn-app@${otherDigest}` });
    return learned(one, ended(outcome, reason), { lastGood: good(), quarantine: many(count) });
  };

  test('nothing is last good but a success that ran', () => {
    fc.assert(fc.property(anything, (it) => (result(it).lastGood !== undefined) === (it.outcome === 'SUCCEEDED' && it.hadRunningTasks)));
  });

  test('what is last good is not in quarantine', () => {
    fc.assert(
      fc.property(anything, (it) => {
        const { lastGood, quarantine = [] } = result(it);
        return lastGood === undefined || quarantine.every((one) => one.digest !== lastGood.digest);
      }),
    );
  });

  test('at most one digest comes into quarantine, as the last, and of twenty the oldest gives way', () => {
    fc.assert(
      fc.property(anything, (it) => {
        const { quarantine = [] } = result({ ...it, count: Math.min(it.count, 20) });
        const isMore = quarantine.some((one) => one.digest === digest || one.digest === otherDigest);
        return quarantine.length <= 20 && (!isMore || [digest, otherDigest].includes(quarantine.at(-1)?.digest ?? ''));
      }),
    );
  });
});

describe('where the service was left', () => {
  const updateRequestedAt = record({ previousRevision: revisionArn(7), updateRequestedAt: startedAt });
  const expectedRevisions = (changes: Partial<DeploymentRecord>, outcome: Outcome) =>
    learned({ ...updateRequestedAt, ...changes }, ended(outcome, 'CRASHED')).expectedRevisions;
  const [ours, previousRevision, lastGood, elsewhere] = [revisionArn(8), revisionArn(7), revisionArn(6), revisionArn(5)];

  test.each<[Outcome, Partial<DeploymentRecord>, string[]]>([
    ['SUCCEEDED', {}, [ours]],
    ['SUPERSEDED', {}, []],
    ['ROLLED_BACK', {}, [previousRevision]],
    ['ROLLED_BACK', { rollbackTarget: lastGood }, [lastGood]],
    ['ROLLED_BACK', { revisionAtFailure: elsewhere }, [elsewhere]],
    ['ROLLED_BACK', { rollbackTarget: lastGood, revisionAtFailure: elsewhere }, [elsewhere]],
    ['ROLLBACK_FAILED', {}, [ours, previousRevision]],
    ['ROLLBACK_FAILED', { rollbackTarget: lastGood, revisionAtFailure: previousRevision }, [ours, previousRevision, lastGood]],
    ['ROLLBACK_FAILED', { revisionAtFailure: elsewhere }, [ours, previousRevision, elsewhere]],
    ['UNKNOWN', {}, [ours, previousRevision]],
  ])('by a deployment that %s (%j)', (outcome, changes, expected) => {
    expect(expectedRevisions(changes, outcome)).toEqual(expected);
  });

  test('is not said by one that never touched it', () => {
    expect(learned(record({ previousRevision }), ended('FAILED', 'AWS_ERROR'))).not.toHaveProperty('left');
  });
});
