import type { Freeze, Stage, Window } from '../configuration/configuration.js';
import { dateOn, dayMs, minuteOn, minutesOf, type WallClock, wallClock, weekdayOn } from './wall-clock.js';
import * as messages from './window-messages.js';

/** Whether a stage may begin, as far as its window and freezes say. */
export type Opening = { readonly isOpen: true } | Closed;

export type Closed = {
  readonly isOpen: false;
  /** When it opens next, ISO 8601; undefined: not within 400 days. */
  readonly opensAt: string | undefined;
  /** A freeze comes before the window, if both keep it closed. */
  readonly because: 'window' | 'freeze';
  /** The freeze or the window, for a message. */
  readonly says: string;
};

const horizonMs = 400 * dayMs;

/** A condition on what the wall shows. It may change at midnight, and at these minutes of a day. */
type Rule = Pick<Closed, 'because' | 'says'> & {
  readonly clock: WallClock;
  readonly minutes: readonly number[];
  readonly allows: (wall: number) => boolean;
};

/**
 * Whether a stage is open at `now` (ISO 8601): the clock on the wall shows a time in its window (from `from` until before `to`) and a
 * date in no freeze. An hour that autumn shows twice counts twice. One that spring leaves out does not exist: a window that would open
 * in it opens when it is over. After midnight, a window belongs to the day on which it began. Without a stage nothing is closed.
 * @throws RangeError if the runtime does not know a time zone
 */
export const openingOf = (stage: Pick<Stage, 'window' | 'freeze'> | undefined, now: string): Opening => {
  const { window, freeze = [] } = stage ?? {};
  const clockOf = sharedClocks();
  const rules = [
    ...freeze.map((one) => freezeRule(one, clockOf(one.timezone))),
    ...(window ? [windowRule(window, clockOf(window.timezone))] : []),
  ];
  const closedAt = (time: number): Rule[] => rules.filter(({ allows, clock }) => !allows(clock.wallAt(time)));

  const start = Date.parse(now);
  const [first] = closedAt(start);
  if (!first) return { isOpen: true };
  const opensAt = openFrom(start, closedAt);
  return {
    isOpen: false,
    opensAt: opensAt === undefined ? undefined : new Date(opensAt).toISOString(),
    because: first.because,
    says: first.says,
  };
};

/** The first time from `start` on at which no rule is closed: a rule stays closed at least until its own next change. */
const openFrom = (start: number, closedAt: (time: number) => readonly Rule[]): number | undefined => {
  for (let time = start; time < start + horizonMs; ) {
    const closed = closedAt(time);
    if (closed.length === 0) return time;
    time = Math.max(...closed.map(({ clock, minutes }) => clock.nextChange(time, minutes)));
  }
  return undefined;
};

/** Several freezes of one zone read one clock. */
const sharedClocks = (): ((timezone: string) => WallClock) => {
  const clocks = new Map<string, WallClock>();
  return (timezone) => {
    const clock = clocks.get(timezone) ?? wallClock(timezone);
    clocks.set(timezone, clock);
    return clock;
  };
};

const freezeRule = (freeze: Freeze, clock: WallClock): Rule => ({
  because: 'freeze',
  says: messages.isFrozen(freeze),
  clock,
  minutes: [],
  allows: (wall) => dateOn(wall) < freeze.from || dateOn(wall) > freeze.to,
});

const windowRule = (window: Window, clock: WallClock): Rule => {
  const { days, from, to } = window;
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const allows = (wall: number): boolean => {
    const minute = minuteOn(wall);
    const today = days.includes(weekdayOn(wall));
    if (begin < end) return today && begin <= minute && minute < end;
    return (today && begin <= minute) || (days.includes(weekdayOn(wall - dayMs)) && minute < end);
  };
  return { because: 'window', says: messages.hasWindow(window), clock, minutes: [begin, end], allows };
};
