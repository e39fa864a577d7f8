import type { Month } from '../../api.js';
import type { Measure } from '../../definitions.js';
import { duration } from '../format/time.js';
import type { Values } from '../parts/minis.js';

type Look = {
  readonly measure: Measure;
  readonly value: (month: Month) => number | undefined;
  /** A value with its unit. */
  readonly words: (value: number) => string;
  /** Behind the value. */
  readonly unit: string;
  readonly more: string;
  readonly less: string;
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A failure rate above it is shown as a warning: DORA's report of 2022 has the teams of high performance at 15 % and below. */
export const alarmingFailureRate = 0.15;

export const looks: readonly Look[] = [
  {
    measure: 'deploymentFrequency',
    value: ({ perWorkingDay }) => perWorkingDay,
    words: (value) => value.toFixed(1),
    unit: 'a working day',
    more: 'more',
    less: 'fewer',
  },
  { measure: 'leadTime', value: ({ leadSeconds }) => leadSeconds, words: duration, unit: 'median', more: 'longer', less: 'shorter' },
  { measure: 'changeFailureRate', value: ({ failureRate }) => failureRate, words: percent, unit: '', more: 'more', less: 'less' },
  {
    measure: 'timeToRestore',
    value: ({ restoreSeconds }) => restoreSeconds,
    words: duration,
    unit: 'median',
    more: 'longer',
    less: 'shorter',
  },
];

export type Card = {
  readonly measure: Measure;
  /** Absent where nothing was measured in the present month. */
  readonly value?: string;
  readonly unit: string;
  /** Against the month before, if both were measured. */
  readonly change?: { readonly text: string; readonly direction: 'up' | 'down' | 'same'; readonly isWorse: boolean };
  readonly values: Values;
  readonly label: string;
};

export const cardsOf = (months: readonly Month[]): readonly Card[] => looks.map((look) => cardOf(look, months));

const cardOf = (look: Look, months: readonly Month[]): Card => {
  const values = months.map(look.value);
  const present = values.at(-1);
  const before = months.at(-2);
  const earlier = values.at(-2);
  return {
    measure: look.measure,
    unit: look.unit,
    values,
    label: labelOf(months, values, look.words),
    ...(present !== undefined && { value: look.words(present) }),
    ...(present !== undefined && before && earlier !== undefined && { change: changeOf(look, present, earlier, before.month) }),
  };
};

const changeOf = (look: Look, present: number, earlier: number, month: string): NonNullable<Card['change']> => {
  const difference = look.words(Math.abs(present - earlier));
  const name = longMonth(month);
  if (difference === look.words(0)) return { text: `as in ${name}`, direction: 'same', isWorse: false };
  const isUp = present > earlier;
  const amount = look.measure === 'changeFailureRate' ? difference.replace(' %', ' points') : difference;
  return {
    text: `${amount} ${isUp ? look.more : look.less} than in ${name}`,
    direction: isUp ? 'up' : 'down',
    isWorse: look.measure === 'changeFailureRate' && isUp,
  };
};

/** For a screen reader: every month with its value. */
export const labelOf = (months: readonly Month[], values: Values, words: (value: number) => string): string =>
  months
    .map(({ month }, index) => {
      const value = values[index];
      return `${shortMonth(month)} ${value === undefined ? 'nothing measured' : words(value)}`;
    })
    .join(', ');

const format = (month: 'long' | 'short') => new Intl.DateTimeFormat('en-GB', { month, timeZone: 'UTC' });
const formats = { long: format('long'), short: format('short') };
const nameOf = (month: string, length: 'long' | 'short'): string => {
  const time = Date.parse(`${month}-01T00:00:00Z`);
  return Number.isNaN(time) ? month : formats[length].format(time);
};

/** `November` of `2026-11` */
export const longMonth = (month: string): string => nameOf(month, 'long');
export const shortMonth = (month: string): string => nameOf(month, 'short');

export const wordsOfRate = percent;

/** `2:08 – 5:09` of seconds; with hours `1:02:08`. */
export const wordsOfRange = (p50: number, p95: number): string => `${stopwatch(p50)} – ${stopwatch(p95)}`;

const stopwatch = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
};
