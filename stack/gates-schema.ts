import { z } from 'zod';
import { weekdays } from '../core/configuration/configuration.js';
import { isDate, isTimeZone } from './calendar.js';
import { choice, duration, list, text } from './schema-values.js';

/** The longest that a release may wait, with which its execution is still known to Step Functions when it is looked for. */
const LONGEST_WAIT = '90d';

export const DEFAULT_MAX_WAIT = '14d';
export const DEFAULT_APPROVAL_TIMEOUT = '24h';

export const wait = (description: string) =>
  duration({ from: '1m', to: LONGEST_WAIT, expected: `a time from 1m to ${LONGEST_WAIT}, like 12h or 3d` }, description);

const zoneExpected = 'a time zone of the IANA database, like Europe/Berlin or UTC';

const timezone = (description: string) =>
  text(zoneExpected, /^(?:UTC|[A-Z]\w*\/[\w+/-]+)$/, description).refine(isTimeZone, { error: zoneExpected });

const approvalFields = z.strictObject({
  timeout: wait(`A release whose approval takes longer ends: no answer is a no. The default is ${DEFAULT_APPROVAL_TIMEOUT}.`)
    .meta({ default: DEFAULT_APPROVAL_TIMEOUT })
    .optional(),
  remindAfter: wait('The request is repeated once after this time. The default is half of the timeout.').optional(),
});

export const approvalExpected = 'true, or the fields timeout and remindAfter';

/** What is no object comes before the object: issues are reported in this order. */
export const approvalSchema = z.union([z.boolean({ error: approvalExpected }), approvalFields]);

const dayExpected = `one of ${weekdays.join(', ')}`;

export const windowSchema = z.strictObject({
  days: list(
    z.enum(weekdays, { error: dayExpected }),
    `a list of at least one of ${weekdays.join(', ')}`,
    'The window begins on these days.',
  ),
  from: text('a time from 00:00 to 23:59, like "09:00"', /^(?:[01]\d|2[0-3]):[0-5]\d$/, 'The window begins at this time of day.'),
  to: text(
    'a time from 00:00 to 24:00, like "16:00"',
    /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
    'The window ends at this time of day, on the next day if it is before from.',
  ),
  timezone: timezone('The times of day are those of this time zone.'),
  outside: choice(['wait', 'skip'], 'wait or skip', 'Outside the window, a release waits for it or ends as skipped. The default is wait.')
    .meta({ default: 'wait' })
    .optional(),
});

const dateExpected = 'a date that exists, like "2026-12-20"';

const date = (description: string) => text(dateExpected, /^\d{4}-\d{2}-\d{2}$/, description).refine(isDate, { error: dateExpected });

export const freezeSchema = z.strictObject({
  from: date('The freeze begins with this day.'),
  to: date('The freeze ends with this day.'),
  timezone: timezone("The days are those of this time zone. The default is the window's time zone, or else UTC.").optional(),
  reason: text('a text of at most 200 characters', /^[^\n]{1,200}$/, 'Messages repeat this reason. The default is none.').optional(),
});

export type WrittenApproval = z.infer<typeof approvalSchema>;
export type WrittenFreeze = z.infer<typeof freezeSchema>;
