import type { RuleSpec } from '../../../emulator/events/api.js';
import { deadLetterArn, functionArn, givenBus, machine, machineArn, push, rule, ruleArn } from './given-bus.js';

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

test('a rule that is disabled matches nothing until it is enabled, and keeps its targets', async () => {
  const { account, events, started, ask } = givenBus();
  events.putRule({ ...rule, targets: [{ ...machine, deadLetterArn }] });

  await ask('events', 'DisableRule', { Name: rule.name });
  events.emit(push);
  await account.clock.run();
  expect(started).toEqual([]);
  expect(await ask('events', 'ListRules', {})).toMatchObject({ Rules: [{ Name: rule.name, State: 'DISABLED' }] });

  await ask('events', 'EnableRule', { Name: rule.name });
  events.emit(push);
  await account.clock.run();
  expect(started).toHaveLength(1);
  expect(await ask('events', 'ListTargetsByRule', { Rule: rule.name })).toEqual({
    Targets: [
      {
        Id: machine.id,
        Arn: machineArn,
        RoleArn: machine.roleArn,
        DeadLetterConfig: { Arn: deadLetterArn },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
      },
    ],
  });
});

test.each([
  ['EnableRule', { Name: 'missing' }],
  ['DisableRule', { Name: 'missing' }],
  ['ListTargetsByRule', { Rule: 'missing' }],
])('%s of a rule that does not exist is refused', async (operation, input) => {
  await expect(givenBus().ask('events', operation, input)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
