import { createCloudWatch } from '../../../emulator/cloudwatch/index.js';
import type { Events } from '../../../emulator/events/api.js';
import { createSqs } from '../../../emulator/sqs/index.js';
import { givenAccount } from '../given-account.js';

const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:messages';
const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/messages';
const minutes = 60_000;

const givenMetrics = (alarm: object) => {
  const given = givenAccount((account) => ({
    cloudwatch: createCloudWatch(account),
    sqs: createSqs(account),
    events: { emit: () => {} } as Partial<Events> as Events,
  }));
  given.sqs.createQueue({ name: 'messages', arn: queueArn, visibilityTimeoutSeconds: 150, messageRetentionSeconds: 345_600 });
  given.cloudwatch.putMetricAlarm({
    name: 'alarm',
    arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:alarm',
    Statistic: 'Maximum',
    EvaluationPeriods: 1,
    Period: 60,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    ...alarm,
  });
  const state = () => given.cloudwatch.stateOf('alarm');
  return { ...given, state };
};

const onQueue = (MetricName: string, rest: object) => ({
  Namespace: 'AWS/SQS',
  MetricName,
  Dimensions: [{ Name: 'QueueName', Value: 'messages' }],
  ...rest,
});

test('the age of the oldest message grows while it is not received, and leaves it out once it was received three times', async () => {
  const age = onQueue('ApproximateAgeOfOldestMessage', { Threshold: 900, ComparisonOperator: 'GreaterThanOrEqualToThreshold' });
  const { account, ask, state } = givenMetrics(age);
  await ask('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' });

  await account.clock.advance(14 * minutes);
  expect(state()).toBe('OK');
  await account.clock.advance(minutes);
  expect(state()).toBe('ALARM');

  for (let received = 1; received <= 3; received++) {
    await ask('sqs', 'ReceiveMessage', { QueueUrl });
    await account.clock.advance(3 * minutes);
    expect(state()).toBe(received < 3 ? 'ALARM' : 'OK');
  }
});

test('messages in flight are measured once a minute: one that is received again and again is always there', async () => {
  const inFlight = onQueue('ApproximateNumberOfMessagesNotVisible', { Period: 300, EvaluationPeriods: 3 });
  const { account, ask, state } = givenMetrics(inFlight);
  const { MessageId } = await ask('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' });
  expect(MessageId).toBeDefined();

  const states: unknown[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    await ask('sqs', 'ReceiveMessage', { QueueUrl });
    await account.clock.advance(2.5 * minutes);
    states.push(state());
  }
  expect(states.slice(0, 3)).toEqual(['OK', 'OK', 'OK']);
  expect(states.at(-1)).toBe('ALARM');

  await account.clock.advance(20 * minutes);
  expect(state()).toBe('OK');
});

const outcome = {
  Namespace: 'Deploys',
  MetricName: 'Count',
  Dimensions: [{ Name: 'outcome', Value: 'FAILED' }],
  Statistic: 'Sum',
  Period: 300,
};

const line = (members: object, Dimensions = [['outcome'], ['service', 'outcome']]) =>
  JSON.stringify({
    _aws: { Timestamp: 0, CloudWatchMetrics: [{ Namespace: 'Deploys', Dimensions, Metrics: [{ Name: 'Count', Unit: 'Count' }] }] },
    service: 'web',
    Count: 1,
    ...members,
  });

test('a line of the embedded metric format is counted for each of its sets of dimensions, for as long as the period', async () => {
  const { account, cloudwatch, state } = givenMetrics(outcome);
  cloudwatch.readLogLine(line({ outcome: 'SUCCEEDED' }));
  expect(state()).toBe('OK');

  cloudwatch.readLogLine(line({ outcome: 'FAILED' }));
  expect(state()).toBe('ALARM');
  await account.clock.advance(5 * minutes);
  expect(state()).toBe('ALARM');
  await account.clock.advance(15 * minutes);
  expect(state()).toBe('OK');
});

test.each([
  '{"CloudWatchMetrics" is not JSON',
  '{"CloudWatchMetrics":[]}',
  line({ outcome: 'FAILED' }, [['service', 'outcome']]),
  line({ outcome: 'FAILED', Count: 'one' }),
])('the line %s adds nothing to the metric', (text) => {
  const { cloudwatch, state } = givenMetrics(outcome);
  cloudwatch.readLogLine(line({ outcome: 'SUCCEEDED' }));

  cloudwatch.readLogLine(text);

  expect(state()).toBe('OK');
});

test('an alarm on a metric that nothing writes keeps the state that was set', async () => {
  const { ask, state } = givenMetrics({ ...outcome, Namespace: 'App' });
  expect(state()).toBe('INSUFFICIENT_DATA');

  await ask('cloudwatch', 'SetAlarmState', { AlarmName: 'alarm', StateValue: 'ALARM', StateReason: 'trial' });

  expect(state()).toBe('ALARM');
});

test.each([
  ['Sum', 9],
  ['SampleCount', 3],
  ['Average', 3],
  ['Minimum', 1],
  ['Maximum', 5],
])('the %s of 1, 3 and 5 is %d', (Statistic, value) => {
  const metric = { namespace: 'Deploys', name: 'Count', dimensions: { outcome: 'FAILED' } };
  const exactly = (Threshold: number) => {
    const { cloudwatch, state } = givenMetrics({ ...outcome, Statistic, Threshold });
    for (const one of [1, 3, 5]) cloudwatch.putMetric(metric, one);
    return state();
  };

  expect([exactly(value), exactly(value - 0.1)]).toEqual(['OK', 'ALARM']);
});
