import { AwsError, NotEmulated } from '../errors.js';

/** When a schedule is next due: a moment later than `time`, both in epoch milliseconds; undefined when never again. */
export type Schedule = (time: number) => number | undefined;

const invalid = (expression: string): AwsError =>
  new AwsError('ValidationException', `Parameter ScheduleExpression is not valid: ${expression}`);

const minute = 60_000;
const unitMilliseconds: Record<string, number> = { minute, hour: 60 * minute, day: 24 * 60 * minute };

const rate = (expression: string, text: string): Schedule => {
  const [, count, unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(text) ?? [];
  const milliseconds = unitMilliseconds[unit];
  if (milliseconds === undefined || Number(count) < 1 || (plural === '') !== (Number(count) === 1)) throw invalid(expression);
  return (time) => time + Number(count) * milliseconds;
};

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

type Field = { readonly low: number; readonly high: number; readonly names?: readonly string[] };

/** The values that a field allows; undefined for all of them. */
const valuesOf = (text: string, { low, high, names = [] }: Field, expression: string): ReadonlySet<number> | undefined => {
  if (text === '*' || text === '?') return undefined;
  if (/^L|^\d+[LW]$|#|^LW$/.test(text)) throw new NotEmulated(`field ${text} of schedule ${expression}`);
  const number = (word: string): number => {
    const value = names.includes(word) ? names.indexOf(word) + low : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (!(value >= low && value <= high)) throw invalid(expression);
    return value;
  };
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    const [from = '', to, ...others] = range.split('-');
    if (more.length > 0 || others.length > 0) throw invalid(expression);
    const first = from === '*' ? low : number(from);
    const last = to === undefined ? (step === undefined && from !== '*' ? first : high) : number(to);
    const by = step === undefined ? 1 : Number(step);
    if (!Number.isInteger(by) || by < 1) throw invalid(expression);
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
};

const cron = (expression: string, text: string): Schedule => {
  const fields = text.toUpperCase().split(/ +/);
  const [minuteText, hourText, dayText, monthText, weekdayText, yearText] = fields as [string, string, string, string, string, string];
  if (fields.length !== 6 || (dayText === '?') === (weekdayText === '?')) throw invalid(expression);
  const minutes = valuesOf(minuteText, { low: 0, high: 59 }, expression);
  const hours = valuesOf(hourText, { low: 0, high: 23 }, expression);
  const monthDays = valuesOf(dayText, { low: 1, high: 31 }, expression);
  const monthNumbers = valuesOf(monthText, { low: 1, high: 12, names: months }, expression);
  const weekdays = valuesOf(weekdayText, { low: 1, high: 7, names: days }, expression);
  const years = valuesOf(yearText, { low: 1970, high: 2199 }, expression);
  const allows = (values: ReadonlySet<number> | undefined, value: number): boolean => values?.has(value) ?? true;

  return (time) => {
    const date = new Date(time);
    date.setUTCSeconds(0, 0);
    date.setUTCMinutes(date.getUTCMinutes() + 1);
    while (date.getUTCFullYear() <= 2199) {
      const isDay =
        allows(years, date.getUTCFullYear()) &&
        allows(monthNumbers, date.getUTCMonth() + 1) &&
        allows(monthDays, date.getUTCDate()) &&
        allows(weekdays, date.getUTCDay() + 1);
      if (!isDay) date.setUTCHours(24, 0);
      else if (!allows(hours, date.getUTCHours())) date.setUTCHours(date.getUTCHours() + 1, 0);
      else if (!allows(minutes, date.getUTCMinutes())) date.setUTCMinutes(date.getUTCMinutes() + 1);
      else return date.getTime();
    }
    return undefined;
  };
};

/** Reads `rate(5 minutes)` or a six-field `cron(0 8 ? * MON-FRI *)`, in UTC. */
export const parseSchedule = (expression: string): Schedule => {
  const [, kind, text = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return rate(expression, text);
  if (kind === 'cron') return cron(expression, text);
  throw invalid(expression);
};
