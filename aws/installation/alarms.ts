import { CloudWatchClient, type CompositeAlarm, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmFacts, Read } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { compact } from '../ecs.js';
import { read } from './read.js';

const cloudWatch = clientFor(CloudWatchClient);

/** Names of one DescribeAlarms, and its most records (CloudWatch API). */
const namesPerCall = 100;

/** Its evaluation covers this time, and one period more may begin late. */
const settlesAt = ({ TreatMissingData, Period = 0, EvaluationPeriods = 1, AlarmConfigurationUpdatedTimestamp }: MetricAlarm) =>
  TreatMissingData === 'breaching' && AlarmConfigurationUpdatedTimestamp
    ? new Date(AlarmConfigurationUpdatedTimestamp.getTime() + Period * (EvaluationPeriods + 1) * 1000).toISOString()
    : undefined;

const factsOf = ({
  AlarmName: name = '',
  StateValue,
  ActionsEnabled,
  AlarmActions = [],
  AlarmDescription,
  ...alarm
}: MetricAlarm | CompositeAlarm): AlarmFacts => ({
  name,
  isInAlarm: StateValue === 'ALARM',
  hasActions: ActionsEnabled !== false && AlarmActions.length > 0,
  description: AlarmDescription,
  settlesAt: 'TreatMissingData' in alarm ? settlesAt(alarm) : undefined,
  of: compact('Dimensions' in alarm ? alarm.Dimensions?.map(({ Value }) => Value) : []),
});

/** The alarms with these names that exist. */
export const readAlarms = (settings: ClientSettings, names: readonly string[]): Promise<Read<ReadonlyMap<string, AlarmFacts>>> =>
  read('cloudwatch:DescribeAlarms', async () => {
    const found = new Map<string, AlarmFacts>();
    const unique = [...new Set(names)];
    for (let start = 0; start < unique.length; start += namesPerCall) {
      const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch(settings).send(
        new DescribeAlarmsCommand({
          AlarmNames: unique.slice(start, start + namesPerCall),
          // Without it only metric alarms are answered.
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          MaxRecords: namesPerCall,
        }),
      );
      for (const alarm of [...MetricAlarms, ...CompositeAlarms].map(factsOf)) found.set(alarm.name, alarm);
    }
    return found;
  });
