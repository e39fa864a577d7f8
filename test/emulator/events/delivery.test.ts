import type { DeliveryFault } from '../../../emulator/faults.js';
import { deadLetterArn, givenBus, machine, machineArn, push, rule, ruleArn } from './given-bus.js';

test('an event that is delivered twice starts one execution, where names are made of the event ID', async () => {
  const { account, events, started } = givenBus({ assumptions: { eventBridgeExecutionNames: 'fromEventId' } });
  account.faults.injectDelivery({ rule: 'push', kind: 'doubled' });
  events.putRule(rule);

  events.emit(push);
  await account.clock.run();

  expect(started).toHaveLength(1);
  expect(started[0]?.name).toMatch(/^[0-9a-f-]{36}_[0-9a-f-]{36}$/);
  expect(account.log.of('events', 'delivered')).toHaveLength(2);
});

test('an event that is delivered twice starts two executions, where names are random', async () => {
  const { account, events, started } = givenBus({ assumptions: { eventBridgeExecutionNames: 'random' } });
  account.faults.injectDelivery({ rule: 'push', kind: 'doubled' });
  events.putRule(rule);

  events.emit(push);
  await account.clock.run();

  expect(started).toHaveLength(2);
});

test('a lost event never arrives, a delayed one arrives late', async () => {
  const { account, events, started } = givenBus();
  const start = account.clock.now;
  account.faults.injectDelivery({ kind: 'lost' });
  account.faults.injectDelivery({ kind: 'delayed', delayMs: 600_000 });
  events.putRule(rule);

  events.emit(push);
  events.emit(push);
  await account.clock.run();

  expect(started).toHaveLength(1);
  expect(started[0]?.at).toBeGreaterThanOrEqual(start + 600_000);
});

describe('an event that is held back', () => {
  const emitted = async (count: number, fault: Partial<DeliveryFault> = {}) => {
    const { account, events, started } = givenBus();
    const start = account.clock.now;
    account.faults.injectDelivery({ kind: 'reordered', ...fault });
    events.putRule(rule);
    for (let index = 0; index < count; index++) {
      events.emit({ ...push, detail: { ...push.detail, 'image-tag': `v${index}` } });
      await account.clock.advance(10_000);
    }
    await account.clock.run();
    return started.map(({ input, at }) => [
      (JSON.parse(input) as { detail: { 'image-tag': string } }).detail['image-tag'],
      Math.floor((at - start) / 1000),
    ]);
  };

  test('arrives a second after the next event of the rule', async () => {
    expect(await emitted(3)).toEqual([
      ['v1', 10],
      ['v0', 11],
      ['v2', 20],
    ]);
  });

  test('arrives after the first event that is not held back as well', async () => {
    expect(await emitted(3, { times: 2 })).toEqual([
      ['v2', 20],
      ['v0', 21],
      ['v1', 21],
    ]);
  });

  test('arrives in the end when no other event comes', async () => {
    expect(await emitted(1, { delayMs: 300_000 })).toEqual([['v0', 300]]);
    expect(await emitted(2, { delayMs: 5_000 })).toEqual([
      ['v0', 5],
      ['v1', 10],
    ]);
  });
});

test('a fault of delivery is limited to a detail type, and skips deliveries', async () => {
  const { account, events, started } = givenBus();
  const { detailType, ...fault } = { detailType: push['detail-type'], kind: 'lost', skip: 1, times: 1 } as const;
  account.faults.injectDelivery({ ...fault, detailType: 'ECR Image Scan' });
  account.faults.injectDelivery({ ...fault, detailType });
  events.putRule(rule);

  for (let index = 0; index < 4; index++) events.emit({ ...push, detail: { ...push.detail, 'image-tag': `v${index}` } });
  await account.clock.run();

  expect(started.map(({ input }) => (JSON.parse(input) as { detail: { 'image-tag': string } }).detail['image-tag']).sort()).toEqual([
    'v0',
    'v2',
    'v3',
  ]);
});

test('a target that throttles, fails or does not answer is retried until it accepts the event', async () => {
  const { account, events, started } = givenBus();
  for (const kind of ['throttled', 'serverError', 'timeoutBefore'] as const) account.faults.inject({ on: 'states.StartExecution', kind });
  events.putRule(rule);

  events.emit(push);
  await account.clock.run();

  expect(started).toHaveLength(1);
});

test('after the last retry the event is dead-lettered with the reason', async () => {
  const { account, events, started, deadLetters } = givenBus();
  account.faults.inject({ on: 'states.StartExecution', kind: 'serverError', times: Number.POSITIVE_INFINITY });
  events.putRule({ ...rule, targets: [{ ...machine, deadLetterArn, maximumRetryAttempts: 3 }] });

  events.emit(push);
  await account.clock.run();

  expect(started).toEqual([]);
  const { Messages } = await deadLetters();
  expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({ source: 'aws.ecr', detail: { 'image-tag': 'v1' } });
  expect(Messages?.[0]?.MessageAttributes).toEqual({
    RULE_ARN: { DataType: 'String', StringValue: ruleArn },
    TARGET_ARN: { DataType: 'String', StringValue: machineArn },
    ERROR_CODE: { DataType: 'String', StringValue: 'ERROR_FROM_TARGET' },
    ERROR_MESSAGE: { DataType: 'String', StringValue: 'The server could not answer' },
    EXHAUSTED_RETRY_CONDITION: { DataType: 'String', StringValue: 'MaximumRetryAttempts' },
    RETRY_ATTEMPTS: { DataType: 'String', StringValue: '3' },
  });
});

test('an event older than the maximum age is dead-lettered', async () => {
  const { account, events, deadLetters } = givenBus();
  const start = account.clock.now;
  account.faults.inject({ on: 'states.StartExecution', kind: 'serverError', times: Number.POSITIVE_INFINITY });
  events.putRule({ ...rule, targets: [{ ...machine, deadLetterArn, maximumEventAgeSeconds: 60 }] });

  events.emit(push);
  await account.clock.run();

  const { Messages } = await deadLetters();
  expect(Messages?.[0]?.MessageAttributes.EXHAUSTED_RETRY_CONDITION?.StringValue).toBe('MaximumEventAgeInSeconds');
  expect(account.clock.now).toBeLessThanOrEqual(start + 60_000);
});

test.each([
  ['a role that EventBridge cannot assume', { roleArn: 'arn:aws:iam::123456789012:role/unassumable' }, 'NO_PERMISSIONS'],
  ['a role that may not start it', { roleArn: 'arn:aws:iam::123456789012:role/powerless' }, 'NO_PERMISSIONS'],
  ['an unknown queue', { arn: 'arn:aws:sqs:eu-west-1:123456789012:none' }, 'NO_RESOURCE'],
])('%s is dead-lettered at once, without a retry', async (_title, change, code) => {
  const { account, events, deadLetters } = givenBus();
  const start = account.clock.now;
  events.putRule({ ...rule, targets: [{ ...machine, deadLetterArn, ...change }] });

  events.emit(push);
  await account.clock.run();

  const { Messages } = await deadLetters();
  expect(Messages?.[0]?.MessageAttributes.ERROR_CODE?.StringValue).toBe(code);
  expect(Messages?.[0]?.MessageAttributes.RETRY_ATTEMPTS?.StringValue).toBe('0');
  expect(account.clock.now).toBeLessThanOrEqual(start + 500);
});

test('an event that neither target nor dead-letter queue accepts is dropped, with a log entry', async () => {
  const { account, events, sqs } = givenBus();
  sqs.setQueuePolicy(deadLetterArn, { Statement: [] });
  events.putRule({ ...rule, targets: [{ ...machine, roleArn: 'arn:aws:iam::123456789012:role/powerless', deadLetterArn }] });

  events.emit(push);
  await account.clock.run();

  expect(sqs.depth(deadLetterArn)).toEqual({ visible: 0, inFlight: 0 });
  expect(account.log.of('events', 'dropped')).toHaveLength(1);
});
