import { coversService, type ReleasedService, startedDeployments } from '../../../core/release/claim-digest.js';
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

test('a release in progress has started the stages up to its own', () => {
  expect(startedDeployments(releaseRecord()).map(({ service, isDue }) => [service, isDue])).toEqual([['staging/web', true]]);
  expect(startedDeployments(releaseRecord({ stage: 'production' })).map(({ service, isDue }) => [service, isDue])).toEqual([
    ['staging/web', false],
    ['production/web', true],
    ['production/worker', true],
  ]);
});

test('a release that has ended has started all stages, and none of its deployments is due', () => {
  expect(startedDeployments(releaseRecord({ endedAt: startedAt })).map(({ isDue }) => isDue)).toEqual([false, false, false]);
});
