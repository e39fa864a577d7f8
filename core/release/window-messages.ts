import { type Stage, type Weekday, type Window, weekdays } from '../configuration/configuration.js';
import { dateOn, timeOn, wallClock } from './wall-clock.js';
import type { Closed } from './window.js';

/** A window as a reader says it: `mon-thu 09:00-16:00 Europe/Berlin`. */
export const windowText = ({ days, from, to, timezone }: Window): string => `${daysText(days)} ${from}-${to} ${timezone}`;

/** Why a stage may not begin, and when it may. */
export const closed = (
  { name, window, freeze = [] }: Pick<Stage, 'name' | 'window' | 'freeze'>,
  { because, reason, opensAt }: Closed,
): string => {
  const timezone = window?.timezone ?? freeze[0]?.timezone ?? 'UTC';
  const opens = opensAt === undefined ? 'it does not open within 400 days' : `it opens at ${wallText(opensAt, timezone)}`;
  if (because === 'window' && window) return `${name} is outside its window, ${windowText(window)}; ${opens}`;
  return `${name} is frozen${reason ? ` (${reason})` : ''}; ${opens}`;
};

/** A time (ISO 8601) on the wall of a time zone: `2026-11-30 09:00 Europe/Berlin`. */
export const wallText = (time: string, timezone: string): string => {
  const wall = wallClock(timezone).wallAt(Date.parse(time));
  return `${dateOn(wall)} ${timeOn(wall)} ${timezone}`;
};

/** Three and more days in a row are a range, all seven are every day. */
const daysText = (days: readonly Weekday[]): string => {
  if (days.length === weekdays.length) return 'every day';
  const shown = weekdays.map((day) => (days.includes(day) ? day : '/')).join(' ');
  const runs = shown.split('/').map((run) => run.trim().split(' '));
  const texts = runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(', ')));
  return texts.filter((text) => text !== '').join(', ');
};
