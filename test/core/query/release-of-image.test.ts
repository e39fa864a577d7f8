import { releaseOfImage } from '../../../core/query/release-of-image.js';
import { releaseName } from '../../../core/records/record-name.js';
import type { ReleaseRecord } from '../../../core/records/records.js';
import { digest, image, otherDigest, releaseExecution, releaseRecord, startedAt } from '../given.js';

const pushedAt = '2026-11-23T12:00:00Z';

const release = (second: number, changes: Partial<ReleaseRecord> = {}) => {
  const at = `2026-11-23T12:00:0${second}.400Z`;
  const execution = `${releaseExecution}-${second}`;
  const record = releaseRecord({ execution, startedAt: at, pushedAt: `${at.slice(0, 19)}Z`, image, ...changes });
  return { ...record, name: releaseName(record.repository, at, execution) };
};

const bound = (releases: ReturnType<typeof release>[], wanted: Partial<Parameters<typeof releaseOfImage>[1]> = {}) =>
  releaseOfImage(releases, { digest, since: startedAt, ...wanted })?.startedAt.slice(17, 19);

test('the newest of the digest wins, in any order of reads', () => {
  expect(bound([release(1), release(3), release(2)])).toBe('03');
});

test('one of another digest is never taken, nor one without an image', () => {
  const { image: _, ...without } = release(3);
  expect(bound([release(1), release(2, { image: { ...image, digest: otherDigest } }), without])).toBe('01');
});

test('one of another tag is not taken, but one whose later stage the tag has joined', () => {
  const joined = release(2, { stages: [{ name: 'production', deployments: [], tag: 'v1', pushedAt: '2026-11-23T12:00:09Z' }] });

  expect(bound([release(1)], { tag: 'v1' })).toBeUndefined();
  expect(bound([release(1), joined], { tag: 'v1' })).toBe('02');
  expect(bound([release(1), joined], { tag: 'v1', since: '2026-11-23T12:00:09.900Z' })).toBe('02');
  expect(bound([release(1), joined], { tag: 'main-7', since: '2026-11-23T12:00:09.900Z' })).toBeUndefined();
});

test.each<[string, string, string | undefined]>([
  ['of the same second, as events have whole seconds', '2026-11-23T12:00:05.999Z', '05'],
  ['of the second before', '2026-11-23T12:00:06.000Z', undefined],
])('one pushed before the time counts %s', (_, since, expected) => {
  expect(bound([release(5)], { since })).toBe(expected);
});

test('one that was started without a push counts by its start', () => {
  const { pushedAt: _, ...byHand } = release(5);
  expect(bound([byHand], { since: '2026-11-23T12:00:05.000Z' })).toBe('05');
  expect(bound([release(5, { pushedAt })], { since: '2026-11-23T12:00:05.000Z' })).toBeUndefined();
});

test('the tag that the digest was resolved from counts, rather than the one asked for', () => {
  expect(bound([release(1, { tag: 'v1', image: { ...image, tag: 'main-7' } })], { tag: 'v1' })).toBeUndefined();
});
