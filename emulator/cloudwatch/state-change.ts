import type { Account } from '../account.js';
import type { BusEvent } from '../events/api.js';
import type { Alarm, AlarmState } from './alarm.js';

export const timestamp = (time: number): string => new Date(time).toISOString().replace('Z', '+0000');

const stateIn = ({ value, reason, reasonData, since }: AlarmState): Record<string, unknown> => ({
  value,
  reason,
  ...(reasonData === undefined ? {} : { reasonData }),
  timestamp: timestamp(since),
});

const dimensionsOf = ({ settings }: Alarm): Record<string, string> =>
  Object.fromEntries((settings.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));

/** What an event says of the alarm itself. */
export const configurationOf = (alarm: Alarm): Record<string, unknown> => {
  const { AlarmDescription, MetricName, Namespace, Period, Statistic } = alarm.settings;
  const metric = { namespace: Namespace, name: MetricName, dimensions: dimensionsOf(alarm) };
  return {
    ...(AlarmDescription === undefined ? {} : { description: AlarmDescription }),
    metrics: [{ id: 'm1', metricStat: { metric, period: Period, stat: Statistic }, returnData: true }],
  };
};

/** The event for EventBridge, of metric and of composite alarms (AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge). */
export const stateChangeOf = (
  { name, arn, state }: { readonly name: string; readonly arn: string; readonly state: AlarmState },
  previous: AlarmState,
  configuration: Record<string, unknown>,
): Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'> => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  resources: [arn],
  detail: { alarmName: name, state: stateIn(state), previousState: stateIn(previous), configuration },
});

/** The message for an SNS action. */
export const notificationOf = (account: Account, alarm: Alarm, previous: AlarmState): { subject: string; message: string } => {
  const {
    AlarmDescription,
    OKActions = [],
    AlarmActions = [],
    InsufficientDataActions = [],
    Dimensions = [],
    ...settings
  } = alarm.settings;
  const {
    MetricName,
    Namespace,
    Statistic,
    Period,
    EvaluationPeriods,
    DatapointsToAlarm,
    ComparisonOperator,
    Threshold,
    TreatMissingData,
  } = settings;
  return {
    subject: `${alarm.state.value}: "${alarm.name}" in ${account.region}`.slice(0, 99),
    message: JSON.stringify({
      AlarmName: alarm.name,
      AlarmDescription: AlarmDescription ?? null,
      AWSAccountId: account.accountId,
      NewStateValue: alarm.state.value,
      NewStateReason: alarm.state.reason,
      StateChangeTime: timestamp(alarm.state.since),
      Region: account.region,
      AlarmArn: alarm.arn,
      OldStateValue: previous.value,
      OKActions,
      AlarmActions,
      InsufficientDataActions,
      Trigger: {
        MetricName,
        Namespace,
        StatisticType: 'Statistic',
        Statistic,
        Dimensions: Dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
        Period,
        EvaluationPeriods,
        DatapointsToAlarm,
        ComparisonOperator,
        Threshold,
        TreatMissingData: TreatMissingData ?? 'missing',
      },
    }),
  };
};
