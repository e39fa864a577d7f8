import {
  allowedImages,
  decidingRelease,
  ineligibleReason,
  reconciliationName,
  releasedHolds,
  searchFrom,
  wasDeploymentHeld,
  wasHeld,
} from '../../../core/housekeeping/reconcile.js';
import { configuration, digest, otherDigest, releaseRecord, resultWith } from '../given.js';

const repository = configuration.repositories['my-learn-app']!;
const image = (tags: string[], pushedAt: string, itsDigest = digest) => ({ digest: itsDigest, tags, pushedAt });
const noon = '2026-11-23T12:00:00.000Z';
const evening = '2026-11-23T18:00:00.000Z';
const candidate = { digest, tag: 'main-7', pushedAt: noon };

test('the images with an allowed tag are candidates, the newest first', () => {
  const older = image(['main-6'], '2026-11-22T12:00:00.000Z', otherDigest);
  const images = [image(['feature-1'], evening), older, image(['x', 'v2', 'main-7'], noon)];
  const expected = [candidate, { digest: otherDigest, tag: 'main-6', pushedAt: older.pushedAt }];

  expect(allowedImages(repository, images)).toEqual(expected);
  expect(allowedImages(repository, images.toReversed())).toEqual(expected);
});

test('of two images of the same second the one with the higher digest comes first', () => {
  const images = [image(['main-1'], noon, digest), image(['main-2'], noon, otherDigest)];
  const digests = [digest, otherDigest];

  expect(allowedImages(repository, images).map((one) => one.digest)).toEqual(digests);
  expect(allowedImages(repository, images.toReversed()).map((one) => one.digest)).toEqual(digests);
});

test.each([
  ['application/vnd.oci.image.config.v1+json', 1],
  ['application/vnd.docker.container.image.v1+json', 1],
  [undefined, 1],
  ['application/vnd.cncf.helm.config.v1+json', 0],
  ['application/vnd.buildkit.cacheconfig.v0', 0],
  ['application/spdx+json', 0],
])('of the artifact type %s there are %i candidates', (artifactType, count) => {
  const listed = { ...image(['main-7'], noon), ...(artifactType !== undefined && { artifactType }) };

  expect(allowedImages(repository, [listed])).toHaveLength(count);
});

test.each([
  ['before the repository was first seen', evening, evening, 'before Slipway first saw the repository'],
  ['longer ago than records are kept', '2025-01-01T00:00:00.000Z', '2027-11-23T12:00:00.000Z', 'longer ago than records are kept'],
  ['in the same second as the repository was first seen', noon, evening, undefined],
])('an image that was pushed %s', (_, firstSeenAt, now, why) => {
  expect(ineligibleReason(candidate, firstSeenAt, now)).toEqual(why === undefined ? undefined : expect.stringContaining(why));
});

test('the search for releases begins five minutes before the push, for clocks that differ', () => {
  expect(searchFrom(candidate)).toBe('2026-11-23T11:55:00.000Z');
});

test('the last release of a digest that was not a duplicate decides', () => {
  const held = releaseRecord({ result: resultWith('SKIPPED', { reason: 'ON_HOLD' }) });
  const duplicate = releaseRecord({ result: resultWith('SKIPPED', { reason: 'DUPLICATE_RELEASE' }) });

  expect(decidingRelease([held, duplicate])).toBe(held);
  expect(decidingRelease([duplicate])).toBe(duplicate);
  expect(decidingRelease([held, releaseRecord()])).toEqual(releaseRecord());
  expect(decidingRelease([])).toBeUndefined();
});

test.each([
  [undefined, false],
  [resultWith('SKIPPED', { reason: 'ON_HOLD' }), true],
  [resultWith('PARTIAL', { reason: 'ON_HOLD' }), true],
  [resultWith('SKIPPED', { reason: 'QUARANTINED', message: 'quarantined: it was on hold' }), false],
  [resultWith('SKIPPED', { reason: 'ALREADY_RUNNING' }), false],
  [resultWith('FAILED', { message: 'on hold since noon' }), false],
])('a release or a deployment with the result %j was held: %s', (result, held) => {
  expect(wasHeld(releaseRecord(result && { result }))).toBe(held);
  expect(wasDeploymentHeld(result ? { result } : {})).toBe(held);
});

test('a hold is released if neither the service nor every service is on hold', () => {
  const hold = { at: noon };
  const services = [
    { service: 'production/web', state: {} },
    { service: 'production/worker', state: { hold } },
  ];

  expect(releasedHolds(services, {})).toEqual(['production/web']);
  expect(releasedHolds(services, { hold })).toEqual([]);
  expect(releasedHolds([], {})).toEqual([]);
});

test('the name of a reconciled release depends on the repository, the digest and the release before', () => {
  const first = reconciliationName(repository, candidate, undefined);

  expect(first).toMatch(/^my-learn-app-a1b2c3d4a1b2-[0-9a-f]{16}$/);
  expect(reconciliationName(repository, candidate, undefined)).toBe(first);
  expect(reconciliationName({ ...repository, name: 'my/learn/app' }, candidate, undefined)).not.toBe(first);
  expect(reconciliationName(repository, { ...candidate, digest: otherDigest }, undefined)).not.toBe(first);
  expect(reconciliationName(repository, candidate, releaseRecord())).not.toBe(first);
});
