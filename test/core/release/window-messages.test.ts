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
  expect(messages.windowText({ ...window, days })).toBe(`${text} 09:00-16:00 Europe/Berlin`);
});

test('a message says when a stage opens, in its own time zone', () => {
  const opensAt = '2026-11-30T08:00:00.000Z';
  const production = { name: 'production', window };
  const freeze = [{ from: '2026-11-01', to: '2026-11-29', timezone: 'America/New_York' }];

  expect(messages.closed(production, { isOpen: false, because: 'window', opensAt })).toBe(
    'production is outside its window, mon-thu 09:00-16:00 Europe/Berlin; it opens at 2026-11-30 09:00 Europe/Berlin',
  );
  expect(messages.closed(production, { isOpen: false, because: 'freeze', reason: 'sale', opensAt })).toBe(
    'production is frozen (sale); it opens at 2026-11-30 09:00 Europe/Berlin',
  );
  expect(messages.closed({ name: 'production', freeze }, { isOpen: false, because: 'freeze', opensAt })).toBe(
    'production is frozen; it opens at 2026-11-30 03:00 America/New_York',
  );
  expect(messages.closed({ name: 'production', freeze }, { isOpen: false, because: 'freeze', opensAt: undefined })).toBe(
    'production is frozen; it does not open within 400 days',
  );
});
