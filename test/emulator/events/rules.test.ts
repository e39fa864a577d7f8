import type { AccountOptions } from '../../../emulator/emulated-account.js';
import { AwsError } from '../../../emulator/errors.js';
import type { RuleSpec } from '../../../emulator/events/api.js';
import { createEvents } from '../../../emulator/events/index.js';
import { operation } from '../../../emulator/operation.js';
import type { Sns } from '../../../emulator/sns/api.js';
import { createSqs } from '../../../emulator/sqs/index.js';
import { givenAccount, policyFor } from '../given-account.js';

const ruleArn = 'arn:aws:events:eu-west-1:123456789012:rule/push';
const machineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:release';
const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:reconcile';
const deadLetterArn = 'arn:aws:sqs:eu-west-1:123456789012:dead-letters';
const deadLetterUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters';

type Started = { stateMachineArn: string; input: string; name: string };
type Invoked = { FunctionName: string; InvocationType: string; Payload: string };
type DeadLetters = { Messages?: { Body: string; MessageAttributes: Record<string, { StringValue: string }> }[] };

const machine = {
  id: 'release',
  arn: machineArn,
  roleArn: 'arn:aws:iam::123456789012:role/rule',
  maximumRetryAttempts: 185,
  maximumEventAgeSeconds: 86_400,
};
const rule: RuleSpec = {
  name: 'push',
  arn: ruleArn,
  isEnabled: true,
  eventPattern: { source: ['aws.ecr'], detail: { 'image-tag': [{ exists: true }] } },
  targets: [machine],
};
const push = { source: 'aws.ecr', 'detail-type': 'ECR Image Action', resources: [], detail: { 'action-type': 'PUSH', 'image-tag': 'v1' } };

const givenBus = (options?: AccountOptions) => {
  const started: (Started & { at: number; by: string })[] = [];
  const names = new Set<string>();
  const invoked: unknown[] = [];
  const published: string[] = [];
  const given = givenAccount((account) => {
    account.add([
      operation<Started, unknown>({
        service: 'states',
        name: 'StartExecution',
        input: { stateMachineArn: 'string', input: 'string', name: 'string' },
        run: (input, { caller }) => {
          if (names.has(input.name)) throw new AwsError('ExecutionAlreadyExists', 'it is there already');
          names.add(input.name);
          started.push({ ...input, at: account.clock.now, by: caller.arn });
          return {};
        },
      }),
      operation<Invoked, unknown>({
        service: 'lambda',
        name: 'Invoke',
        input: { FunctionName: 'string', InvocationType: 'string', Payload: 'blob' },
        permissions: () => [],
        run: (input, { caller }) => {
          if (caller.kind === 'service') invoked.push([caller.arn, caller.sourceArn, input]);
          return {};
        },
      }),
    ]);
    const sns: Partial<Sns> = { publish: (_caller, _topic, { message }) => published.push(message) };
    return { events: createEvents(account), sqs: createSqs(account), sns: sns as Sns };
  }, options);
  given.sqs.createQueue({ name: 'dead-letters', arn: deadLetterArn, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 1_209_600 });
  given.sqs.setQueuePolicy(deadLetterArn, policyFor('events.amazonaws.com', ruleArn));
  const deadLetters = () => given.ask<DeadLetters>('sqs', 'ReceiveMessage', { QueueUrl: deadLetterUrl, MessageAttributeNames: ['All'] });
  return { ...given, started, invoked, published, deadLetters };
};

test('an event that a rule matches starts the machine as the role of the target, within half a second', async () => {
  const { account, events, started } = givenBus();
  const start = account.clock.now;
  events.putRule(rule);

  events.emit(push);
  await account.clock.run();

  expect(started).toHaveLength(1);
  expect(started[0]).toMatchObject({ stateMachineArn: machineArn, by: 'arn:aws:iam::123456789012:role/rule' });
  expect(started[0]?.at).toBeLessThanOrEqual(start + 500);
  expect(JSON.parse(started[0]?.input ?? '')).toMatchObject({
    version: '0',
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    account: '123456789012',
    region: 'eu-west-1',
    time: '2026-11-23T09:00:00Z',
    resources: [],
    detail: { 'image-tag': 'v1' },
  });
  expect(account.log.of('events', 'delivered')).toMatchObject([{ detail: { rule: 'push', target: machineArn } }]);
});

test('an event that no enabled rule matches is only logged', async () => {
  const { account, events, started } = givenBus();
  events.putRule({ ...rule, isEnabled: false });

  events.emit(push);
  events.emit({ ...push, detail: { 'action-type': 'PUSH' } });
  await account.clock.run();

  expect(started).toEqual([]);
  expect(account.log.of('events', 'unmatched')).toHaveLength(2);
});

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

test('a queue gets the complete event, a function the constant input, a topic the event as its message', async () => {
  const { account, events, invoked, published, deadLetters } = givenBus();
  const { roleArn: _, ...plain } = machine;
  events.putRule({
    ...rule,
    targets: [
      { ...plain, id: 'queue', arn: deadLetterArn },
      { ...plain, id: 'function', arn: functionArn, input: '{"mode":"all"}' },
      { ...plain, id: 'topic', arn: 'arn:aws:sns:eu-west-1:123456789012:news' },
    ],
  });

  events.emit(push);
  await account.clock.run();

  expect(JSON.parse((await deadLetters()).Messages?.[0]?.Body ?? '')).toMatchObject({ source: 'aws.ecr' });
  expect(invoked).toEqual([
    ['events.amazonaws.com', ruleArn, { FunctionName: functionArn, InvocationType: 'Event', Payload: '{"mode":"all"}' }],
  ]);
  expect(JSON.parse(published[0] ?? '')).toMatchObject({ source: 'aws.ecr' });
});

test('a schedule triggers its own rule while time passes, and does not keep the clock running', async () => {
  const { account, events, started } = givenBus();
  const start = account.clock.now;
  const { eventPattern: _, ...plain } = rule;
  events.putRule({ ...plain, name: 'hourly', scheduleExpression: 'rate(1 hour)' });

  await account.clock.run();
  expect(account.clock.now).toBe(start);

  await account.clock.advance(3 * 3_600_000 + 1000);
  expect(started).toHaveLength(3);
  expect(JSON.parse(started[0]?.input ?? '')).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [ruleArn],
    detail: {},
  });
});

test('a rule that is put again replaces the old one with its schedule', async () => {
  const { account, events, started } = givenBus();
  const { eventPattern: _, ...plain } = rule;
  events.putRule({ ...plain, scheduleExpression: 'rate(1 hour)' });
  events.putRule({ ...plain, scheduleExpression: 'rate(1 day)' });

  await account.clock.advance(86_400_000 + 1000);

  expect(started).toHaveLength(1);
});

test.each([
  ['another kind of target', { targets: [{ ...machine, arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/x' }] }, 'NotEmulated'],
  ['an unknown member of a target', { targets: [{ ...machine, inputTransformer: {} }] }, 'NotEmulated'],
  ['a machine without a role', { targets: [{ ...machine, roleArn: undefined }] }, 'ValidationException'],
  ['neither pattern nor schedule', { eventPattern: undefined }, 'ValidationException'],
  ['a matcher that does not exist', { eventPattern: { source: [{ like: 'x' }] } }, 'InvalidEventPatternException'],
  ['a pattern over the quota', { eventPattern: { source: ['x'.repeat(2048)] } }, 'LimitExceededException'],
])('putting a rule with %s is refused', (_title, change, code) => {
  const { events } = givenBus();

  expect(() => events.putRule({ ...rule, ...change } as RuleSpec)).toThrow(expect.objectContaining({ code }));
});

test('PutEvents refuses a time that is none, and puts nothing', async () => {
  const { ask, account } = givenBus();
  const entry = { Source: 'shop', DetailType: 'Order', Detail: '{}' };

  await expect(ask('events', 'PutEvents', { Entries: [entry, { ...entry, Time: 'soon' }] })).rejects.toMatchObject({
    code: 'SerializationException',
  });
  expect(account.log.of('events', 'event')).toEqual([]);
});

test('PutEvents puts the valid entries and answers for each entry', async () => {
  const { account, ask, events, started } = givenBus();
  events.putRule({ ...rule, eventPattern: { source: ['slipway'] } });

  const answer = await ask('events', 'PutEvents', {
    Entries: [
      { Source: 'slipway', DetailType: 'Deployment', Detail: '{"outcome":"SUCCEEDED"}', Time: 1_795_000_000 },
      { Source: 'slipway', DetailType: 'Deployment', Detail: 'text' },
      { Source: 'aws.ecr', DetailType: 'ECR Image Action', Detail: '{}' },
    ],
  });
  await account.clock.run();

  expect(answer).toEqual({
    FailedEntryCount: 2,
    Entries: [
      { EventId: expect.any(String) },
      { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
      { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
    ],
  });
  expect(started).toHaveLength(1);
  expect(JSON.parse(started[0]?.input ?? '')).toMatchObject({ time: '2026-11-18T11:06:40Z', detail: { outcome: 'SUCCEEDED' } });
});

test('ListRules pages through the rules by name', async () => {
  const { ask, events } = givenBus();
  events.putRule(rule);
  events.putRule({ ...rule, name: 'a', isEnabled: false });

  expect(await ask('events', 'ListRules', { Limit: 1 })).toMatchObject({ Rules: [{ Name: 'a', State: 'DISABLED' }], NextToken: '1' });
  expect(await ask('events', 'ListRules', { Limit: 1, NextToken: '1' })).toEqual({
    Rules: [
      {
        Name: 'push',
        Arn: ruleArn,
        State: 'ENABLED',
        EventBusName: 'default',
        EventPattern: '{"source":["aws.ecr"],"detail":{"image-tag":[{"exists":true}]}}',
      },
    ],
  });
});
