import type { Stage } from '../../../core/configuration/configuration.js';
import { imagesFor, ineligibleReason, plannedStages, reconciliationName, searchFrom } from '../../../core/housekeeping/reconcile.js';
import type { ReleaseRecord } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { configuration, digest, otherDigest, releaseRecord } from '../given.js';

const repository = configuration.repositories['my-learn-app']!;
const [stage] = repository.stages as [Stage];
const image = (tags: string[], pushedAt: string, itsDigest = digest) => ({ digest: itsDigest, tags, pushedAt });
const noon = '2026-11-23T12:00:00.000Z';
const evening = '2026-11-23T18:00:00.000Z';
const candidate = { digest, tag: 'main-7', pushedAt: noon };

test('the images with a tag that reaches the stage are candidates, the newest first', () => {
  const older = image(['main-6'], '2026-11-22T12:00:00.000Z', otherDigest);
  const images = [image(['feature-1'], evening), older, image(['x', 'v2', 'main-7'], noon)];
  const expected = [candidate, { digest: otherDigest, tag: 'main-6', pushedAt: older.pushedAt }];

  expect(imagesFor(repository, stage, images)).toEqual(expected);
  expect(imagesFor(repository, stage, images.toReversed())).toEqual(expected);
});

test('of two images of the same second the one with the higher digest comes first', () => {
  const images = [image(['main-1'], noon, digest), image(['main-2'], noon, otherDigest)];
  const digests = [digest, otherDigest];

  expect(imagesFor(repository, stage, images).map((one) => one.digest)).toEqual(digests);
  expect(imagesFor(repository, stage, images.toReversed()).map((one) => one.digest)).toEqual(digests);
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

  expect(imagesFor(repository, stage, [listed])).toHaveLength(count);
});

test.each([
  ['before the stage was first seen', evening, evening, 'before Slipway first saw the stage'],
  ['longer ago than records are kept', '2025-01-01T00:00:00.000Z', '2027-11-23T12:00:00.000Z', 'longer ago than records are kept'],
  ['in the same second as the stage was first seen', noon, evening, undefined],
])('an image that was pushed %s', (_, firstSeenAt, now, why) => {
  expect(ineligibleReason(candidate, firstSeenAt, now)).toEqual(why === undefined ? undefined : expect.stringContaining(why));
});

test('the search for releases begins five minutes before the push, for clocks that differ', () => {
  expect(searchFrom(candidate)).toBe('2026-11-23T11:55:00.000Z');
});

test('of several tags that reach the stage, a version decides, then the first', () => {
  const versioned = { ...stage, tags: ['latest', 'stable', 'semver:^1'] };

  expect(imagesFor({ ...repository, tags: [] }, versioned, [image(['latest', 'v1.4.2', 'stable'], noon)])).toMatchObject([
    { tag: 'v1.4.2' },
  ]);
  expect(imagesFor({ ...repository, tags: [] }, versioned, [image(['stable', 'latest'], noon)])).toMatchObject([{ tag: 'latest' }]);
});

test('the name of a reconciled release depends on the repository, the digest, the tag and the stages', () => {
  const first = reconciliationName(repository, candidate, ['staging']);

  expect(first).toMatch(/^my-learn-app-a1b2c3d4a1b2-[0-9a-f]{16}$/);
  expect(reconciliationName(repository, candidate, ['staging'])).toBe(first);
  expect(reconciliationName({ ...repository, name: 'my/learn/app' }, candidate, ['staging'])).not.toBe(first);
  expect(reconciliationName(repository, { ...candidate, digest: otherDigest }, ['staging'])).not.toBe(first);
  expect(reconciliationName(repository, { ...candidate, tag: 'v1' }, ['staging'])).not.toBe(first);
  expect(reconciliationName(repository, candidate, ['staging', 'production'])).not.toBe(first);
});

describe('the stages that releases of a digest have planned', () => {
  const stages = [{ name: 'staging' }, { name: 'production', requires: 'staging' }, { name: 'live' }] as never[];
  const production = { name: 'production', deployments: [], tag: 'v1.4.2' };
  const refused = releaseRecord({
    stages: [production, { name: 'live', deployments: [] }],
    stage: 'production',
    result: resultOf('SKIPPED', 'STAGE_REQUIRED', 'x'),
  });
  const planned = (passed: readonly string[], ...releases: ReleaseRecord[]) => [...plannedStages({ stages }, releases, new Set(passed))];

  test('are those of every release, however it ended', () => {
    const rejected = releaseRecord({ result: resultOf('FAILED', 'REJECTED', 'x') });

    expect(planned(['staging'], rejected)).toEqual(['staging', 'production']);
    expect(planned([], refused)).toEqual(['production', 'live']);
  });

  test('are not those that were refused because the digest had not succeeded where it has by now', () => {
    expect(planned(['staging'], refused)).toEqual([]);
    expect(planned(['staging'], refused, releaseRecord({ stages: [production] }))).toEqual(['production']);
  });

  test('are not those that a later tag added to a release that a newer one superseded before', () => {
    const joined = (stage: string) =>
      releaseRecord({
        stages: [{ name: 'staging', deployments: [] }, production],
        stage,
        result: resultOf('SUPERSEDED', 'NEWER_RELEASE', 'x'),
      });

    expect(planned([], joined('staging'))).toEqual(['staging']);
    expect(planned([], joined('production'))).toEqual(['staging', 'production']);
  });
});
