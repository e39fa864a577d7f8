import type { ReleaseRecord } from '../../../core/records/records.js';
import {
  canJoin,
  coversService,
  goesOn,
  laterPushes,
  passesMore,
  positionOf,
  pushesOf,
  pushTo,
  type ReleasedService,
  withStages,
} from '../../../core/release/claim-digest.js';
import { deploymentRecord, digest, image, otherDigest, releaseRecord, resultWith, startedAt, stateOf } from '../given.js';

const before = '2026-11-23T11:00:00.000Z';
const after = '2026-11-23T12:30:00.000Z';
const ours = deploymentRecord();
const others = deploymentRecord({ image: { ...image, digest: otherDigest } });
const isOurs = stateOf({ lastDeployed: { digest, pushedAt: before } });
const isOlder = stateOf({ lastDeployed: { digest: otherDigest, pushedAt: before } });
const isNewer = stateOf({ lastDeployed: { digest: otherDigest, pushedAt: after } });
const proxy = deploymentRecord({ image: { ...image, repository: 'my-proxy', digest: otherDigest } });

test.each<[string, Partial<ReleasedService>, boolean]>([
  ['it runs the digest', { state: isOurs }, true],
  ['it runs the digest, and another is being deployed', { state: isOurs, others: [others] }, false],
  ['it runs the digest, and the record of the queued execution is missing', { state: isOurs, others: [ours, undefined] }, false],
  ['it is being deployed', { state: isOlder, others: [ours] }, true],
  [
    'its deployment has a result, and the lease is not released yet',
    { others: [deploymentRecord({ result: resultWith('SUCCEEDED') })] },
    false,
  ],
  ['it runs the digest, and another source is being deployed', { state: isOurs, others: [proxy] }, true],
  ['another source is being deployed, and its deployment has ended', { others: [proxy], isDue: true, child: ours, state: isNewer }, false],
  [
    'it runs the digest, and an operator’s rollback of another source is queued',
    { state: isOurs, others: [{ ...proxy, operation: { kind: 'rollback' } }] },
    false,
  ],
  ['its deployment has not started', { state: isOlder, isDue: true }, true],
  ['its deployment is in progress', { state: isOlder, isDue: true, child: ours }, true],
  ['its deployment has ended', { isDue: true, child: deploymentRecord({ result: resultWith('SKIPPED') }) }, false],
  ['what runs is newer than the push of the release', { state: isNewer, others: [ours] }, false],
  [
    'what runs is as old as the push of the release',
    { state: stateOf({ lastDeployed: { digest: otherDigest, pushedAt: startedAt } }), isDue: true },
    false,
  ],
  ['the release has left its stage, and it runs another digest', { state: isOlder }, false],
])('whether another release of the same digest covers a service: %s', (_, changes, expected) => {
  expect(coversService({ state: {}, others: [], child: undefined, isDue: false, ...changes }, image, startedAt)).toBe(expected);
});

test.each<[string, Partial<ReleaseRecord>, string[]]>([
  ['is planned', {}, ['waits', 'ahead']],
  ['has begun its first stage', { begun: 'staging' }, ['begun', 'ahead']],
  ['waits before its second stage', { stage: 'production', begun: 'staging' }, ['behind', 'waits']],
  ['has begun its second stage', { stage: 'production', begun: 'production' }, ['behind', 'begun']],
])('how far a release is that %s', (_, changes, expected) => {
  const release = releaseRecord(changes);

  expect(['staging', 'production'].map((stage) => positionOf(release, stage))).toEqual(expected);
});

test.each<[string, Partial<ReleaseRecord>, boolean]>([
  ['is in progress', {}, true],
  ['has ended', { endedAt: startedAt }, false],
  ['is decided', { decided: true }, false],
  ['rolls back', { rollback: { of: 'r', deployments: [] } }, false],
  ['has failed in its stage', { stageFailure: { stage: 'staging', service: 'staging/web', at: startedAt } }, false],
])('whether a release goes on that %s', (_, changes, expected) => {
  expect(goesOn(releaseRecord(changes))).toBe(expected);
});

describe('stages that join a release', () => {
  const order = ['preview', 'staging', 'canary', 'production', 'last'];
  const stage = (name: string) => ({ name, deployments: [] });
  const running = releaseRecord({ stage: 'staging' });

  test.each<[string[], string, boolean]>([
    [['canary'], 'staging', true],
    [['canary', 'last'], 'staging', true],
    [['preview'], 'staging', false],
    [['preview', 'canary'], 'staging', false],
    [['canary'], 'production', false],
    [['last'], 'removed', false],
    [['removed'], 'staging', false],
  ])('%j may join one that is in %s: %s', (names, current, expected) => {
    expect(canJoin({ ...running, stage: current }, names.map(stage), order)).toBe(expected);
  });

  test('come in the order of slipway.yml', () => {
    const names = withStages(running.stages ?? [], ['last', 'canary'].map(stage), order).map(({ name }) => name);

    expect(names).toEqual(['staging', 'canary', 'production', 'last']);
  });

  test('leave a stage that slipway.yml no longer has where it is', () => {
    expect(withStages(['staging', 'removed', 'production'].map(stage), [stage('canary')], order).map(({ name }) => name)).toEqual([
      'staging',
      'removed',
      'canary',
      'production',
    ]);
  });
});

test.each<[Partial<ReleaseRecord>, Partial<ReleaseRecord>, boolean]>([
  [{}, {}, false],
  [{ force: true }, {}, true],
  [{ force: true }, { force: true }, false],
  [{ ignoreWindow: true }, { force: true }, true],
  [{ force: true }, { force: true, ignoreWindow: true }, false],
  [{ ignoreScan: true }, { force: true, ignoreWindow: true }, true],
])('whether a release with %j passes gates at which one with %j waits', (one, other, expected) => {
  expect(passesMore(releaseRecord(one), releaseRecord(other))).toBe(expected);
});

describe('the pushes of a digest', () => {
  test('are those of its release, a joined stage having its own', () => {
    const [staging, production] = releaseRecord().stages ?? [];
    const release = releaseRecord({ pushedAt: before, stages: [staging!, { ...production!, pushedAt: after }] });

    expect(pushesOf(release)).toEqual({ staging: before, production: after });
  });

  test('are later by stage: a tag that reaches one does not make the digest newer in another', () => {
    const pushes = { staging: before, production: before };

    expect(laterPushes(pushes, { staging: before, production: after })).toEqual({ production: after });
    expect(laterPushes(pushes, { constructor: after })).toEqual({ constructor: after });
    expect(laterPushes({ production: after }, { production: before })).toEqual({});
  });

  test('are unknown for a stage that no tag has reached, also one named as a member of objects', () => {
    expect(pushTo({ pushes: { staging: before } }, 'constructor')).toBeUndefined();
  });
});
