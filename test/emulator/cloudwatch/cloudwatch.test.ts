import { createCloudWatch } from '../../../emulator/cloudwatch/index.js';
import type { BusEvent, Events } from '../../../emulator/events/api.js';
import { createSns } from '../../../emulator/sns/index.js';
import { createSqs } from '../../../emulator/sqs/index.js';
import { givenAccount } from '../given-account.js';

const topicArn = 'arn:aws:sns:eu-west-1:123456789012:pages';
const alarmArn = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-5xx';
const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:dead-letters';

const settings = {
  Namespace: 'AWS/ApplicationELB',
  MetricName: 'HTTPCode_Target_5XX_Count',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 10,
  ComparisonOperator: 'GreaterThanThreshold',
};

const givenAlarms = () => {
  const emitted: Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>[] = [];
  const events: Partial<Events> = { emit: (event) => emitted.push(event) };
  const given = givenAccount((account) => ({
    cloudwatch: createCloudWatch(account),
    sns: createSns(account),
    sqs: createSqs(account),
    events: events as Events,
  }));
  given.sns.createTopic({ name: 'pages', arn: topicArn });
  given.sqs.createQueue({ name: 'dead-letters', arn: queueArn, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 345_600 });
  const set = (StateValue: string) => given.ask('cloudwatch', 'SetAlarmState', { AlarmName: 'web-5xx', StateValue, StateReason: 'trial' });
  return { ...given, emitted, set };
};

test('SetAlarmState changes the state, emits an event, and runs the actions of the new state', async () => {
  const { account, ask, cloudwatch, emitted, set, sns } = givenAlarms();
  await ask('cloudwatch', 'PutMetricAlarm', { AlarmName: 'web-5xx', ...settings, AlarmActions: [topicArn] });
  expect(cloudwatch.stateOf('web-5xx')).toBe('INSUFFICIENT_DATA');

  await account.clock.advance(60_000);
  await set('ALARM');
  await set('ALARM');
  await set('OK');

  expect(cloudwatch.stateOf('web-5xx')).toBe('OK');
  expect(emitted).toHaveLength(2);
  expect(emitted[0]).toMatchObject({
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [alarmArn],
    detail: {
      alarmName: 'web-5xx',
      state: { value: 'ALARM', reason: 'trial', timestamp: '2026-11-23T09:01:00.000+0000' },
      previousState: { value: 'INSUFFICIENT_DATA', timestamp: '2026-11-23T09:00:00.000+0000' },
    },
  });
  expect(sns.published(topicArn)).toMatchObject([{ subject: 'ALARM: "web-5xx" in eu-west-1' }]);
  expect(JSON.parse(sns.published(topicArn)[0]?.message ?? '')).toMatchObject({
    AlarmName: 'web-5xx',
    NewStateValue: 'ALARM',
    OldStateValue: 'INSUFFICIENT_DATA',
    Trigger: { MetricName: 'HTTPCode_Target_5XX_Count' },
  });
});

test('actions that are not enabled do not run', async () => {
  const { ask, set, sns } = givenAlarms();
  await ask('cloudwatch', 'PutMetricAlarm', { AlarmName: 'web-5xx', ...settings, AlarmActions: [topicArn], ActionsEnabled: false });

  await set('ALARM');

  expect(sns.published(topicArn)).toEqual([]);
});

test('DescribeAlarms filters by name, prefix and state, and pages', async () => {
  const { ask, cloudwatch, set } = givenAlarms();
  for (const name of ['web-5xx', 'web-slow', 'worker'])
    cloudwatch.putMetricAlarm({ name, arn: alarmArn.replace('web-5xx', name), ...settings });
  await set('ALARM');
  const names = async (input: object) =>
    (await ask<{ MetricAlarms: { AlarmName: string }[] }>('cloudwatch', 'DescribeAlarms', input)).MetricAlarms.map(
      ({ AlarmName }) => AlarmName,
    );

  expect(await names({ AlarmNames: ['worker', 'none'] })).toEqual(['worker']);
  expect(await names({ AlarmNamePrefix: 'web-' })).toEqual(['web-5xx', 'web-slow']);
  expect(await names({ StateValue: 'ALARM' })).toEqual(['web-5xx']);
  expect(await names({ MaxRecords: 2, NextToken: '2' })).toEqual(['worker']);
  expect(await ask('cloudwatch', 'DescribeAlarms', { MaxRecords: 1 })).toMatchObject({
    MetricAlarms: [
      {
        AlarmName: 'web-5xx',
        AlarmArn: alarmArn,
        Threshold: 10,
        StateValue: 'ALARM',
        StateReason: 'trial',
        StateUpdatedTimestamp: new Date('2026-11-23T09:00:00Z'),
      },
    ],
    NextToken: '1',
  });
});

test('an alarm on the depth of a queue is evaluated when it is read', async () => {
  const { ask, cloudwatch, emitted } = givenAlarms();
  cloudwatch.putMetricAlarm({
    name: 'dead-letters',
    arn: alarmArn.replace('web-5xx', 'dead-letters'),
    ...settings,
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: 'dead-letters' }],
    Threshold: 0,
  });
  expect(cloudwatch.stateOf('dead-letters')).toBe('OK');

  await ask('sqs', 'SendMessage', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters', MessageBody: 'x' });

  expect(cloudwatch.stateOf('dead-letters')).toBe('ALARM');
  expect(emitted.map(({ detail }) => (detail.state as { value: string }).value)).toEqual(['OK', 'ALARM']);
});

test('an unknown alarm has no state', async () => {
  const { cloudwatch, set } = givenAlarms();

  expect(cloudwatch.stateOf('web-5xx')).toBeUndefined();
  await expect(set('ALARM')).rejects.toMatchObject({ code: 'ResourceNotFound' });
});

test.each([
  ['an unknown member', { Metrics: [] }],
  ['an action that is not a topic', { AlarmActions: ['arn:aws:automate:eu-west-1:ec2:stop'] }],
  ['a comparison with a band', { ComparisonOperator: 'GreaterThanUpperThreshold' }],
])('an alarm with %s is not emulated', (_title, change) => {
  const { cloudwatch } = givenAlarms();

  expect(() => cloudwatch.putMetricAlarm({ name: 'web-5xx', arn: alarmArn, ...settings, ...change })).toThrow(
    expect.objectContaining({ code: 'NotEmulated' }),
  );
});

const stateSet = "'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]";

test.each([
  [
    'an unknown operator',
    { ComparisonOperator: 'GreaterThan' },
    "Value 'GreaterThan' at 'comparisonOperator' failed to satisfy constraint",
  ],
  [
    'an unknown statistic',
    { Statistic: 'Median' },
    "'statistic' failed to satisfy constraint: Member must satisfy enum value set: [SampleCount",
  ],
  ['an unknown unit', { Unit: 'Requests' }, "'unit' failed to satisfy constraint"],
  ['an unknown treatment of missing data', { TreatMissingData: 'ok' }, '[breaching, notBreaching, ignore, missing]'],
  ['a period of 45 s', { Period: 45 }, 'Period must be 10, 20, 30 or a multiple of 60'],
  ['a period of 0 s', { Period: 0 }, "'period' failed to satisfy constraint: Member must have value greater than or equal to 1"],
  ['no evaluation period', { EvaluationPeriods: 0 }, "'evaluationPeriods' failed to satisfy constraint"],
  ['half an evaluation period', { EvaluationPeriods: 0.5 }, "'evaluationPeriods' failed to satisfy constraint"],
  ['more than a day of short periods', { Period: 60, EvaluationPeriods: 1441 }, '(EvaluationPeriods * Period must be <= 86400)'],
  ['more than seven days', { Period: 3600, EvaluationPeriods: 169 }, '(EvaluationPeriods * Period must be <= 604800)'],
  ['more datapoints than periods', { DatapointsToAlarm: 2 }, 'DatapointsToAlarm must be less than or equal to EvaluationPeriods'],
  ['a namespace that begins with a colon', { Namespace: ':web' }, "'namespace' failed to satisfy constraint"],
  ['six actions', { AlarmActions: Array.from({ length: 6 }, () => topicArn) }, "'alarmActions' failed to satisfy constraint"],
  ['an action that is no ARN', { OKActions: ['pages'] }, 'Invalid arn syntax: pages'],
  ['a threshold that is no number', { Threshold: Number.NaN }, 'Threshold must be a finite number'],
  ['no name', { AlarmName: '' }, "'alarmName' failed to satisfy constraint: Member must have length greater than or equal to 1"],
])('PutMetricAlarm refuses %s', async (_title, change, text) => {
  const { ask, cloudwatch } = givenAlarms();

  await expect(ask('cloudwatch', 'PutMetricAlarm', { AlarmName: 'web-5xx', ...settings, ...change })).rejects.toMatchObject({
    code: 'ValidationError',
    message: expect.stringContaining(text),
  });
  expect(cloudwatch.stateOf('web-5xx')).toBeUndefined();
});

test.each(['MetricName', 'Statistic', 'Period', 'Threshold'] as const)('PutMetricAlarm needs %s', async (member) => {
  const { ask } = givenAlarms();

  await expect(ask('cloudwatch', 'PutMetricAlarm', { AlarmName: 'web-5xx', ...settings, [member]: undefined })).rejects.toMatchObject({
    code: 'MissingParameter',
  });
});

test('a week of hours is evaluated', async () => {
  const { ask } = givenAlarms();

  await expect(
    ask('cloudwatch', 'PutMetricAlarm', { AlarmName: 'web-5xx', ...settings, Period: 3600, EvaluationPeriods: 168 }),
  ).resolves.toEqual({});
});

test('bad states, reasons and tokens are refused', async () => {
  const { ask, set, cloudwatch } = givenAlarms();
  cloudwatch.putMetricAlarm({ name: 'web-5xx', arn: alarmArn, ...settings });
  const change = { AlarmName: 'web-5xx', StateValue: 'ALARM', StateReason: 'trial' };

  await expect(set('INVALID')).rejects.toMatchObject({
    code: 'ValidationError',
    message: `1 validation error detected: Value 'INVALID' at ${stateSet}`,
  });
  await expect(ask('cloudwatch', 'SetAlarmState', { ...change, StateReasonData: '{' })).rejects.toMatchObject({ code: 'InvalidFormat' });
  await expect(ask('cloudwatch', 'SetAlarmState', { ...change, StateReason: 'x'.repeat(1024) })).rejects.toMatchObject({
    code: 'ValidationError',
  });
  await expect(ask('cloudwatch', 'DescribeAlarms', { StateValue: 'BAD' })).rejects.toMatchObject({ code: 'ValidationError' });
  await expect(ask('cloudwatch', 'DescribeAlarms', { NextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidNextToken' });
  expect(cloudwatch.stateOf('web-5xx')).toBe('INSUFFICIENT_DATA');
});
