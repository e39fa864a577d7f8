import { createdAtOf } from '../../../core/image/created-label.js';

test.each([
  ['2026-11-23T09:00:00Z', '2026-11-23T09:00:00.000Z'],
  ['2026-11-23T10:00:00+01:00', '2026-11-23T09:00:00.000Z'],
  ['2026-11-23T09:00:00.123456789Z', '2026-11-23T09:00:00.123Z'],
  ['2026-11-23 09:00:00z', '2026-11-23T09:00:00.000Z'],
])('%s is a time', (label, time) => {
  expect(createdAtOf(label)).toBe(time);
});

test.each(['', '2026-11-23', '2026-13-23T09:00:00Z', '2026-11-23T09:00:00', 'yesterday', '$BUILD_DATE', 1_700_000_000, undefined])(
  '%p is none',
  (label) => {
    expect(createdAtOf(label)).toBeUndefined();
  },
);
