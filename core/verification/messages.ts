import { duration, moment } from '../result/moment.js';

// What verifications say. Import it as a namespace, as the other messages. `function` is a name or an ARN as in slipway.yml.

const saying = (words: string): string => (words === '' ? '' : `: ${words}`);

export const verifiedBy = (name: string, words: string) => `the function ${name} verified it${saying(words)}`;

export const refusedBy = (name: string, words: string) => `the function ${name} refused it${saying(words)}`;

export const verifierFailed = (name: string, error: string) => `the function ${name} failed with ${error}, so it verified nothing`;

export const answerTooLong = (name: string) => `the function ${name} answered more than 4,096 characters, so it verified nothing`;

export const noAnswer = (name: string, answer: string) =>
  `the function ${name} answered ${answer}; expected {"version": 1, "verified": true or false, "message": "optional"}`;

/** An error of the function that requests the URL. */
export const urlNotRequested = (error: string) => `the URL could not be requested: ${error}`;

export type FiredAlarm = { readonly name: string; readonly at?: string | undefined };

export const alarmsInBake = (alarms: readonly FiredAlarm[]) =>
  `alarm ${alarms.map(({ name, at }) => `${name}${at === undefined ? '' : ` (${moment(at)})`}`).join(', ')} went into ALARM during the bake`;

export const alarmsMissing = (names: readonly string[]) =>
  `alarm ${names.join(', ')} does not exist in this account and Region, so nothing guards the bake`;

export const alarmsIgnored = (names: readonly string[]) =>
  `alarm ${names.join(', ')} did not guard the bake: it was in ALARM before the update`;

export const baked = (seconds: number, alarms: readonly string[]) =>
  alarms.length > 0 ? `no ALARM of ${alarms.join(', ')} within ${duration(seconds)}` : `it ran for ${duration(seconds)}`;

export const verified = (success: string, checks: readonly string[]) => [success, `verified: ${checks.join('; ')}`].join('; ');

/** `by` is the name of the execution that waits. */
export const endedEarly = (by: string) =>
  `its verification was ended for ${by}, which waited for the service; it does not count as known good`;
