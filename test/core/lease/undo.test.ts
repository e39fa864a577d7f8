import { nextServiceState } from '../../../core/lease/next-service-state.js';
import { isStillDeployed } from '../../../core/lease/undo.js';
import type { DeploymentRecord, ServiceState, Source, Undone } from '../../../core/records/records.js';
import { type Outcome, outcomes } from '../../../core/result/result.js';
import {
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
const earlier = '2026-11-22T09:00:00.000Z';
/** The release has deployed `digest` with revision 8, over `otherDigest` on revision 7. */
const undoes: Undone = {
  repository: 'my-learn-app',
  digest,
  revision: revisionArn(8),
  previousRevision: revisionArn(7),
  lastDeployedBefore: { digest: otherDigest, tag: 'main-6', pushedAt: earlier },
};
const lastDeployed = { digest, tag: 'main-7', pushedAt };
const newest = good({ digest, revision: revisionArn(8) });
const released: ServiceState = stateOf({ lastDeployed }, { expectedRevisions: [revisionArn(8)], knownGood: [good(), newest] });

describe('what is undone is still deployed', () => {
  const proxy = good({ repository: 'my-proxy', digest: otherDigest, revision: revisionArn(9) });
  const besideProxy: ServiceState = { ...released, expectedRevisions: [revisionArn(9)], knownGood: [newest, proxy] };

  test.each<[string, boolean, ServiceState, string | undefined]>([
    ['while nothing else was deployed', true, released, undefined],
    ['while the service runs its revision', true, released, revisionArn(8)],
    ['with nothing running, which is not known good', true, { ...released, knownGood: [] }, revisionArn(8)],
    ['beside another source, deployed after it', true, besideProxy, undefined],
    ['in the revision that another source has copied', true, besideProxy, revisionArn(9)],
    ['not on a revision of another deployer', false, released, revisionArn(41)],
    ['not on a revision of another deployer, beside another source', false, besideProxy, revisionArn(41)],
    ['not where another deployer was the last', false, { ...released, expectedRevisions: [] }, revisionArn(41)],
    ['not after a newer image', false, { ...released, ...stateOf({ lastDeployed: { digest: otherDigest, pushedAt } }) }, undefined],
    ['not after a rollback that removed it', false, { ...released, ...stateOf({}) }, undefined],
    [
      'not after an operator deployed the same digest again',
      false,
      { ...released, expectedRevisions: [revisionArn(9)], knownGood: [good({ digest, revision: revisionArn(9) })] },
      revisionArn(9),
    ],
  ])('%s', (_, expected, state, current) => {
    expect(isStillDeployed(state, undoes, current)).toBe(expected);
  });

  const again: ServiceState = { ...released, expectedRevisions: [revisionArn(9)], knownGood: [good({ digest, revision: revisionArn(9) })] };

  test.each<[string, boolean, ServiceState, string | undefined]>([
    ['after the same digest was deployed again', true, again, undefined],
    ['in the revision of that', true, again, revisionArn(9)],
    ['not on a revision of another deployer', false, again, revisionArn(41)],
    ['not after a newer image', false, { ...again, ...stateOf({ lastDeployed: { digest: otherDigest, pushedAt } }) }, undefined],
  ])('for an operator: %s', (_, expected, state, current) => {
    expect(isStillDeployed(state, { ...undoes, isByOperator: true }, current)).toBe(expected);
  });
});

describe('the state after a deployment was undone', () => {
  const record = (changes: Partial<DeploymentRecord> = {}): DeploymentRecord =>
    deploymentRecord({
      operation: { kind: 'releaseRollback', deployment: 'service#production/web deployment#1' },
      undoes,
      pushedAt,
      updateRequestedAt: startedAt,
      revision: revisionArn(9),
      previousRevision: revisionArn(8),
      previousImage: `${registry}/my-learn-app@${digest}`,
      image: { ...image, tag: 'main-6', digest: otherDigest },
      ...changes,
    });
  const next = (outcome: Outcome, { state = released, ...changes }: Partial<DeploymentRecord> & { state?: ServiceState } = {}) => {
    const { sources, ...rest } = nextServiceState(record(changes), resultWith(outcome), state, later);
    return { ...rest, ...(sources?.['my-learn-app'] as Source) };
  };

  test('is as before the release: what was deployed last, what is known good, and no quarantine', () => {
    expect(next('SUCCEEDED')).toEqual({
      lastDeployed: undoes.lastDeployedBefore,
      knownGood: [good({ revision: revisionArn(9), tag: 'main-6', pushedAt: startedAt, at: later })],
      quarantine: [],
      expectedRevisions: [revisionArn(9)],
      settledAt: later,
    });
  });

  test('has nothing deployed last, and nothing known good, if nothing was', () => {
    const state = { ...released, knownGood: [newest] };
    const tagged = { ...image, tag: 'latest', digest: '' };

    expect(next('SUCCEEDED', { state, undoes: { ...undoes, lastDeployedBefore: null }, image: tagged })).toMatchObject({
      lastDeployed: null,
      knownGood: [{ digest: '', revision: revisionArn(9) }],
    });
    expect(next('SUCCEEDED', { state, hadRunningTasks: false })).toMatchObject({ knownGood: [], quarantine: [] });
  });

  test('keeps what was known good of the digest before the release, and of other sources', () => {
    const proxy = good({ repository: 'my-proxy', digest, revision: revisionArn(3) });
    const state = { ...released, knownGood: [proxy, newest] };

    expect(next('SUCCEEDED', { state }).knownGood?.map(({ revision }) => revision)).toEqual([revisionArn(3), revisionArn(9)]);
  });

  test('of a container whose image is of another repository is that of the source all the same', () => {
    const before = { ...image, repository: 'nginx', digest: '' };

    expect(next('SUCCEEDED', { image: before })).toMatchObject({ lastDeployed: undoes.lastDeployedBefore });
  });

  test('without what was deployed last, which an earlier version did not record, keeps what is', () => {
    const { lastDeployedBefore: _, ...without } = undoes;

    expect(next('SUCCEEDED', { undoes: without })).not.toHaveProperty('lastDeployed');
  });

  test.each(outcomes.filter((one) => one !== 'SUCCEEDED'))('that ended %s still has the release’s image as the last one', (outcome) => {
    const { lastDeployed: last, quarantine = [], knownGood = [newest] } = next(outcome);

    expect([last, quarantine]).toEqual([undefined, []]);
    expect(knownGood).toContainEqual(newest);
  });

  test('that an operator cancelled, or that crashed, quarantines neither image', () => {
    for (const reason of ['CANCELLED', 'CRASHED'] as const) {
      const { sources } = nextServiceState(record({ evidence: imageCrashes }), resultWith('ROLLED_BACK', { reason }), released, later);

      expect(sources).toEqual({ 'my-learn-app': { quarantine: [] } });
    }
  });

  test('by an operator is that of a rollback: the digest is quarantined, and earlier pushes are older than its start', () => {
    const state = { ...released, knownGood: [good(), newest] };

    expect(next('SUCCEEDED', { state, undoes: { ...undoes, isByOperator: true }, trigger: { kind: 'hand', by: 'ada' } })).toMatchObject({
      lastDeployed: { digest: otherDigest, tag: 'main-6', pushedAt: startedAt },
      knownGood: [{ revision: revisionArn(9), digest: otherDigest }],
      quarantine: [{ digest, reason: 'ROLLED_BACK_BY_OPERATOR', at: later }],
    });
  });

  test('by the release that an operator started quarantines nothing: it is no judgement of theirs', () => {
    expect(next('SUCCEEDED', { trigger: { kind: 'hand', by: 'ada' } })).toMatchObject({
      lastDeployed: undoes.lastDeployedBefore,
      quarantine: [],
    });
  });

  test('keeps what a hold keeps back', () => {
    const hold = { at: startedAt };
    const withheld = { digest: `sha256:${'b'.repeat(64)}`, pushedAt: later, release: '', hold };
    const state = { ...released, ...stateOf({ lastDeployed, withheld }) };

    expect(next('SUCCEEDED', { state })).not.toHaveProperty('withheld');
    expect(
      next('SUCCEEDED', { state: { ...state, ...stateOf({ lastDeployed, withheld: { ...withheld, digest: otherDigest } }) } }),
    ).not.toHaveProperty('withheld');
  });
});
