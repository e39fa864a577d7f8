import type { Repository, Stage } from '../../../core/configuration/configuration.js';
import type { ReleaseRecord } from '../../../core/records/records.js';
import { scanDeadline } from '../../../core/scan/scan-deadline.js';
import { releaseRecord, startedAt } from '../given.js';

const deadline = (stage: Partial<Stage>, release: Partial<ReleaseRecord> = {}, scan: Repository['scan'] | null = undefined) =>
  scanDeadline(
    {
      name: 'app',
      tags: ['*'],
      ...(scan === null ? {} : { scan: scan ?? { block: 'HIGH', waitSeconds: 600, ignore: [], onUnscanned: 'block' } }),
      stages: [{ name: 'staging', services: [], ...stage }],
    },
    releaseRecord(release),
  );

test('a release that waits for its scan alone stops waiting at a time that is known when it starts', () => {
  expect(deadline({})).toBe(new Date(Date.parse(startedAt) + 600_000).toISOString());
});

test.each<[string, Parameters<typeof deadline>]>([
  ['waits for approval first', [{ approval: { timeoutSeconds: 60, remindAfterSeconds: 30 } }]],
  ['waits for its window first', [{ window: { days: ['mon'], from: '09:00', to: '10:00', timezone: 'UTC' } }]],
  ['is frozen', [{ freeze: [{ from: '2026-12-19', to: '2027-01-03', timezone: 'UTC' }] }]],
  ['goes past the scan', [{}, { ignoreScan: true }]],
  ['has no scan', [{}, {}, null]],
])('a release that %s has no such time', (_, asked) => {
  expect(deadline(...asked)).toBe('');
});
