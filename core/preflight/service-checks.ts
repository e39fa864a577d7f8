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

/** The alarms that guard a service's rollouts, and those of them that are in ALARM. */
export const alarmChecks = (service: string, alarms: readonly string[], inAlarm: ReadonlySet<string>): Check[] => {
  const firing = alarms.filter((alarm) => inAlarm.has(alarm));
  return firing.length > 0 ? [{ code: 'ALARM', service, message: messages.inAlarm(service, firing) }] : [];
};

/** The newest ACTIVE revision of the family of the one that is copied: a change of another's that no deployment would bring. */
export const newestChecks = (service: string, copied: string, newest: Revision): Check[] =>
  newest.revision === copied || isRegisteredBySlipway(newest)
    ? []
    : [{ code: 'NEWER_REVISION', service, message: messages.newerRevision(service, newest.revision, copied) }];
