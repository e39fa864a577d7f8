import type { QuarantineEntry, ServiceState } from '../../../core/records/records.js';
import { isQuarantined, otherDigests, quarantineOf } from '../../../core/rollout/quarantine.js';
import { digest, startedAt } from '../given.js';

const [proxy1, proxy2, tool1] = ['sha256:1', 'sha256:2', 'sha256:3'] as const;
const [proxy, tool] = [
  { repository: 'my-proxy', digest: proxy1 },
  { repository: 'my-tool', digest: tool1 },
];

/** The app has one entry in its quarantine. Each other source has deployed this digest last, or none. */
const given = (others: QuarantineEntry['others'], last: Record<string, string | undefined>): ServiceState => {
  const entry: QuarantineEntry = { digest, reason: 'CRASHED', at: startedAt, ...(others && { others }) };
  const deployed = Object.entries(last).map(([repository, one]) => [
    repository,
    one === undefined ? {} : { lastDeployed: { digest: one, pushedAt: startedAt } },
  ]);
  return { sources: { 'my-learn-app': { quarantine: [entry] }, ...Object.fromEntries(deployed) } };
};

test.each<[boolean, string, QuarantineEntry['others'], Record<string, string | undefined>]>([
  [true, 'the service has one source', [], {}],
  [true, 'the other source still has its image', [proxy], { 'my-proxy': proxy1 }],
  [true, 'each of two still has its image, in another order', [tool, proxy], { 'my-proxy': proxy1, 'my-tool': tool1 }],
  [true, 'the other source was never deployed', [], { 'my-proxy': undefined }],
  [true, 'an earlier version wrote it, without the other sources', undefined, { 'my-proxy': proxy2 }],
  [true, 'a repository has the name of a member of every object', [{ ...proxy, repository: 'constructor' }], { constructor: proxy1 }],
  [false, 'the other source has another image', [proxy], { 'my-proxy': proxy2 }],
  [false, 'one of two has another image', [proxy, tool], { 'my-proxy': proxy2, 'my-tool': tool1 }],
  [false, 'the other source was deployed for the first time', [], { 'my-proxy': proxy1 }],
  [false, 'a named revision was deployed, so the other image is not known', [proxy], { 'my-proxy': '' }],
])('that a quarantined digest counts is %s if %s', (counts, _, others, last) => {
  const state = given(others, last);

  expect(quarantineOf(state, 'my-learn-app')).toHaveLength(counts ? 1 : 0);
  expect(isQuarantined(state, digest)).toBe(counts);
});

test('it counts again while the image that it failed beside is back', () => {
  expect(isQuarantined(given([proxy], { 'my-proxy': proxy2 }), digest)).toBe(false);
  expect(isQuarantined(given(otherDigests(given([], { 'my-proxy': proxy1 }), 'my-learn-app'), { 'my-proxy': proxy1 }), digest)).toBe(true);
});
