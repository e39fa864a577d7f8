import type { Unread } from './facts.js';
import * as messages from './messages.js';

/** What `doctor` looks for, as docs/doctor.md lists it. Programs decide by the code. */
export const findingCodes = [
  'STACK_MISSING',
  'STACK_FAILED',
  'STACK_ROLLED_BACK',
  'STACK_CHANGING',
  'QUERY_FAILED',
  'VERSION_DIFFERS',
  'SCHEMA_DIFFERS',
  'RULE_MISSING',
  'RULE_DISABLED',
  'RULE_WITHOUT_TARGET',
  'TARGET_WITHOUT_DEAD_LETTER',
  'SCHEDULE_DISABLED',
  'FUNCTION_MISSING',
  'FUNCTION_NOT_ACTIVE',
  'FUNCTION_NOT_UPDATED',
  'FUNCTION_THROTTLED',
  'FUNCTION_RUNTIME',
  'EVENT_SOURCE_DISABLED',
  'MACHINE_MISSING',
  'MACHINE_NOT_ACTIVE',
  'MACHINE_CHANGED',
  'TOPIC_MISSING',
  'SUBSCRIPTION_MISSING',
  'SUBSCRIPTION_PENDING',
  'NO_SUBSCRIBER',
  'SECRET_MISSING',
  'SECRET_DELETED',
  'SECRET_EMPTY',
  'ALARM_MISSING',
  'ALARM_FIRING',
  'ALARM_UNSETTLED',
  'ALARM_WITHOUT_ACTION',
  'QUEUE_MISSING',
  'DEAD_LETTERS',
  'SERVICE_NOT_DEPLOYABLE',
  'CONTAINER_MISSING',
  'NO_CIRCUIT_BREAKER',
  'NO_HEALTH_CHECK',
  'NO_GRACE_PERIOD',
  'SERVICE_ALARM_MISSING',
  'SERVICE_ALARM_FIRING',
  'IMAGE_MISSING',
  'REPOSITORY_MISSING',
  'NOT_SCANNED',
  'TAGS_MUTABLE',
  'LIFECYCLE_EXPIRES',
  'LIFECYCLE_BY_AGE',
  'LIFECYCLE_KEEPS_FEW',
  'NOT_CHECKED',
] as const;

export type FindingCode = (typeof findingCodes)[number];

/** `error`: deployments fail, or their failures are not reported. `warning`: a failure is found late, or not at all. `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note';

export type Finding = {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** A name: of a rule, a function, `cluster/service`, a repository … */
  readonly subject: string;
  readonly message: string;
  readonly toDo: string;
  /** To paste into a shell: does it, or shows more. */
  readonly command?: string;
};

/** What a check answers. An alarm of one of these queues or functions says nothing more. */
export type Found = Finding & { readonly explains?: readonly string[] };

/** A message with what to do about it. */
export type Advice = Pick<Finding, 'message' | 'toDo'>;

export const found = (
  code: FindingCode,
  severity: Severity,
  subject: string,
  advice: Advice,
  more: Pick<Found, 'command' | 'explains'> = {},
): Found => ({
  code,
  severity,
  subject,
  ...advice,
  ...more,
});

export const notChecked = (subject: string, unread: Unread): Found =>
  found(
    'NOT_CHECKED',
    'warning',
    subject,
    unread.reason === 'denied' ? messages.notPermitted(unread.action) : messages.notAnswered(unread.action),
  );
