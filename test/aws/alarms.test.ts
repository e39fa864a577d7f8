import { CloudWatchClient, PutCompositeAlarmCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { Alarms } from '../../aws/alarms.js';
import { createEmulator } from '../../emulator/emulator.js';

const given = async (count: number) => {
  const { requestHandler, ...settings } = createEmulator().clientConfig();
  const client = new CloudWatchClient({ ...settings, requestHandler });
  const names = Array.from({ length: count }, (_, index) => `alarm-${index}`);
  for (const AlarmName of names)
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'web',
        MetricName: '5xx',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
  const fire = (AlarmName: string) => client.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'a test' }));
  return { alarms: new Alarms({ ...settings, requestHandler: { ...requestHandler } }), client, names, fire };
};

test('of more than a hundred alarms those are found that are in ALARM', async () => {
  const { alarms, names, fire } = await given(103);
  await fire('alarm-0');
  await fire('alarm-102');

  expect([...(await alarms.inAlarm([...names, 'unknown']))]).toEqual(['alarm-0', 'alarm-102']);
  expect([...(await alarms.inAlarm([]))]).toEqual([]);
});

test('a composite alarm counts as any other', async () => {
  const { alarms, client, fire } = await given(1);
  await client.send(new PutCompositeAlarmCommand({ AlarmName: 'composite', AlarmRule: 'ALARM("alarm-0")' }));
  expect([...(await alarms.inAlarm(['composite']))]).toEqual([]);

  await fire('alarm-0');
  expect([...(await alarms.inAlarm(['composite', 'alarm-0']))].toSorted()).toEqual(['alarm-0', 'composite']);
});
