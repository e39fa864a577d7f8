import * as v from 'valibot';
import { timestamp } from './timestamp.js';

/** An alarm of CloudWatch went into ALARM, at an ISO 8601 time. */
export type AlarmEvent = { readonly name: string; readonly at: string };

const Event = v.object({
  source: v.literal('aws.cloudwatch'),
  'detail-type': v.literal('CloudWatch Alarm State Change'),
  detail: v.object({ alarmName: v.pipe(v.string(), v.nonEmpty()), state: v.object({ value: v.literal('ALARM'), timestamp }) }),
});

/** Parses an event that the rule of the stack passes to `handleAlarmEvent`; undefined for any other one. */
export const parseAlarmEvent = (input: unknown): AlarmEvent | undefined => {
  const result = v.safeParse(Event, input);
  if (!result.success) return undefined;
  const { alarmName, state } = result.output.detail;
  return { name: alarmName, at: state.timestamp };
};
