import { moment } from '../../core/result/moment.js';

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** In the largest unit that it fills: `3 min`, `2 h`, `12 s`. */
const coarse = (seconds: number): string => {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${unit}`;
};

/** Clocks differ by seconds: what is that near is now. */
const nowSeconds = 5;
const dateSeconds = 60 * 86_400;

/** A time, ISO 8601, as its distance from now: `3 min ago`, `in 2 h`; the date from two months on, and any other text as it is. */
export const relative = (time: string, now: Date): string => {
  const seconds = Math.round((now.getTime() - Date.parse(time)) / 1000);
  const distance = Math.abs(seconds);
  if (Number.isNaN(seconds) || distance >= dateSeconds) return moment(time);
  if (distance < nowSeconds) return 'just now';
  return seconds < 0 ? `in ${coarse(distance)}` : `${coarse(distance)} ago`;
};

/** With the time itself: `3 min ago (2026-11-28 09:00 UTC)`. */
export const relativeAndTime = (time: string, now: Date): string => {
  const [distance, at] = [relative(time, now), moment(time)];
  return distance === at ? at : `${distance} (${at})`;
};
