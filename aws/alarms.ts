import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type ClientSettings, clientFor } from './client-settings.js';

const cloudWatch = clientFor(CloudWatchClient);

/** Names of one DescribeAlarms, and its most records (CloudWatch API). */
const namesPerCall = 100;

/** Alarms of CloudWatch. */
export class Alarms {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Those of the names whose alarm is in ALARM. */
  async inAlarm(names: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let start = 0; start < names.length; start += namesPerCall) {
      const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch(this.#settings).send(
        new DescribeAlarmsCommand({
          AlarmNames: names.slice(start, start + namesPerCall),
          // Without it only metric alarms are answered.
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          StateValue: 'ALARM',
          MaxRecords: namesPerCall,
        }),
      );
      for (const { AlarmName = '' } of [...MetricAlarms, ...CompositeAlarms]) found.add(AlarmName);
    }
    return found;
  }
}
