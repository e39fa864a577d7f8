import { CloudWatchClient, type CompositeAlarm, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type ClientSettings, clientFor } from './client-settings.js';

const cloudWatch = clientFor(CloudWatchClient);

/** Names of one DescribeAlarms, and its most records (CloudWatch API). */
const namesPerCall = 100;

/** An alarm as it is now. */
export type AlarmDescription = {
  readonly name: string;
  readonly isInAlarm: boolean;
  /** When its state became that. ISO 8601. */
  readonly since?: string;
  /** Over how long a metric alarm evaluates: the longest period × evaluation periods. A composite one has none. */
  readonly evaluationSeconds?: number;
};

const described = ({ AlarmName: name = '', StateValue, StateTransitionedTimestamp }: MetricAlarm | CompositeAlarm): AlarmDescription => ({
  name,
  isInAlarm: StateValue === 'ALARM',
  ...(StateTransitionedTimestamp && { since: StateTransitionedTimestamp.toISOString() }),
});

/** Without `Period`, a metric math expression has its periods in its members (CloudWatch API, MetricDataQuery). */
const evaluationSeconds = ({ Period, Metrics = [], EvaluationPeriods = 1 }: MetricAlarm): number =>
  EvaluationPeriods * Math.max(Period ?? 0, ...Metrics.map((one) => one.MetricStat?.Period ?? one.Period ?? 0));

/** Alarms of CloudWatch. */
export class Alarms {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** The alarms with these names that exist, by name. */
  async describe(names: readonly string[]): Promise<ReadonlyMap<string, AlarmDescription>> {
    const found = new Map<string, AlarmDescription>();
    for (let start = 0; start < names.length; start += namesPerCall) {
      const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch(this.#settings).send(
        new DescribeAlarmsCommand({
          AlarmNames: names.slice(start, start + namesPerCall),
          // Without it only metric alarms are answered.
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          MaxRecords: namesPerCall,
        }),
      );
      const metric = MetricAlarms.map((alarm) => ({ ...described(alarm), evaluationSeconds: evaluationSeconds(alarm) }));
      for (const alarm of [...metric, ...CompositeAlarms.map(described)]) found.set(alarm.name, alarm);
    }
    return found;
  }
}
