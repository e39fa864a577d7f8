import fc from 'fast-check';
import { type Freeze, type Weekday, type Window, weekdays } from '../../../core/configuration/configuration.js';
import { openingOf } from '../../../core/release/window.js';

const workdays: Window = { days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '16:00', timezone: 'Europe/Berlin' };
const nights: Window = { days: ['fri'], from: '22:00', to: '02:00', timezone: 'Europe/Berlin' };
const everyDay = (from: string, to: string, timezone = 'Europe/Berlin'): Window => ({ days: [...weekdays], from, to, timezone });
const holidays: Freeze = { from: '2026-12-20', to: '2027-01-03', timezone: 'Europe/Berlin', reason: 'holidays' };

/** When it opens; `open` if it is. */
const opens = (stage: Parameters<typeof openingOf>[0], now: string): string | undefined => {
  const opening = openingOf(stage, now);
  return opening.isOpen ? 'open' : opening.opensAt;
};

test.each<[string, Window, string, string]>([
  ['before its hours', workdays, '2026-11-26T07:59:59.999Z', '2026-11-26T08:00:00.000Z'],
  ['at its first moment', workdays, '2026-11-26T08:00:00.000Z', 'open'],
  ['in its last moment', workdays, '2026-11-26T14:59:59.999Z', 'open'],
  ['at its end', workdays, '2026-11-26T15:00:00.000Z', '2026-11-30T08:00:00.000Z'],
  ['on a day without it', workdays, '2026-11-27T09:00:00.000Z', '2026-11-30T08:00:00.000Z'],
  ['in summer', workdays, '2026-07-01T06:30:00.000Z', '2026-07-01T07:00:00.000Z'],
  ['between the zone’s midnight and that of UTC', everyDay('00:00', '01:00'), '2026-11-26T23:30:00.000Z', 'open'],
  ['of the whole day', { ...workdays, from: '00:00', to: '24:00' }, '2026-11-26T22:59:00.000Z', 'open'],
  ['of the whole day, the day after', { ...workdays, from: '00:00', to: '24:00' }, '2026-11-26T23:00:00.000Z', '2026-11-29T23:00:00.000Z'],
  ['over midnight, in the evening', nights, '2026-11-27T21:00:00.000Z', 'open'],
  ['over midnight, in the night after', nights, '2026-11-28T00:59:00.000Z', 'open'],
  ['over midnight, in the night before', nights, '2026-11-27T00:30:00.000Z', '2026-11-27T21:00:00.000Z'],
  ['over midnight, in the next evening', nights, '2026-11-28T21:30:00.000Z', '2026-12-04T21:00:00.000Z'],
  ['that spring leaves out the beginning of', everyDay('02:30', '05:00'), '2026-03-29T00:00:00.000Z', '2026-03-29T01:00:00.000Z'],
  ['that spring leaves out', everyDay('02:15', '02:45'), '2026-03-29T00:00:00.000Z', '2026-03-30T00:15:00.000Z'],
  ['that autumn shows twice, the first time', everyDay('02:15', '02:45'), '2026-10-25T00:30:00.000Z', 'open'],
  ['that autumn shows twice, in between', everyDay('02:15', '02:45'), '2026-10-25T00:45:00.000Z', '2026-10-25T01:15:00.000Z'],
  ['that autumn shows twice, the second time', everyDay('02:15', '02:45'), '2026-10-25T01:30:00.000Z', 'open'],
  ['on a day without midnight', everyDay('00:00', '03:00', 'America/Sao_Paulo'), '2018-11-04T02:00:00.000Z', '2018-11-04T03:00:00.000Z'],
])('a window %s', (_, window, now, expected) => {
  expect(opens({ window }, now)).toBe(expected);
});

test.each<[string, Freeze[], string, string | undefined]>([
  ['before its first day', [holidays], '2026-12-19T22:59:59.999Z', 'open'],
  ['from the first moment of its first day', [holidays], '2026-12-19T23:00:00.000Z', '2027-01-03T23:00:00.000Z'],
  ['until the end of its last day', [holidays], '2027-01-03T22:59:00.000Z', '2027-01-03T23:00:00.000Z'],
  ['of one day', [{ ...holidays, to: holidays.from }], '2026-12-20T12:00:00.000Z', '2026-12-20T23:00:00.000Z'],
  [
    'that another one follows',
    [holidays, { from: '2027-01-03', to: '2027-01-04', timezone: 'UTC' }],
    '2026-12-24T12:00:00.000Z',
    '2027-01-05T00:00:00.000Z',
  ],
  ['of years', [{ ...holidays, to: '2030-01-01' }], '2026-12-24T12:00:00.000Z', undefined],
])('a freeze %s', (_, freeze, now, expected) => {
  expect(opens({ freeze }, now)).toBe(expected);
});

test('after a freeze, a stage waits for its window', () => {
  expect(openingOf({ window: workdays, freeze: [holidays] }, '2026-12-21T09:00:00.000Z')).toEqual({
    isOpen: false,
    opensAt: '2027-01-04T08:00:00.000Z',
    because: 'freeze',
    says: 'it is frozen from 2026-12-20 to 2027-01-03 Europe/Berlin: holidays',
  });
});

test('a stage without window and freezes is open, and one outside its window says so', () => {
  expect(openingOf({}, '2026-11-27T09:00:00.000Z')).toEqual({ isOpen: true });
  expect(openingOf(undefined, '2026-11-27T09:00:00.000Z')).toEqual({ isOpen: true });
  expect(openingOf({ window: workdays }, '2026-11-27T09:00:00.000Z')).toMatchObject({
    because: 'window',
    says: 'its window is mon-thu 09:00-16:00 Europe/Berlin',
  });
});

test('a stage that is frozen for more than 400 days costs no more than a few readings of the clock a day', () => {
  const readings = jest.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');

  openingOf({ window: workdays, freeze: Array(20).fill({ ...holidays, to: '2030-01-01' }) }, '2026-12-24T12:00:00.000Z');
  expect(readings.mock.calls.length).toBeLessThan(1000);
  readings.mockRestore();
});

describe('near changes of the clock', () => {
  /** One or more changes of offset of each zone: forward, back, by half an hour, at midnight, and a whole day. */
  const changes = [
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-10-04'],
    ['America/Sao_Paulo', '2018-02-18'],
    ['America/Sao_Paulo', '2018-11-04'],
    ['America/St_Johns', '2009-11-01'],
    ['Pacific/Apia', '2011-12-30'],
    ['Asia/Kolkata', '2026-03-29'],
    ['UTC', '2026-12-31'],
  ] as const;

  /** What a wall shows in one minute. */
  type Minute = { readonly day: Weekday; readonly date: string; readonly time: string };

  const minuteMs = 60_000;
  const minutesBefore = 24 * 60;
  const minutesAfter = 4 * 24 * 60;

  /** Minute by minute, from the day before a date. */
  const shownAround = (timeZone: string, date: string): { begin: number; minutes: Minute[] } => {
    const begin = Date.parse(date) - minutesBefore * minuteMs;
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    const minutes = Array.from({ length: minutesBefore + minutesAfter }, (_, index): Minute => {
      const [shown = '', time = ''] = format.format(begin + index * minuteMs).split(' ');
      return { day: dayOf(shown), date: shown, time };
    });
    return { begin, minutes };
  };
  const dayOf = (date: string): Weekday => {
    const found = weekdays[(new Date(date).getUTCDay() + 6) % 7];
    if (!found) throw new Error(`${date} is no date`);
    return found;
  };
  const yesterday = (day: Weekday): Weekday => weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day;

  const isIn = ({ days, from, to }: Window, { day, time }: Minute): boolean => {
    if (from < to) return days.includes(day) && from <= time && time < to;
    return (days.includes(day) && from <= time) || (days.includes(yesterday(day)) && time < to);
  };

  const timeOfDay = fc
    .oneof(fc.integer({ min: 0, max: 5 * 60 }), fc.integer({ min: 0, max: 24 * 60 - 1 }))
    .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);

  test.each(changes)('in %s around %s a stage opens at the first minute of which the wall says so', (timezone, date) => {
    const { begin, minutes } = shownAround(timezone, date);
    const dates = [...new Set(minutes.map((minute) => minute.date))];
    const end = new Date(begin + minutes.length * minuteMs).toISOString();

    fc.assert(
      fc.property(
        fc.record({
          days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
          from: timeOfDay,
          to: fc.oneof(timeOfDay, fc.constant('24:00')),
          timezone: fc.constant(timezone),
        }),
        fc.option(fc.tuple(fc.constantFrom(...dates), fc.constantFrom(...dates)), { nil: undefined }),
        fc.integer({ min: 0, max: 2 * minutesBefore * 60 - 1 }),
        (window, frozen, second) => {
          fc.pre(window.from !== window.to);
          const [first = '', last = ''] = frozen?.toSorted() ?? [];
          const isOpen = (minute: Minute): boolean => isIn(window, minute) && !(first <= minute.date && minute.date <= last);
          const opening = openingOf(
            { window, ...(frozen && { freeze: [{ from: first, to: last, timezone }] }) },
            new Date(begin + second * 1000).toISOString(),
          );

          const now = Math.floor(second / 60);
          const next = minutes.findIndex((minute, index) => index >= now && isOpen(minute));
          if (next === now) expect(opening).toEqual({ isOpen: true });
          else if (next > 0) expect(opening).toMatchObject({ opensAt: new Date(begin + next * minuteMs).toISOString() });
          else expect(opening.isOpen || (opening.opensAt ?? 'never') < end).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });
});
