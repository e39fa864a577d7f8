import { AwsError, NotEmulated } from '../errors.js';
import type { Shape } from '../shape.js';
import { checkValues } from './check-values.js';

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
/** In the order in which CloudWatch lists them. */
export const stateValues: readonly StateValue[] = ['INSUFFICIENT_DATA', 'ALARM', 'OK'];

/** Members that have one name in PutMetricAlarm and CloudFormation. */
export type AlarmSettings = {
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly OKActions?: readonly string[];
  readonly AlarmActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Statistic?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Period?: number;
  readonly Unit?: string;
  readonly EvaluationPeriods?: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  readonly TreatMissingData?: string;
};

export const settingsShape: Readonly<Record<keyof AlarmSettings, Shape>> = {
  AlarmDescription: 'string',
  ActionsEnabled: 'boolean',
  OKActions: { list: 'string' },
  AlarmActions: { list: 'string' },
  InsufficientDataActions: { list: 'string' },
  MetricName: 'string',
  Namespace: 'string',
  Statistic: 'string',
  Dimensions: { list: { members: { Name: 'string', Value: 'string' } } },
  Period: 'number',
  Unit: 'string',
  EvaluationPeriods: 'number',
  DatapointsToAlarm: 'number',
  Threshold: 'number',
  ComparisonOperator: 'string',
  TreatMissingData: 'string',
};

export type AlarmState = {
  readonly value: StateValue;
  readonly reason: string;
  readonly reasonData: string | undefined;
  readonly since: number;
};

export type Alarm = {
  readonly name: string;
  readonly arn: string;
  readonly settings: AlarmSettings;
  readonly configuredAt: number;
  state: AlarmState;
};

const comparisons: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export const breaches = ({ ComparisonOperator = '', Threshold = 0 }: AlarmSettings, value: number): boolean =>
  comparisons[ComparisonOperator]?.(value, Threshold) ?? false;

export const actionsFor = ({ ActionsEnabled = true, ...settings }: AlarmSettings, value: StateValue): readonly string[] => {
  if (!ActionsEnabled) return [];
  const byState = { OK: settings.OKActions, ALARM: settings.AlarmActions, INSUFFICIENT_DATA: settings.InsufficientDataActions };
  return byState[value] ?? [];
};

/** The queue that the alarm watches; undefined for other alarms. */
export const watchedQueue = ({ Namespace, Dimensions = [] }: AlarmSettings): string | undefined =>
  Namespace === 'AWS/SQS' ? Dimensions.find(({ Name }) => Name === 'QueueName')?.Value : undefined;

export const checkSettings = (name: string, settings: AlarmSettings): void => {
  for (const member of Object.keys(settings)) if (!(member in settingsShape)) throw new NotEmulated(`member ${member} of alarm ${name}`);
  const missing = (
    ['MetricName', 'Namespace', 'Statistic', 'Period', 'ComparisonOperator', 'EvaluationPeriods', 'Threshold'] as const
  ).find((member) => settings[member] === undefined);
  if (missing !== undefined) throw new AwsError('MissingParameter', `The parameter ${missing} is required (alarm ${name}).`);
  checkValues(name, settings);
  if (!(String(settings.ComparisonOperator) in comparisons))
    throw new NotEmulated(`ComparisonOperator ${settings.ComparisonOperator} of alarm ${name}`);
  for (const arn of (['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const).flatMap((value) =>
    actionsFor({ ...settings, ActionsEnabled: true }, value),
  ))
    if (arn.split(':')[2] !== 'sns') throw new NotEmulated(`action ${arn} of alarm ${name}`);
};
