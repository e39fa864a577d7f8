import { type Weekday, weekdays } from '../core/configuration/configuration.js';
import { nearest } from './nearest.js';

/** Whether the runtime knows a time zone. */
export const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
};

/** Whether the calendar has a date, `YYYY-MM-DD`. */
export const isDate = (written: string): boolean => {
  const time = Date.parse(`${written}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(written);
};

/** What may have been meant by a text in a field about days, times and zones, the most likely first. */
export const calendarCandidates = (field: string, text: string): unknown[] => {
  if (field === 'timezone') return zoneCandidates(text.trim());
  if (field === 'days') return dayCandidates(text.toLowerCase());
  return field === 'from' || field === 'to' ? [...timeCandidates(text.toLowerCase()), ...dateCandidates(text)] : [];
};

/** `berlin` and `Europe/Berln` are Europe/Berlin, `GMT` and `Z` are UTC. */
const zoneCandidates = (text: string): string[] => {
  if (/^(?:gmt|z|utc|zulu)$/i.test(text)) return ['UTC'];
  const zones = Intl.supportedValuesOf('timeZone');
  const written = text.replaceAll(' ', '_').toLowerCase();
  const inLowerCase = zones.map((zone) => zone.toLowerCase());
  const found = inLowerCase.find((zone) => zone.endsWith(`/${written}`)) ?? nearest(written, inLowerCase);
  return zones.filter((zone) => zone.toLowerCase() === found);
};

/** `Monday` is mon, `mon-thu` is a list. */
const dayCandidates = (text: string): unknown[] => {
  const [first, last] = text.split(/\s*[-–]\s*|\s+to\s+/).map(dayIn);
  if (first === undefined) return [];
  return last === undefined ? [first] : [weekdays.slice(weekdays.indexOf(first), weekdays.indexOf(last) + 1)];
};

const dayIn = (text: string): Weekday | undefined => weekdays.find((day) => text.trim().startsWith(day));

/** `9:00`, `900`, `9am` and `09:00:00` are 09:00. */
const timeCandidates = (text: string): string[] => {
  const [, hour, minute = '00', half] = text.trim().match(/^(\d{1,2})(?:[:.h]?(\d\d))?(?::00)?\s*(am|pm|h|z)?$/) ?? [];
  if (hour === undefined) return [];
  const hours = half === 'am' || half === 'pm' ? (Number(hour) % 12) + (half === 'pm' ? 12 : 0) : Number(hour);
  return [`${String(hours).padStart(2, '0')}:${minute}`];
};

/** `2026/12/20`, `20261220`, `20.12.2026` and a time of that day are 2026-12-20. */
const dateCandidates = (text: string): string[] => {
  const [, year, month, day] = text.match(/^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[T ].*)?$/) ?? [];
  const [, ofMonth, inYear, years] = text.match(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/) ?? [];
  const parts = [year ?? years, month ?? inYear, day ?? ofMonth];
  return parts.includes(undefined) ? [] : [parts.map((part = '') => part.padStart(2, '0')).join('-')];
};
