import * as v from 'valibot';

/** The time of an event, in any form that Date.parse reads: that of an alarm ends in `+0000` (CloudWatch User Guide, "Alarm events and EventBridge"). Parsed to ISO 8601 of UTC. */
export const timestamp = v.pipe(
  v.string(),
  v.check((value) => !Number.isNaN(Date.parse(value))),
  v.transform((value) => new Date(value).toISOString()),
);
