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

/** Alarms that a message names; the others are counted: it is the cause of an error, of which Step Functions takes 32,768 characters. */
const named = 10;

const some = (alarms: readonly string[]): string =>
  [...alarms.slice(0, named), ...(alarms.length > named ? [`${alarms.length - named} more`] : [])].join(', ');

export type FiredAlarm = { readonly name: string; readonly at?: string | undefined };

export const alarmsInBake = (alarms: readonly FiredAlarm[]) =>
  `alarm ${some(alarms.map(({ name, at }) => `${name}${at === undefined ? '' : ` (${moment(at)})`}`))} went into ALARM during the bake`;

export const alarmsMissing = (names: readonly string[]) =>
  `alarm ${some(names)} does not exist in this account and Region, so nothing guards the bake`;

export const alarmsIgnored = (names: readonly string[]) => `alarm ${some(names)} did not guard the bake: it was in ALARM before the update`;

/** `message`: why tasks of the revision failed it. */
export const failedMeanwhile = (message: string) => `${message}; ECS had completed the rollout, and its verification had not ended`;

export const baked = (seconds: number, alarms: readonly string[]) =>
  alarms.length > 0 ? `no ALARM of ${some(alarms)} within ${duration(seconds)}` : `it ran for ${duration(seconds)}`;

export const verified = (success: string, checks: readonly string[]) => [success, `verified: ${checks.join('; ')}`].join('; ');

/** `by` is the name of the execution that waits. */
export const endedEarly = (by: string) =>
  `its verification was ended for ${by}, which waited for the service; it does not count as known good`;
