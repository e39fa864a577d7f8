import { type Freeze, type Weekday, type Window, weekdays } from '../configuration/configuration.js';
import { moment } from '../result/moment.js';

type Closed = { readonly says: string; readonly opensAt: string | undefined };

// Messages about windows and freezes. Import them as a namespace: a bundle gets only what it uses.

export const closed = ({ name }: { readonly name: string }, { says, opensAt }: Closed) =>
  `${name} does not begin now: ${says}; ${opensAt === undefined ? 'it does not open within 400 days' : `it opens at ${moment(opensAt)}`}`;

/** `mon-thu 09:00-16:00 Europe/Berlin` */
export const windowText = ({ days, from, to, timezone }: Window) => `${daysText(days)} ${from}-${to} ${timezone}`;

export const hasWindow = (window: Window) => `its window is ${windowText(window)}`;

export const isFrozen = ({ from, to, timezone, reason }: Freeze) =>
  `it is frozen ${from === to ? `on ${from}` : `from ${from} to ${to}`} ${timezone}${reason ? `: ${reason}` : ''}`;

/** Three and more days in a row are a range, all seven are every day. */
const daysText = (days: readonly Weekday[]): string => {
  if (days.length === weekdays.length) return 'every day';
  const shown = weekdays.map((day) => (days.includes(day) ? day : '/')).join(' ');
  const runs = shown.split('/').map((run) => run.trim().split(' '));
  const texts = runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(', ')));
  return texts.filter((text) => text !== '').join(', ');
};
