import { createCloudWatch } from '../../../emulator/cloudwatch/index.js';
import type { BusEvent, Events } from '../../../emulator/events/api.js';
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
  const emitted: Pick<BusEvent, 'detail-type' | 'resources' | 'detail'>[] = [];
  const events: Partial<Events> = { emit: (event) => emitted.push(event) };
  const account = givenAccount((account) => ({ cloudwatch: createCloudWatch(account), iam: createIam(account), events: events as Events }));
  const { ask } = account;
  for (const AlarmName of ['errors', 'slow (p99)']) await ask('cloudwatch', 'PutMetricAlarm', { AlarmName, ...metric });
  const set = (AlarmName: string, StateValue: string) =>
    ask('cloudwatch', 'SetAlarmState', { AlarmName, StateValue, StateReason: 'trial' });
  const put = (AlarmRule: string, AlarmName = 'all') => ask('cloudwatch', 'PutCompositeAlarm', { AlarmName, AlarmRule });
  const describe = (input: object) => ask<Described>('cloudwatch', 'DescribeAlarms', input);
  return { ...account, set, put, describe, emitted };
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

const arnOf = (name: string): string => `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`;

test('a composite alarm has an event of its own when an alarm in its rule changes it, after the event of that alarm', async () => {
  const { put, set, emitted, account } = await given();
  await put('ALARM(errors) OR ALARM("slow (p99)")');
  emitted.length = 0;
  await account.clock.advance(60_000);

  await set('errors', 'ALARM');
  await set('slow (p99)', 'ALARM');
  await set('errors', 'OK');

  expect(emitted.map(({ detail }) => detail.alarmName)).toEqual(['errors', 'all', 'slow (p99)', 'errors']);
  expect(emitted[1]).toEqual({
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [arnOf('all')],
    detail: {
      alarmName: 'all',
      state: {
        value: 'ALARM',
        reason: `${arnOf('errors')} transitioned to ALARM at Monday 23 November, 2026 09:01:00 UTC`,
        reasonData: JSON.stringify({
          triggeringAlarms: [{ arn: arnOf('errors'), state: { value: 'ALARM', timestamp: '2026-11-23T09:01:00.000+0000' } }],
        }),
        timestamp: '2026-11-23T09:01:00.000+0000',
      },
      previousState: expect.objectContaining({ value: 'OK', timestamp: '2026-11-23T09:00:00.000+0000' }),
      configuration: { alarmRule: 'ALARM(errors) OR ALARM("slow (p99)")' },
    },
  });
});

test('a composite alarm in the rule of another one passes its state on', async () => {
  const { put, set, emitted } = await given();
  await put('ALARM(errors)', 'inner');
  await put('ALARM(inner)', 'outer');
  emitted.length = 0;

  await set('errors', 'ALARM');

  expect(emitted.map(({ detail }) => detail.alarmName)).toEqual(['errors', 'inner', 'outer']);
});

test('the state that was set of a composite alarm has an event, and stays until an alarm in its rule changes', async () => {
  const { put, set, emitted, cloudwatch } = await given();
  await put('ALARM(errors)');
  emitted.length = 0;

  await set('all', 'ALARM');
  expect(cloudwatch.stateOf('all')).toBe('ALARM');
  expect(emitted).toMatchObject([{ detail: { alarmName: 'all', state: { value: 'ALARM', reason: 'trial' } } }]);

  await set('errors', 'ALARM');
  await set('errors', 'OK');
  expect(cloudwatch.stateOf('all')).toBe('OK');
});
