import type { Timer } from '../clock.js';
import { AwsError, NotEmulated } from '../errors.js';
import type { RuleSpec } from './api.js';
import { compilePattern, type Pattern } from './pattern.js';
import { parseSchedule, type Schedule } from './schedule.js';
import { type Target, targetKind } from './target.js';

/** A rule, checked, with its compiled pattern and schedule. */
export type Rule = {
  readonly spec: RuleSpec;
  readonly matches: Pattern;
  readonly schedule: Schedule | undefined;
  timer: Timer | undefined;
};

const ruleMembers = ['name', 'arn', 'isEnabled', 'eventPattern', 'scheduleExpression', 'targets'];
const targetMembers = ['id', 'arn', 'roleArn', 'input', 'deadLetterArn', 'maximumRetryAttempts', 'maximumEventAgeSeconds'];

const refuseUnknown = (value: object, members: readonly string[], what: string): void => {
  for (const name of Object.keys(value)) if (!members.includes(name)) throw new NotEmulated(`member ${name} of ${what}`);
};

const checkTarget = (target: Target, ruleName: string): void => {
  const what = `target ${target.id} of rule ${ruleName}`;
  refuseUnknown(target, targetMembers, what);
  const { arn, roleArn, maximumRetryAttempts, maximumEventAgeSeconds, input } = target;
  const kind = targetKind(arn);
  if (kind === undefined) throw new NotEmulated(`${what}, ${arn},`);
  const invalid = (reason: string): AwsError => new AwsError('ValidationException', `${what}: ${reason}`);
  if (kind === 'states' && roleArn === undefined) throw invalid(`RoleArn is required for target ${arn}`);
  if (!(maximumRetryAttempts >= 0 && maximumRetryAttempts <= 185))
    throw invalid(`MaximumRetryAttempts is ${maximumRetryAttempts}; expected 0 to 185`);
  if (!(maximumEventAgeSeconds >= 60 && maximumEventAgeSeconds <= 86_400))
    throw invalid(`MaximumEventAgeInSeconds is ${maximumEventAgeSeconds}; expected 60 to 86400`);
  if (input !== undefined) {
    try {
      JSON.parse(input);
    } catch {
      throw invalid(`Input is not JSON: ${input}`);
    }
  }
};

export const readRule = (spec: RuleSpec): Rule => {
  refuseUnknown(spec, ruleMembers, `rule ${spec.name}`);
  const { name, eventPattern, scheduleExpression, targets } = spec;
  if (eventPattern === undefined && scheduleExpression === undefined)
    throw new AwsError('ValidationException', `rule ${name}: Parameter(s) EventPattern or ScheduleExpression must be specified.`);
  const length = JSON.stringify(eventPattern ?? {}).length;
  if (length > 2048)
    throw new AwsError('LimitExceededException', `rule ${name}: the event pattern has ${length} characters; the default quota is 2048`);
  if (targets.length > 5) throw new AwsError('LimitExceededException', `rule ${name} has ${targets.length} targets; the quota is 5`);
  for (const target of targets) checkTarget(target, name);
  return {
    spec,
    matches: eventPattern === undefined ? () => false : compilePattern(eventPattern),
    schedule: scheduleExpression === undefined ? undefined : parseSchedule(scheduleExpression),
    timer: undefined,
  };
};
