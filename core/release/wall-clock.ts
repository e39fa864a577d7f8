import { type Weekday, weekdays } from '../configuration/configuration.js';

const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/**
 * The clock on the wall in one time zone. A time is milliseconds since 1970; what the wall shows is the time at which UTC would show
 * the same, so that its date, weekday and minutes are those of `Date` in UTC.
 */
export type WallClock = {
  readonly wallAt: (time: number) => number;
  /**
   * The next time at which the wall shows midnight or one of these minutes of a day, or at which its offset changes: all that depends on
   * the date and on those minutes stays as it is until then.
   */
  readonly nextChange: (time: number, minutes: readonly number[]) => number;
};

/**
 * The clock of an IANA time zone, with the daylight saving time that the runtime knows.
 * @throws RangeError if the runtime does not know the zone
 */
export const wallClock = (timezone: string): WallClock => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  const wallAt = (time: number): number => {
    const found = known.get(time) ?? shownAt(format, time);
    known.set(time, found);
    return found;
  };
  const offsetAt = (time: number): number => wallAt(time) - time;

  /** No zone changes its offset twice within a day: bisection finds the change. */
  const changeBetween = (from: number, to: number): number => {
    let [before, after] = [from, to];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === offsetAt(from)) before = middle;
      else after = middle;
    }
    return after;
  };

  const nextChange = (time: number, minutes: readonly number[]): number => {
    const wall = wallAt(time);
    const midnight = wall - (wall % dayMs);
    const marks = [...minutes, 24 * 60].map((minute) => midnight + minute * minuteMs);
    const next = time + Math.min(...marks.filter((mark) => mark > wall)) - wall;
    return offsetAt(next) === offsetAt(time) ? next : changeBetween(time, next);
  };
  return { wallAt, nextChange };
};

const shownAt = (format: Intl.DateTimeFormat, time: number): number => {
  const {
    year = 0,
    month = 0,
    day = 0,
    hour,
    minute,
    second,
  } = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(year, month - 1, day, hour, minute, second) + (time % 1000);
};

/** The date that a wall shows, `YYYY-MM-DD`. */
export const dateOn = (wall: number): string => new Date(wall).toISOString().slice(0, 10);

export const weekdayOn = (wall: number): Weekday => weekdays[(new Date(wall).getUTCDay() + 6) % 7] as Weekday;

/** The minutes since midnight that a wall shows. */
export const minuteOn = (wall: number): number => Math.floor((wall % dayMs) / minuteMs);

/** `HH:MM` in minutes. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
