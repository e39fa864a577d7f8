const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How long something has been so: its largest unit, rounded down. `24 min`, `3 h`, `9 d`. A time ahead, of a clock that is wrong, is 0. */
export const age = (seconds: number): string => {
  const past = Math.max(0, Math.floor(seconds));
  if (past < minute) return `${past} s`;
  if (past < hour) return `${Math.floor(past / minute)} min`;
  if (past < 2 * day) return `${Math.floor(past / hour)} h`;
  return `${Math.floor(past / day)} d`;
};

/** How long something took: at most two units. `0.4 s`, `58 s`, `2 min 31 s`, `1 h 5 min`, `2 d 3 h`. */
export const duration = (seconds: number): string => {
  if (seconds > 0 && seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < minute) return `${whole} s`;
  if (whole < hour) return twoUnits(whole, minute, 'min', 1, 's');
  if (whole < day) return twoUnits(whole, hour, 'h', minute, 'min');
  return twoUnits(whole, day, 'd', hour, 'h');
};

const twoUnits = (seconds: number, large: number, largeName: string, small: number, smallName: string): string => {
  const rest = Math.floor((seconds % large) / small);
  const first = `${Math.floor(seconds / large)} ${largeName}`;
  return rest ? `${first} ${rest} ${smallName}` : first;
};

/** Of an ISO time, in milliseconds; undefined for a text that is none. */
export const timeOf = (iso: string | undefined): number | undefined => {
  const time = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? undefined : time;
};

/** `14:07:11` in the time zone, which is the browser's unless given. A text that is no time is shown as it is. */
export const clockTime = (iso: string, zone?: string): string => formatted(iso, 'en-GB', zone, { timeStyle: 'medium' });

/** `28 Nov 2026, 14:07:11` */
export const dateTime = (iso: string, zone?: string): string => formatted(iso, 'en-GB', zone, { dateStyle: 'medium', timeStyle: 'medium' });

/** `Sat 28 Nov` */
export const dayName = (iso: string, zone?: string): string =>
  formatted(iso, 'en-GB', zone, { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');

/** A time near `now`: `14:20` today, `tomorrow 14:20`, `yesterday 14:20`, else `Sat 28 Nov 14:20`. */
export const nearTime = (iso: string, now: number, zone?: string): string => {
  const at = timeOf(iso);
  if (at === undefined) return iso;
  const time = formatted(iso, 'en-GB', zone, { timeStyle: 'short' });
  const days = dayNumber(at, zone) - dayNumber(now, zone);
  if (days === 0) return time;
  if (days === 1) return `tomorrow ${time}`;
  return days === -1 ? `yesterday ${time}` : `${dayName(iso, zone)} ${time}`;
};

/** The number of the calendar day in the time zone: the difference of two is right also where a day has 23 or 25 hours. */
const dayNumber = (time: number, zone: string | undefined): number =>
  Date.parse(formatted(new Date(time).toISOString(), 'en-CA', zone, { dateStyle: 'short' })) / (day * 1000);

const formats = new Map<string, Intl.DateTimeFormat>();

const formatted = (iso: string, locale: string, zone: string | undefined, options: Intl.DateTimeFormatOptions): string => {
  const at = timeOf(iso);
  if (at === undefined) return iso;
  const key = JSON.stringify([locale, zone, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, ...(zone && { timeZone: zone }) });
  formats.set(key, format);
  return format.format(at);
};
