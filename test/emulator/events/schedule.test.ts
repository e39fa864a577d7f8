import { parseSchedule } from '../../../emulator/events/schedule.js';

// 2026-11-23 is a Monday.
test.each([
  ['rate(5 minutes)', '2026-11-23T09:00:00Z', '2026-11-23T09:05:00.000Z'],
  ['rate(1 hour)', '2026-11-23T09:00:30Z', '2026-11-23T10:00:30.000Z'],
  ['rate(2 days)', '2026-11-23T09:00:00Z', '2026-11-25T09:00:00.000Z'],
  ['cron(0/15 * * * ? *)', '2026-11-23T09:00:00Z', '2026-11-23T09:15:00.000Z'],
  ['cron(0 8 ? * MON-FRI *)', '2026-11-27T09:00:00Z', '2026-11-30T08:00:00.000Z'],
  ['cron(0 8 ? * 2 *)', '2026-11-23T09:00:00Z', '2026-11-30T08:00:00.000Z'],
  ['cron(30 6,18 1 * ? *)', '2026-11-23T09:00:00Z', '2026-12-01T06:30:00.000Z'],
  ['cron(0 0 29 2 ? *)', '2026-11-23T09:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['cron(0 12 1 JAN ? 2027)', '2026-11-23T09:00:00Z', '2027-01-01T12:00:00.000Z'],
])('%s is due next after %s at %s', (expression, time, next) => {
  expect(new Date(parseSchedule(expression)(Date.parse(time)) ?? 0).toISOString()).toBe(next);
});

test('a cron expression with past years is never due', () => {
  expect(parseSchedule('cron(0 12 1 1 ? 2020)')(Date.parse('2026-11-23T09:00:00Z'))).toBeUndefined();
});

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'cron(* * * * * *)',
  'cron(60 * * * ? *)',
  'cron(0 8 * * *)',
  'at(2026-01-01T00:00:00)',
])('%s is not a schedule', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(expect.objectContaining({ code: 'ValidationException' }));
});

test.each(['cron(0 8 L * ? *)', 'cron(0 8 ? * 6L *)', 'cron(0 8 15W * ? *)', 'cron(0 8 ? * 2#1 *)'])('%s is not emulated', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(expect.objectContaining({ code: 'NotEmulated' }));
});
