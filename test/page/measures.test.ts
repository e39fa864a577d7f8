import type { Month } from '../../page/api.js';
import { cardsOf, longMonth, wordsOfRange } from '../../page/client/insights/measures.js';

const month = (name: string, more: Partial<Month> = {}): Month => ({ month: name, deployments: 0, perWorkingDay: 0, ...more });
const card = (months: readonly Month[], measure: string) => cardsOf(months).find((one) => one.measure === measure);

describe('a measure', () => {
  const months = [
    month('2026-10', { perWorkingDay: 5.9, leadSeconds: 2820, failureRate: 0.043, restoreSeconds: 210 }),
    month('2026-11', { perWorkingDay: 6.4, leadSeconds: 2460, failureRate: 0.079, restoreSeconds: 192 }),
  ];

  it('says its value and its change against the month before', () => {
    expect(cardsOf(months).map(({ value, change }) => [value, change?.text])).toEqual([
      ['6.4', '0.5 more than in October'],
      ['41 min', '6 min shorter than in October'],
      ['7.9 %', '3.6 points more than in October'],
      ['3 min 12 s', '18 s shorter than in October'],
    ]);
  });

  it('warns of a failure rate alone that rises', () => {
    expect(
      cardsOf(months)
        .filter(({ change }) => change?.isWorse)
        .map(({ measure }) => measure),
    ).toEqual(['changeFailureRate']);
    expect(card([...months].reverse(), 'changeFailureRate')?.change?.isWorse).toBe(false);
  });

  it('that differs by less than it shows is the same', () =>
    expect(
      card([month('2026-10', { failureRate: 0.0501 }), month('2026-11', { failureRate: 0.0502 })], 'changeFailureRate')?.change,
    ).toEqual({
      text: 'as in October',
      direction: 'same',
      isWorse: false,
    }));

  it('has no value where nothing was measured, and no change where one month has none', () => {
    expect(card([month('2026-10', { leadSeconds: 5 }), month('2026-11')], 'leadTime')).not.toHaveProperty('value');
    expect(card([month('2026-10'), month('2026-11', { leadSeconds: 5 })], 'leadTime')).not.toHaveProperty('change');
    expect(card([month('2026-11', { leadSeconds: 5 })], 'leadTime')).not.toHaveProperty('change');
    expect(cardsOf([])).toHaveLength(4);
  });

  it('names every month for a screen reader', () =>
    expect(card([month('2026-10'), month('2026-11', { leadSeconds: 90 })], 'leadTime')?.label).toBe(
      'Oct nothing measured, Nov 1 min 30 s',
    ));
});

it('a month that is none is shown as it is', () => expect(longMonth('rubbish')).toBe('rubbish'));

it('a range of durations is read like a stopwatch', () => {
  expect(wordsOfRange(128, 309)).toBe('2:08 – 5:09');
  expect(wordsOfRange(59.6, 3728)).toBe('1:00 – 1:02:08');
});
