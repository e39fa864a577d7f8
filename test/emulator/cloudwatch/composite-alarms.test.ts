import { createCloudWatch } from '../../../emulator/cloudwatch/index.js';
import type { Events } from '../../../emulator/events/api.js';
import { createIam } from '../../../emulator/iam/index.js';
import { givenAccount } from '../given-account.js';

const metric = {
  Namespace: 'Shop',
  MetricName: 'Errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 10,
  ComparisonOperator: 'GreaterThanThreshold',
};

type Described = { MetricAlarms: { AlarmName: string }[]; CompositeAlarms: Record<string, unknown>[]; NextToken?: string };

const given = async () => {
  const events: Partial<Events> = { emit: () => {} };
  const account = givenAccount((account) => ({ cloudwatch: createCloudWatch(account), iam: createIam(account), events: events as Events }));
  const { ask } = account;
  for (const AlarmName of ['errors', 'slow (p99)']) await ask('cloudwatch', 'PutMetricAlarm', { AlarmName, ...metric });
  const set = (AlarmName: string, StateValue: string) =>
    ask('cloudwatch', 'SetAlarmState', { AlarmName, StateValue, StateReason: 'trial' });
  const put = (AlarmRule: string, AlarmName = 'all') => ask('cloudwatch', 'PutCompositeAlarm', { AlarmName, AlarmRule });
  const describe = (input: object) => ask<Described>('cloudwatch', 'DescribeAlarms', input);
  return { ...account, set, put, describe };
};

test('composite alarms are described only where AlarmTypes asks for them', async () => {
  const { put, describe } = await given();
  await put('ALARM(errors)');
  const AlarmNames = ['errors', 'all'];

  expect(await describe({ AlarmNames })).toMatchObject({ MetricAlarms: [{ AlarmName: 'errors' }], CompositeAlarms: [] });
  expect(await describe({ AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })).toMatchObject({
    MetricAlarms: [{ AlarmName: 'errors' }],
    CompositeAlarms: [{ AlarmName: 'all', AlarmRule: 'ALARM(errors)', StateValue: 'OK' }],
  });
  expect(await describe({ AlarmTypes: ['CompositeAlarm'], StateValue: 'ALARM' })).toMatchObject({ MetricAlarms: [], CompositeAlarms: [] });
});

test('a page counts alarms of both types', async () => {
  const { put, describe } = await given();
  await put('ALARM(errors)');
  const AlarmTypes = ['MetricAlarm', 'CompositeAlarm'];

  const first = await describe({ AlarmTypes, MaxRecords: 2 });
  const second = await describe({ AlarmTypes, MaxRecords: 2, NextToken: first.NextToken });

  expect([first, second].map(({ MetricAlarms, CompositeAlarms }) => [MetricAlarms.length, CompositeAlarms.length])).toEqual([
    [1, 1],
    [1, 0],
  ]);
});

test('composite alarms are described only to callers with the permission on *', async () => {
  const { ask, iam, put } = await given();
  await put('ALARM(errors)');
  const arn = 'arn:aws:iam::123456789012:role/narrow';
  iam.putRole({
    arn,
    trust: { Statement: [] },
    policies: [
      {
        Statement: [
          { Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors' },
        ],
      },
    ],
  });
  const describe = (input: object) => ask('cloudwatch', 'DescribeAlarms', { AlarmNames: ['errors'], ...input }, { arn, kind: 'role' });

  await expect(describe({})).resolves.toMatchObject({ MetricAlarms: [{ AlarmName: 'errors' }] });
  await expect(describe({ AlarmTypes: ['CompositeAlarm'] })).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test.each([
  ['ALARM(errors)', true],
  ['ALARM("errors")', true],
  ['ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors")', true],
  ['OK(errors)', false],
  ['ALARM("slow (p99)")', false],
  ['INSUFFICIENT_DATA("slow (p99)")', true],
  ['NOT ALARM("slow (p99)") AND ALARM(errors)', true],
  ['FALSE AND TRUE OR ALARM(errors)', true],
  ['FALSE AND (TRUE OR ALARM(errors))', false],
])('while errors is in ALARM, the rule %s is %s', async (rule, isAlarm) => {
  const { put, set, cloudwatch } = await given();
  await set('errors', 'ALARM');

  await put(rule);
  await put('ALARM(all)', 'outer');

  expect(cloudwatch.stateOf('outer')).toBe(isAlarm ? 'ALARM' : 'OK');
});

test.each([
  ['', 'ValidationError'],
  ['ALARM(errors', 'ValidationError'],
  ['ALARM("errors)', 'ValidationError'],
  ['ALARM(errors) ALARM(errors)', 'ValidationError'],
  ['BROKEN(errors)', 'ValidationError'],
  ['ALARM(missing)', 'ValidationError'],
  ['AT_LEAST(1, ALARM, (errors))', 'NotEmulated'],
  [`ALARM(${'x'.repeat(10_240)})`, 'ValidationError'],
])('the rule %.40s is refused', async (rule, code) => {
  const { put } = await given();

  await expect(put(rule)).rejects.toMatchObject({ code });
});
