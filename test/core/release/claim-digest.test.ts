import { coversService, type ReleasedService, startedDeployments } from '../../../core/release/claim-digest.js';
import { deploymentRecord, digest, image, otherDigest, releaseRecord, resultWith, startedAt } from '../given.js';

const before = '2026-11-23T11:00:00.000Z';
const after = '2026-11-23T12:30:00.000Z';
const ours = deploymentRecord();
const others = deploymentRecord({ image: { ...image, digest: otherDigest } });
const isOurs = { lastDeployed: { digest, pushedAt: before } };
const isOlder = { lastDeployed: { digest: otherDigest, pushedAt: before } };
const isNewer = { lastDeployed: { digest: otherDigest, pushedAt: after } };

test.each<[string, Partial<ReleasedService>, boolean]>([
  ['it runs the digest', { state: isOurs }, true],
  ['it runs the digest, and another is being deployed', { state: isOurs, others: [others] }, false],
  ['it runs the digest, and it is not known who is in line', { state: isOurs, others: [ours, undefined] }, false],
  ['it gets the digest', { state: isOlder, others: [ours] }, true],
  [
    'it got the digest, or did not, and the lease is not given back',
    { others: [deploymentRecord({ result: resultWith('SUCCEEDED') })] },
    false,
  ],
  ['its deployment is not begun', { state: isOlder, isDue: true }, true],
  ['its deployment is begun', { state: isOlder, isDue: true, child: ours }, true],
  ['its deployment has ended', { isDue: true, child: deploymentRecord({ result: resultWith('SKIPPED') }) }, false],
  ['what runs is newer than the push that the release began with', { state: isNewer, others: [ours] }, false],
  ['what runs is as old as that', { state: { lastDeployed: { ...isNewer.lastDeployed, pushedAt: startedAt } }, isDue: true }, false],
  ['the release has passed it, and it runs something else', { state: isOlder }, false],
])('of a service another release of the same digest does what is needed? %s', (_, changes, expected) => {
  expect(coversService({ state: {}, others: [], child: undefined, isDue: false, ...changes }, digest, startedAt)).toBe(expected);
});

test('a release that is under way has reached the stages up to its own', () => {
  expect(startedDeployments(releaseRecord()).map(({ service, isDue }) => [service, isDue])).toEqual([['staging/web', true]]);
  expect(startedDeployments(releaseRecord({ stage: 'production' })).map(({ service, isDue }) => [service, isDue])).toEqual([
    ['staging/web', false],
    ['production/web', true],
    ['production/worker', true],
  ]);
});

test('one that has ended will do nothing more, so that all of it has to be there', () => {
  expect(startedDeployments(releaseRecord({ endedAt: startedAt })).map(({ isDue }) => isDue)).toEqual([false, false, false]);
});
