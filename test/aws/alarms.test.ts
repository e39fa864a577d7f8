import { CloudWatchClient, PutCompositeAlarmCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { Alarms } from '../../aws/alarms.js';
import { createEmulator } from '../../emulator/emulator.js';
import { fakeAws } from './fake-aws.js';

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

const inAlarm = (found: Awaited<ReturnType<Alarms['describe']>>): string[] =>
  [...found.values()].flatMap(({ name, isInAlarm }) => (isInAlarm ? name : [])).toSorted();

test('more than a hundred alarms are described, without those that do not exist', async () => {
  const { alarms, names, fire } = await given(103);
  await fire('alarm-0');
  await fire('alarm-102');
  const found = await alarms.describe([...names, 'unknown']);

  expect([...found.keys()].toSorted()).toEqual(names.toSorted());
  expect(inAlarm(found)).toEqual(['alarm-0', 'alarm-102']);
  expect((await alarms.describe([])).size).toBe(0);
});

test('a composite alarm counts as any other', async () => {
  const { alarms, client, fire } = await given(1);
  await client.send(new PutCompositeAlarmCommand({ AlarmName: 'composite', AlarmRule: 'ALARM("alarm-0")' }));
  expect(inAlarm(await alarms.describe(['composite']))).toEqual([]);

  await fire('alarm-0');
  expect(inAlarm(await alarms.describe(['composite', 'alarm-0']))).toEqual(['alarm-0', 'composite']);
});

test.each<[string, object, number]>([
  ['one period', { Period: 60, EvaluationPeriods: 1 }, 60],
  ['several periods', { Period: 300, EvaluationPeriods: 3, DatapointsToAlarm: 2 }, 900],
  [
    'the longest period of a metric math expression',
    { Metrics: [{ MetricStat: { Period: 60 } }, { Period: 120 }], EvaluationPeriods: 2 },
    240,
  ],
])('a metric alarm evaluates over %s', async (_, alarm, seconds) => {
  const { settings } = fakeAws(() => [200, { MetricAlarms: [{ AlarmName: 'a', StateTransitionedTimestamp: 0, ...alarm }] }]);
  const found = await new Alarms(settings).describe(['a']);

  expect(found.get('a')).toEqual({ name: 'a', isInAlarm: false, since: '1970-01-01T00:00:00.000Z', evaluationSeconds: seconds });
});
