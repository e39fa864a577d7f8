import type { Verification } from '../configuration/configuration.js';
import { isRegisteredBySlipway, type Tag } from '../task-definition/task-definition.js';
import type { Check } from './finding.js';
import * as messages from './messages.js';

/** Bytes of a task definition (AWS General Reference, "Amazon ECS endpoints and quotas"), as JSON (amazon-ecs-developer-guide#43, #149). */
const byteLimit = 65_536;

/** A revision with its ARN. */
export type Revision = {
  readonly revision: string;
  readonly definition: { readonly taskRoleArn?: string | undefined; readonly executionRoleArn?: string | undefined };
  readonly tags: readonly Tag[];
};

/** Is a role, an ARN or a name, among these ARNs? */
const isAmong = (roles: readonly string[], role: string): boolean =>
  roles.some((one) => one === role || (!role.startsWith('arn:') && one.endsWith(`/${role}`)));

/** `passRoles` of slipway.yml limit the roles that a copy may name; absent, they limit nothing. */
export const roleChecks = (service: string, { revision, definition }: Revision, passRoles: readonly string[] | undefined): Check[] => {
  if (passRoles === undefined) return [];
  return (['taskRoleArn', 'executionRoleArn'] as const).flatMap((kind): Check[] => {
    const role = definition[kind];
    if (role === undefined || isAmong(passRoles, role)) return [];
    return [{ code: 'ROLE_NOT_PASSABLE', service, message: messages.roleNotPassable(service, kind, role, revision) }];
  });
};

/** `copy` is the request that registers it. */
export const sizeChecks = (service: string, revision: string, copy: object): Check[] => {
  const { length } = new TextEncoder().encode(JSON.stringify(copy));
  return length > byteLimit
    ? [{ code: 'REVISION_TOO_LARGE', service, message: messages.revisionTooLarge(service, length, byteLimit, revision) }]
    : [];
};

/** An alarm of CloudWatch; `evaluationSeconds`: over how long a metric alarm evaluates at most, absent if it is not known. */
export type AlarmFound = { readonly name: string; readonly isInAlarm: boolean; readonly evaluationSeconds?: number };

type AlarmsFound = ReadonlyMap<string, AlarmFound>;

/** The alarms that guard a service's rollouts, and those of them that are in ALARM. */
export const alarmChecks = (service: string, alarms: readonly string[], found: AlarmsFound): Check[] => {
  const firing = alarms.filter((alarm) => found.get(alarm)?.isInAlarm);
  return firing.length > 0 ? [{ code: 'ALARM', service, message: messages.inAlarm(service, firing) }] : [];
};

/** The alarms that verify a service's rollouts: whether they exist, and whether one could fire in the bake. */
export const verificationAlarmChecks = (service: string, { alarms = [], bakeSeconds = 0 }: Verification, found: AlarmsFound): Check[] => {
  const check = (code: Check['code'], names: readonly string[], message: (names: readonly string[]) => string): Check[] =>
    names.length > 0 ? [{ code, service, message: message(names) }] : [];
  const secondsOf = (alarm: string): number => found.get(alarm)?.evaluationSeconds ?? 0;
  const slow = alarms.filter((alarm) => secondsOf(alarm) > bakeSeconds);
  const slowest = Math.max(0, ...slow.map(secondsOf));
  return [
    ...check(
      'ALARM_MISSING',
      alarms.filter((alarm) => !found.has(alarm)),
      (names) => messages.alarmMissing(service, names),
    ),
    ...check(
      'ALARM',
      alarms.filter((alarm) => found.get(alarm)?.isInAlarm),
      (names) => messages.inAlarmBeforeVerification(service, names),
    ),
    ...check('BAKE_TOO_SHORT', slow, (names) => messages.bakeTooShort(service, names, bakeSeconds, slowest)),
  ];
};

/** The newest ACTIVE revision of the family of the one that is copied: a change of another's that no deployment would bring. */
export const newestChecks = (service: string, copied: string, newest: Revision): Check[] =>
  newest.revision === copied || isRegisteredBySlipway(newest)
    ? []
    : [{ code: 'NEWER_REVISION', service, message: messages.newerRevision(service, newest.revision, copied) }];
