import type { Weekday, Window } from '../../../core/configuration/configuration.js';
import * as messages from '../../../core/release/window-messages.js';

const window: Window = { days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '16:00', timezone: 'Europe/Berlin' };

test.each<[Weekday[], string]>([
  [['mon'], 'mon'],
  [['mon', 'tue'], 'mon, tue'],
  [['mon', 'tue', 'wed', 'thu'], 'mon-thu'],
  [['mon', 'wed', 'thu', 'fri', 'sun'], 'mon, wed-fri, sun'],
  [['thu', 'tue', 'wed'], 'tue-thu'],
  [['sat', 'sun'], 'sat, sun'],
  [['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 'every day'],
])('a window on %j is %s', (days, text) => {
  expect(messages.hasWindow({ ...window, days })).toBe(`its window is ${text} 09:00-16:00 Europe/Berlin`);
});

test('a freeze has its days and its reason', () => {
  const freeze = { from: '2026-12-20', to: '2027-01-03', timezone: 'UTC' };

  expect(messages.isFrozen(freeze)).toBe('it is frozen from 2026-12-20 to 2027-01-03 UTC');
  expect(messages.isFrozen({ ...freeze, to: freeze.from, reason: 'sale' })).toBe('it is frozen on 2026-12-20 UTC: sale');
});

test('a message says when a stage opens', () => {
  const says = messages.hasWindow(window);

  expect(messages.closed({ name: 'production' }, { says, opensAt: '2026-11-30T08:00:00.000Z' })).toBe(
    'production does not begin now: its window is mon-thu 09:00-16:00 Europe/Berlin; it opens at 2026-11-30 08:00 UTC',
  );
  expect(messages.closed({ name: 'production' }, { says, opensAt: undefined })).toMatch(/; it does not open within 400 days$/);
});
