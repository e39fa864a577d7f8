import type { AlarmEvent } from '../input/alarm-event.js';
import type { VerificationRun } from '../records/records.js';
import * as messages from './messages.js';

/** An alarm as CloudWatch describes it; `since` is when it came into its state, ISO 8601. */
type Alarm = { readonly isInAlarm: boolean; readonly since?: string };

/** Why alarms end a bake. */
export type AlarmFailure = { readonly reason: 'ALARM' | 'VERIFICATION'; readonly message: string };

const isBefore = (one: string | undefined, other: string): boolean => one !== undefined && Date.parse(one) < Date.parse(other);

/**
 * Those of the names that do not guard a bake, because they were in ALARM before the update and still are: ECS ignores its own alarms for
 * that reason, too (ECS Developer Guide, "How CloudWatch alarms detect Amazon ECS deployment failures").
 */
export const ignoredAlarms = (names: readonly string[], found: ReadonlyMap<string, Alarm>, updateRequestedAt: string): string[] =>
  names.filter((name) => {
    const alarm = found.get(name);
    return alarm?.isInAlarm === true && isBefore(alarm.since, updateRequestedAt);
  });

/**
 * Why the alarms end the bake; undefined if they do not. One counts that is in ALARM, or was within the bake, even if it is OK again. One
 * without enough data is in no ALARM. A name of which there is no alarm guards nothing.
 */
export const alarmFailure = (
  names: readonly string[],
  found: ReadonlyMap<string, Alarm>,
  events: readonly AlarmEvent[],
  { since, ignoredAlarms: ignored = [] }: Pick<VerificationRun, 'since' | 'ignoredAlarms'>,
): AlarmFailure | undefined => {
  const guarding = names.filter((name) => !ignored.includes(name));
  const fired = guarding.flatMap((name) => {
    const alarm = found.get(name);
    if (alarm?.isInAlarm) return [{ name, at: alarm.since }];
    return events.filter((event) => event.name === name && !isBefore(event.at, since)).slice(0, 1);
  });
  if (fired.length > 0) return { reason: 'ALARM', message: messages.alarmsInBake(fired) };
  const missing = guarding.filter((name) => !found.has(name));
  return missing.length > 0 ? { reason: 'VERIFICATION', message: messages.alarmsMissing(missing) } : undefined;
};
