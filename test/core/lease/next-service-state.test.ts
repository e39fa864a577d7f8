import fc from 'fast-check';
import { nextServiceState } from '../../../core/lease/next-service-state.js';
import type { DeploymentRecord, ServiceState, Source } from '../../../core/records/records.js';
import { type Outcome, outcomes, type Reason, reasons } from '../../../core/result/result.js';
import {
  beforeTaskEnd,
  beforeTaskRun,
  crashes,
  deploymentRecord,
  digest,
  good,
  image,
  imageCrashes,
  later,
  otherDigest,
  registry,
  resultWith,
  revisionArn,
  startedAt,
  stateOf,
} from '../given.js';

const pushedAt = '2026-11-23T11:59:58.000Z';
const succeeded = resultWith('SUCCEEDED');
const resultOf = (outcome: Outcome, reason: Reason) => resultWith(outcome, { reason });
const record = (changes: Partial<DeploymentRecord> = {}): DeploymentRecord =>
  deploymentRecord({ revision: revisionArn(8), pushedAt, operation: { kind: 'image' }, ...changes });
const next = (one: DeploymentRecord, result: ReturnType<typeof resultOf>, state: ServiceState = {}, pushedAgainAt?: string) => {
  const { sources, ...rest } = nextServiceState(one, result, state, later, pushedAgainAt);
  return { ...rest, ...sources?.['my-learn-app'] };
};
const bad = { digest: otherDigest, reason: 'CRASHED', at: startedAt };

describe('a success', () => {
  test('becomes the newest known good one, with the time of its push', () => {
    expect(next(record(), succeeded)).toEqual({
      lastDeployed: { digest, tag: 'main-7', pushedAt },
      knownGood: [{ revision: revisionArn(8), repository: 'my-learn-app', digest, tag: 'main-7', pushedAt, at: later }],
      quarantine: [],
    });
  });

  test('keeps ten known good ones of its source, one a digest, and those of other sources', () => {
    const many = Array.from({ length: 10 }, (_, index) => good({ digest: `sha256:${index}` }));
    const proxy = good({ repository: 'my-proxy', digest });
    const digests = (knownGood: NonNullable<ServiceState['knownGood']>) =>
      next(record(), succeeded, { knownGood }).knownGood?.map((one) => one.digest);

    expect(digests([proxy, ...many])).toEqual([digest, ...many.slice(1).map((one) => one.digest), digest]);
    expect(digests([good({ digest }), good(), proxy])).toEqual([otherDigest, digest, digest]);
  });

  test('keeps the revision that ran before its image; one that was quarantined or not proven is no rollback target', () => {
    const previousOf = (changes: Partial<DeploymentRecord>, state: ServiceState = {}) =>
      next(record({ previousRevision: 'web:7', ...changes }), succeeded, state).knownGood?.at(-1)?.previousRevision;
    const previousImage = `${registry}/my-learn-app@${otherDigest}`;

    expect(previousOf({ previousImage })).toBe('web:7');
    expect(previousOf({ operation: { kind: 'redeploy' } }, { knownGood: [good({ digest, previousRevision: 'web:1' })] })).toBe('web:1');
    expect(previousOf({ operation: { kind: 'rollback' } }, { knownGood: [good({ digest, previousRevision: 'web:1' }), good()] })).toBe(
      'web:1',
    );
    expect(previousOf({ operation: { kind: 'rollback' } }, { knownGood: [good()] })).toBeUndefined();
    expect(previousOf({ operation: { kind: 'redeploy' }, previousImage: `${registry}/my-learn-app@${digest}` })).toBeUndefined();
    expect(previousOf({ rollbackUnavailableReason: 'ECS gave it up' })).toBeUndefined();
    expect(previousOf({ previousImage }, stateOf({ quarantine: [bad] }))).toBeUndefined();
  });

  test('with no task running is not known good and lifts no quarantine, but earlier pushes are older', () => {
    const quarantine = [{ ...bad, digest }];

    expect(next(record({ hadRunningTasks: false }), succeeded, stateOf({ quarantine }, { knownGood: [good()] }))).toEqual({
      quarantine,
      lastDeployed: { digest, tag: 'main-7', pushedAt },
    });
  });

  test('lifts the quarantine of its own digest, and of no other', () => {
    expect(next(record(), succeeded, stateOf({ quarantine: [{ ...bad, digest }, bad] })).quarantine).toEqual([bad]);
  });

  test('without a time of push counts from its start', () => {
    const { pushedAt: _, ...without } = record();

    expect(next(without, succeeded).lastDeployed).toMatchObject({ pushedAt: startedAt });
  });

  test('of a named revision counts from its start, so that earlier pushes of every source are skipped', () => {
    const before: ServiceState = { sources: { 'my-proxy': { lastDeployed: { digest: otherDigest, pushedAt } }, 'my-tool': {} } };
    const named = record({ operation: { kind: 'taskDefinition', taskDefinition: 'web:3' } });

    expect(nextServiceState(named, succeeded, before, later).sources).toEqual({
      'my-learn-app': { lastDeployed: { digest, tag: 'main-7', pushedAt: startedAt }, quarantine: [] },
      'my-proxy': { lastDeployed: { digest: '', pushedAt: startedAt } },
    });
  });

  test('of a redeployment keeps the time of the image, so that a push during it still follows', () => {
    const lastDeployed = { digest, tag: 'main-7', pushedAt: '2026-11-22T12:00:00.000Z' };

    expect(next(record({ operation: { kind: 'redeploy' } }), succeeded, stateOf({ lastDeployed }))).toMatchObject({ lastDeployed });
  });

  test('changes nothing of another source', () => {
    const other = { lastDeployed: { digest: otherDigest, pushedAt: later }, quarantine: [{ ...bad, digest }] };
    const state: ServiceState = { sources: { 'my-proxy': other }, knownGood: [good({ repository: 'my-proxy', digest })] };

    expect(Object.keys(nextServiceState(record(), succeeded, state, later).sources ?? {})).toEqual(['my-learn-app']);
    expect(next(record({ evidence: imageCrashes }), resultOf('ROLLED_BACK', 'CRASHED'), state).quarantine).toMatchObject([
      { digest, reason: 'CRASHED', at: later },
    ]);
  });
});

describe('what a hold kept back', () => {
  const kept = { digest: otherDigest, pushedAt, release: 'repository#my-learn-app release#1', hold: { at: startedAt } };
  const state = stateOf({ withheld: kept });
  const itself = record({ image: { ...image, digest: otherDigest } });
  const older = record({ pushedAt: '2026-11-22T12:00:00.000Z' });

  test.each<[string, DeploymentRecord, Outcome, Reason]>([
    ['it is deployed', itself, 'SUCCEEDED', 'DEPLOYED'],
    ['it is deployed and fails', itself, 'ROLLED_BACK', 'CRASHED'],
    ['it runs', itself, 'SKIPPED', 'ALREADY_RUNNING'],
    ['its release fails', { ...itself, trigger: { kind: 'releasedHold' } }, 'FAILED', 'AWS_ERROR'],
    ['a newer image is deployed', record({ pushedAt: later }), 'SUCCEEDED', 'DEPLOYED'],
    ['an operator deploys another', record({ operation: { kind: 'rollback' } }), 'SUCCEEDED', 'ROLLED_BACK_BY_OPERATOR'],
  ])('is forgotten once %s', (_, one, outcome, reason) => {
    expect(next(one, resultOf(outcome, reason), state)).toMatchObject({ withheld: null });
  });

  test.each<[string, DeploymentRecord, Outcome, Reason]>([
    ['the hold keeps it back', itself, 'SKIPPED', 'ON_HOLD'],
    ['an older image is deployed', older, 'SUCCEEDED', 'DEPLOYED'],
    ['a newer image fails', record({ pushedAt: later }), 'ROLLED_BACK', 'CRASHED'],
    ['an operator’s start of it changes nothing', itself, 'FAILED', 'AWS_ERROR'],
  ])('stays while %s', (_, one, outcome, reason) => {
    expect(next(one, resultOf(outcome, reason), state)).not.toHaveProperty('withheld');
  });
});

describe('an image that already runs', () => {
  const runs = resultOf('SKIPPED', 'ALREADY_RUNNING');
  const lastDeployed = { digest, tag: 'main-6', pushedAt: '2026-11-22T12:00:00.000Z' };

  test('has the time of its last push', () => {
    expect(next(record(), runs, stateOf({ lastDeployed }))).toEqual({ lastDeployed: { digest, tag: 'main-7', pushedAt }, quarantine: [] });
  });

  test('is not made older by a late event', () => {
    expect(next(record(), runs, stateOf({ lastDeployed: { ...lastDeployed, pushedAt: later } }))).toMatchObject({
      lastDeployed: { pushedAt: later },
    });
  });

  test('has the time of a push during its release', () => {
    expect(next(record(), succeeded, {}, later)).toMatchObject({ lastDeployed: { digest, pushedAt: later } });
  });
});

describe('an operator’s rollback that succeeded', () => {
  const rollback = record({
    operation: { kind: 'rollback' },
    image: { ...image, digest: otherDigest },
    previousImage: `${registry}/my-learn-app@${digest}`,
  });

  test.each(['ROLLED_BACK_BY_OPERATOR', 'NOTHING_RUNNING'] as const)(
    '%s quarantines what it led away from, and counts as pushed when it was started',
    (reason) => {
      expect(next(rollback, resultOf('SUCCEEDED', reason), { knownGood: [good(), good({ digest })] })).toEqual({
        lastDeployed: { digest: otherDigest, tag: 'main-7', pushedAt: startedAt },
        knownGood: [
          { revision: revisionArn(8), repository: 'my-learn-app', digest: otherDigest, tag: 'main-7', pushedAt: startedAt, at: later },
        ],
        quarantine: [{ digest, reason: 'ROLLED_BACK_BY_OPERATOR', at: later, others: [] }],
      });
    },
  );

  test('to a revision with an image of no source is one of the source that it led away from', () => {
    const foreign = { ...rollback, image: { registry: 'docker.io', repository: 'nginx', digest: '' } };

    expect(nextServiceState(foreign, succeeded, { knownGood: [good({ digest })] }, later)).toMatchObject({
      knownGood: [{ repository: 'my-learn-app', digest: '' }],
      sources: { 'my-learn-app': { lastDeployed: { pushedAt: startedAt }, quarantine: [{ digest, reason: 'ROLLED_BACK_BY_OPERATOR' }] } },
    });
  });

  test('takes what it led away from off the known good ones, also if nothing runs, so that no later rollback leads back to it', () => {
    const proxy = good({ repository: 'my-proxy', digest });
    const knownGood = [proxy, good({ digest: 'sha256:1' }), good({ digest })];
    const digestsAfter = (one: DeploymentRecord) => next(one, succeeded, { knownGood }).knownGood?.map((left) => left.digest);

    expect(digestsAfter(rollback)).toEqual([digest, 'sha256:1', otherDigest]);
    expect(digestsAfter({ ...rollback, hadRunningTasks: false })).toEqual([digest, 'sha256:1']);
  });

  test('does not quarantine its target', () => {
    const same = { ...rollback, previousImage: `${registry}/my-learn-app@${otherDigest}` };

    expect(next(same, succeeded, { knownGood: [good()] }).quarantine).toEqual([]);
  });

  test('from an image without a digest quarantines nothing', () => {
    expect(next({ ...rollback, previousImage: `${registry}/my-learn-app:main-7` }, succeeded).quarantine).toEqual([]);
  });
});

describe('a failure', () => {
  const state = stateOf({ quarantine: [bad] }, { knownGood: [good()] });

  const imageFailed = { evidence: imageCrashes };

  test.each([
    ['CRASHED', imageFailed],
    ['UNHEALTHY', imageFailed],
    ['CANNOT_PULL', imageFailed],
    ['ALARM', {}],
    ['CANCELLED', {}],
  ] as const)('for the reason %s, with %j, quarantines the digest, rolled back or not', (reason, changes) => {
    for (const outcome of ['ROLLED_BACK', 'ROLLBACK_FAILED'] as const)
      expect(next(record(changes), resultOf(outcome, reason), state)).toEqual({
        quarantine: [bad, { digest, reason, at: later, others: [] }],
      });
  });

  test.each([
    ['CRASHED', { evidence: crashes }],
    ['UNHEALTHY', { evidence: crashes }],
    ['CANNOT_PULL', {}],
    ['CANNOT_START', imageFailed],
    ['HOST', imageFailed],
    ['PLACEMENT', imageFailed],
    ['CIRCUIT_BREAKER', {}],
    ['STOPPED_IN_ECS', {}],
    ['TIMED_OUT', imageFailed],
    ['STAGE_FAILED', imageFailed],
    ['AWS_ERROR', imageFailed],
  ] as const)('for the reason %s, with %j, does not quarantine the image', (reason, changes) => {
    expect(next(record(changes), resultOf('ROLLED_BACK', reason), state)).toEqual({ quarantine: [bad] });
  });

  test.each([
    ['VERIFICATION', true, true],
    ['VERIFICATION', false, false],
    ['ALARM', false, true],
  ] as const)('by a verification with the reason %s, which speaks of the image: %s, quarantines it: %s', (reason, speaksOfImage, isBad) => {
    const verification = { since: startedAt, failure: { reason, message: 'x', speaksOfImage } };
    const found = next(record({ verification }), resultOf('ROLLED_BACK', reason));
    expect(found.quarantine?.map((one) => one.digest)).toEqual(isBad ? [digest] : []);
  });

  test.each(['FAILED', 'SKIPPED', 'SUPERSEDED', 'UNKNOWN'] as const)('with the outcome %s does not quarantine the image', (outcome) => {
    expect(next(record(imageFailed), resultOf(outcome, 'CRASHED'), state)).toEqual({ quarantine: [bad] });
  });

  test('of a quarantined digest replaces its entry, as the newest', () => {
    const quarantine = [{ ...bad, digest }, bad];

    expect(next(record(imageFailed), resultOf('ROLLED_BACK', 'UNHEALTHY'), stateOf({ quarantine })).quarantine).toEqual([
      bad,
      { digest, reason: 'UNHEALTHY', at: later, others: [] },
    ]);
  });

  test('of an image that has worked here does not quarantine it', () => {
    const hasWorked: ServiceState[] = [{ knownGood: [good({ digest })] }, { knownGood: [good({ digest }), good()] }];

    for (const before of hasWorked) expect(next(record(imageFailed), resultOf('ROLLED_BACK', 'CRASHED'), before).quarantine).toEqual([]);
  });

  test('of a rollback, or of a named revision, does not quarantine its image', () => {
    for (const operation of [{ kind: 'rollback' }, { kind: 'taskDefinition', taskDefinition: 'web:3' }] as const)
      expect(next(record({ operation, ...imageFailed }), resultOf('ROLLED_BACK', 'CRASHED')).quarantine).toEqual([]);
  });

  test('of the image that ran before does not quarantine it, nor does a cancelled rollback', () => {
    const same = record({ operation: { kind: 'redeploy' }, previousImage: `${registry}/my-learn-app@${digest}`, ...imageFailed });
    const rollback = record({ operation: { kind: 'rollback' }, previousImage: `${registry}/my-learn-app@${otherDigest}` });

    expect(next(same, resultOf('ROLLED_BACK', 'CRASHED')).quarantine).toEqual([]);
    expect(next(rollback, resultOf('ROLLED_BACK', 'CANCELLED')).quarantine).toEqual([]);
  });

  test('of an image that was never resolved quarantines nothing', () => {
    const { image: _, ...without } = record(imageFailed);

    expect(next(without, resultOf('ROLLED_BACK', 'CRASHED'), state)).toEqual({});
    expect(next(record({ image: { ...image, digest: '' }, ...imageFailed }), resultOf('ROLLED_BACK', 'CRASHED'), state)).toEqual({
      quarantine: [bad],
    });
  });
});

describe('a before task', () => {
  const crashed = beforeTaskRun({ ended: beforeTaskEnd({ outcome: 'FAILED', reason: 'CRASHED', exitCode: 1, speaksOfImage: true }) });
  const failed = resultOf('FAILED', 'BEFORE_TASK');

  test.each(['image', 'beforeTask'] as const)('that its image failed quarantines the digest (operation %s)', (kind) => {
    const operation = { kind };

    expect(next(record({ operation, beforeTask: crashed }), failed)).toEqual({
      quarantine: [expect.objectContaining({ digest, reason: 'BEFORE_TASK', at: later })],
    });
    const { ended } = beforeTaskRun({ ended: beforeTaskEnd({ outcome: 'FAILED', reason: 'HOST' }) });
    expect(next(record({ operation, beforeTask: { ...crashed, ...(ended && { ended }) } }), failed).quarantine).toEqual([]);
    expect(next(record({ operation, beforeTask: crashed }), resultOf('FAILED', 'CANCELLED')).quarantine).toEqual([]);
    expect(next(record({ operation, beforeTask: crashed }), failed, { knownGood: [good({ digest })] }).quarantine).toEqual([]);
  });

  test.each([resultOf('SUCCEEDED', 'BEFORE_TASK_COMPLETED'), resultOf('SKIPPED', 'ALREADY_RUNNING'), failed])(
    'of a stage changes nothing else of the service that it is like: $outcome',
    (result) => {
      const quarantine = [{ ...bad, digest }];
      const hold = { at: startedAt };
      const withheld = { digest, pushedAt, release: '', hold };
      const state = stateOf({ quarantine, withheld, lastDeployed: { digest: otherDigest, pushedAt: startedAt } }, { knownGood: [good()] });

      expect(
        next(record({ operation: { kind: 'beforeTask' }, beforeTask: beforeTaskRun({ ended: beforeTaskEnd() }) }), result, state),
      ).toEqual({
        quarantine,
      });
    },
  );
});

describe('for every result,', () => {
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
    const one = record({
      evidence: imageCrashes,
      operation: { kind: operation },
      hadRunningTasks,
      previousImage: `${registry}/my-learn-app@${otherDigest}`,
    });
    return next(one, resultOf(outcome, reason), stateOf({ quarantine: many(count) }, { knownGood: [good()] }));
  };

  test('only a success with running tasks becomes known good', () => {
    const isGood = ({ knownGood = [] }: ReturnType<typeof result>): boolean => knownGood.some((one) => one.digest === digest);

    fc.assert(fc.property(anything, (it) => isGood(result(it)) === (it.outcome === 'SUCCEEDED' && it.hadRunningTasks)));
  });

  test('no known good digest is quarantined', () => {
    fc.assert(
      fc.property(anything, (it) => {
        const { knownGood = [good()], quarantine } = result(it);
        return quarantine?.every((one) => knownGood.every((left) => left.digest !== one.digest));
      }),
    );
  });

  test('at most one digest is added to the quarantine, as the last; of twenty the oldest is dropped', () => {
    fc.assert(
      fc.property(anything, (it) => {
        const quarantine = result({ ...it, count: Math.min(it.count, 20) }).quarantine ?? [];
        const isMore = quarantine.some((one) => one.digest === digest || one.digest === otherDigest);
        return quarantine.length <= 20 && (!isMore || [digest, otherDigest].includes(quarantine.at(-1)?.digest ?? ''));
      }),
    );
  });
});

describe('an entry of the quarantine', () => {
  const failed = resultOf('ROLLED_BACK', 'CRASHED');
  const beside = (proxy: string, source: Source = {}): ServiceState => ({
    sources: {
      'my-learn-app': source,
      'my-proxy': { lastDeployed: { digest: proxy, pushedAt } },
      'my-tool': { quarantine: [bad] },
    },
  });
  const others = [{ repository: 'my-proxy', digest: 'sha256:1' }];

  test('keeps what the other sources had deployed last when its digest failed', () => {
    const lastDeployed = { digest: otherDigest, pushedAt };

    expect(next(record({ evidence: imageCrashes }), failed, beside('sha256:1', { lastDeployed })).quarantine).toEqual([
      { digest, reason: 'CRASHED', at: later, others },
    ]);
  });

  test('that has lapsed is removed with the next result of its source, also with a failure', () => {
    const source = { quarantine: [{ ...bad, others }] };

    for (const result of [succeeded, failed, resultOf('FAILED', 'AWS_ERROR')]) {
      expect(next(record(), result, beside('sha256:2', source)).quarantine).toEqual([]);
      expect(next(record(), result, beside('sha256:1', source)).quarantine).toEqual([{ ...bad, others }]);
    }
  });
});

describe('the expected revisions', () => {
  const updated = record({ previousRevision: revisionArn(7), updateRequestedAt: startedAt });
  const expectedRevisions = (changes: Partial<DeploymentRecord>, outcome: Outcome) =>
    next({ ...updated, ...changes }, resultOf(outcome, 'CRASHED')).expectedRevisions;
  const [ours, previousRevision, lastGood, elsewhere] = [revisionArn(8), revisionArn(7), revisionArn(6), revisionArn(5)];

  test.each<[Outcome, Partial<DeploymentRecord>, string[]]>([
    ['SUCCEEDED', {}, [ours]],
    ['SUPERSEDED', {}, []],
    ['SUPERSEDED', { verification: { since: startedAt } }, [ours]],
    ['ROLLED_BACK', {}, [previousRevision]],
    ['ROLLED_BACK', { rollbackTarget: lastGood }, [lastGood]],
    ['ROLLED_BACK', { revisionAtFailure: elsewhere }, [elsewhere]],
    ['ROLLED_BACK', { rollbackTarget: lastGood, revisionAtFailure: elsewhere }, [elsewhere]],
    ['ROLLBACK_FAILED', {}, [ours, previousRevision]],
    ['ROLLBACK_FAILED', { rollbackTarget: lastGood, revisionAtFailure: previousRevision }, [ours, previousRevision, lastGood]],
    ['ROLLBACK_FAILED', { revisionAtFailure: elsewhere }, [ours, previousRevision, elsewhere]],
    ['UNKNOWN', {}, [ours, previousRevision]],
  ])('after a deployment that %s (%j)', (outcome, changes, expected) => {
    expect(expectedRevisions(changes, outcome)).toEqual(expected);
  });

  test('that a verification left for another deployment have been settled since ECS completed their rollout', () => {
    const superseded = resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT');
    const updated = { revision: ours, previousRevision, updateRequestedAt: startedAt };

    expect(next(record({ ...updated, verification: { since: startedAt } }), superseded)).toMatchObject({ settledAt: startedAt });
    expect(next(record(updated), superseded)).not.toHaveProperty('settledAt');
  });

  test('are unchanged if no update was requested', () => {
    expect(next(record({ previousRevision }), resultOf('FAILED', 'AWS_ERROR'))).not.toHaveProperty('expectedRevisions');
  });
});
