import { wordsOfState } from '../../page/client/format/state.js';
import { count, imageName, list, shortDigest } from '../../page/client/format/text.js';
import { age, clockTime, dateTime, duration, nearTime } from '../../page/client/format/time.js';

const zone = 'Europe/Berlin';
const now = Date.parse('2026-11-28T10:00:00Z');

describe('times in words', () => {
  it.each([
    [-5, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [24 * 60 + 59, '24 min'],
    [3600, '1 h'],
    [47 * 3600, '47 h'],
    [48 * 3600, '2 d'],
    [34 * 86400, '34 d'],
  ])('an age of %d s is %s', (seconds, text) => expect(age(seconds)).toBe(text));

  it.each([
    [0, '0 s'],
    [0.44, '0.4 s'],
    [9.96, '10 s'],
    [59.6, '1 min'],
    [151, '2 min 31 s'],
    [3600, '1 h'],
    [3900, '1 h 5 min'],
    [2 * 86400 + 3 * 3600, '2 d 3 h'],
  ])('a duration of %d s is %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    ['2026-11-28T13:20:00Z', '14:20'],
    ['2026-11-28T23:30:00Z', 'tomorrow 00:30'],
    ['2026-11-27T13:20:00Z', 'yesterday 14:20'],
    ['2026-12-03T13:20:00Z', 'Thu 3 Dec 14:20'],
    ['soon', 'soon'],
  ])('%s is near as %s', (iso, text) => expect(nearTime(iso, now, zone)).toBe(text));

  it('names the day across a change of the clocks', () =>
    expect(nearTime('2026-10-25T23:30:00Z', Date.parse('2026-10-24T22:30:00Z'), zone)).toBe('tomorrow 00:30'));

  it('shows a text that is no time as it is', () => {
    expect(clockTime('2026-11-28T13:07:11Z', zone)).toBe('14:07:11');
    expect(dateTime('2026-11-28T13:07:11Z', zone)).toBe('28 Nov 2026, 14:07:11');
    expect(clockTime('?', zone)).toBe('?');
  });
});

describe('names and numbers', () => {
  it('names an image by its tag, else by the first digits of its digest', () => {
    const digest = `sha256:7c1ea90f${'0'.repeat(56)}`;
    expect([imageName({ tag: 'v1', digest }), imageName({ digest }), shortDigest('odd')]).toEqual(['v1', '7c1ea90f', 'odd']);
  });

  it('counts and lists', () =>
    expect([count(1, 'service'), count(2, 'service'), list([]), list(['a']), list(['a', 'b', 'c'], 'or')]).toEqual([
      '1 service',
      '2 services',
      '',
      'a',
      'a, b or c',
    ]));
});

describe('a state in words', () => {
  const until = () => '18:00';
  it.each([
    [{ kind: 'rollingOut', done: 3, of: 8, starting: 2, failed: 1 } as const, 'Rolling out 3/8', '2 starting, 1 failed'],
    [{ kind: 'rollingBack', of: 6 } as const, 'Rolling back 0/6', undefined],
    [{ kind: 'hold', by: 'ada', waits: 'main-78' } as const, 'On hold by ada until released', 'main-78 waits'],
    [{ kind: 'hold', until: 'x' } as const, 'On hold until 18:00', undefined],
    [{ kind: 'failed', outcome: 'ROLLBACK_FAILED', reason: 'CRASHED' } as const, 'ROLLBACK_FAILED', 'CRASHED'],
    [{ kind: 'window', waits: '5.3.1', until: 'x' } as const, 'Waits for its window', '5.3.1 at 18:00'],
  ])('%j', (state, text, detail) => expect(wordsOfState(state, until)).toEqual(detail ? { text, detail } : { text }));
});
