import { AwsError } from '../errors.js';

/** The members of PutMetricAlarm that have limits. */
type Values = Partial<
  Record<keyof typeof enumerations | 'AlarmDescription' | 'MetricName' | 'Namespace', string> &
    Record<(typeof actions)[number], readonly string[]> &
    Record<'Period' | 'EvaluationPeriods' | 'DatapointsToAlarm' | 'Threshold', number> & { readonly Dimensions: readonly unknown[] }
>;

const actions = ['OKActions', 'AlarmActions', 'InsufficientDataActions'] as const;

const validation = (message: string): AwsError => new AwsError('ValidationError', message);

const refuse = (value: unknown, member: string, constraint: string): never => {
  throw validation(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${constraint}`);
};

/** The enumerations of botocore's model. */
const enumerations = {
  ComparisonOperator: [
    ...['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold', 'LessThanOrEqualToThreshold'],
    ...['LessThanLowerOrGreaterThanUpperThreshold', 'LessThanLowerThreshold', 'GreaterThanUpperThreshold'],
  ],
  Statistic: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'],
  Unit: [
    ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'None'],
    ...['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'],
    ...['Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second', 'Bits/Second', 'Kilobits/Second'],
    ...['Megabits/Second', 'Gigabits/Second', 'Terabits/Second', 'Count/Second'],
  ],
  TreatMissingData: ['breaching', 'notBreaching', 'ignore', 'missing'],
} as const;

const lowerFirst = (member: string): string => member.charAt(0).toLowerCase() + member.slice(1);

export const checkEnumeration = (member: string, value: string | undefined, values: readonly string[]): void => {
  if (value !== undefined && !values.includes(value)) refuse(value, lowerFirst(member), `satisfy enum value set: [${values.join(', ')}]`);
};

export const checkLength = (member: string, value: string | undefined, low: number, high: number): void => {
  if (value === undefined) return;
  if (value.length < low) refuse(value, lowerFirst(member), `have length greater than or equal to ${low}`);
  if (value.length > high) refuse(value, lowerFirst(member), `have length less than or equal to ${high}`);
};

const checkCount = (member: string, value: number | undefined): void => {
  if (value !== undefined && !(Number.isInteger(value) && value >= 1))
    refuse(value, lowerFirst(member), 'have value greater than or equal to 1');
};

const day = 86_400;

/** Periods and their number, as the reference of PutMetricAlarm limits them. */
const checkTime = ({ Period, EvaluationPeriods = 1, DatapointsToAlarm }: Values): void => {
  checkCount('Period', Period);
  checkCount('EvaluationPeriods', EvaluationPeriods);
  checkCount('DatapointsToAlarm', DatapointsToAlarm);
  if (DatapointsToAlarm !== undefined && DatapointsToAlarm > EvaluationPeriods)
    throw validation('DatapointsToAlarm must be less than or equal to EvaluationPeriods');
  if (Period === undefined) return;
  if (![10, 20, 30].includes(Period) && Period % 60 !== 0) throw validation('Period must be 10, 20, 30 or a multiple of 60');
  const [limit, words] = Period >= 3600 ? [7 * day, 'seven days'] : [day, 'a day'];
  if (EvaluationPeriods * Period > limit)
    throw validation(`Metrics cannot be checked across more than ${words} (EvaluationPeriods * Period must be <= ${limit}).`);
};

/** @throws AwsError ValidationError, as PutMetricAlarm answers */
export const checkValues = (name: string, settings: Values): void => {
  checkLength('AlarmName', name, 1, 255);
  checkLength('AlarmDescription', settings.AlarmDescription, 0, 1024);
  checkLength('MetricName', settings.MetricName, 1, 255);
  checkLength('Namespace', settings.Namespace, 1, 255);
  if (settings.Namespace?.startsWith(':')) refuse(settings.Namespace, 'namespace', 'satisfy regular expression pattern: [^:].*');
  for (const [member, values] of Object.entries(enumerations))
    checkEnumeration(member, settings[member as keyof typeof enumerations], values);
  if (settings.Threshold !== undefined && !Number.isFinite(settings.Threshold)) throw validation('Threshold must be a finite number');
  if ((settings.Dimensions?.length ?? 0) > 30) refuse(settings.Dimensions?.length, 'dimensions', 'have length less than or equal to 30');
  for (const member of actions) {
    const arns = settings[member] ?? [];
    if (arns.length > 5) refuse(arns.length, lowerFirst(member), 'have length less than or equal to 5');
    for (const action of arns) if (!/^arn:[^:]+:[^:]+:/.test(action)) throw validation(`Invalid arn syntax: ${action}`);
  }
  checkTime(settings);
};
