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
