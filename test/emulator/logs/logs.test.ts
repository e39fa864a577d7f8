import type { Iam } from '../../../emulator/iam/api.js';
import { createLogs } from '../../../emulator/logs/index.js';
import { givenAccount } from '../given-account.js';

type Events = {
  events: { message: string; timestamp: number; logStreamName?: string }[];
  nextForwardToken: string;
  nextBackwardToken: string;
  nextToken?: string;
};

const givenLogs = async () => {
  const given = givenAccount((account) => ({ logs: createLogs(account) }));
  const { account, logs, ask } = given;
  logs.createLogGroup('/ecs/web', 7);
  for (const number of [1, 2, 3, 4]) {
    logs.write('/ecs/web', 'app/app/1', `line ${number}`);
    await account.clock.advance(1000);
  }
  const get = (input = {}) => ask<Events>('logs', 'GetLogEvents', { logGroupName: '/ecs/web', logStreamName: 'app/app/1', ...input });
  const filter = (input = {}) => ask<Events>('logs', 'FilterLogEvents', { logGroupName: '/ecs/web', ...input });
  return { ...given, get, filter };
};

const messages = ({ events }: Events) => events.map(({ message }) => message);

test('GetLogEvents returns the newest events, oldest first, unless startFromHead is set', async () => {
  const { get } = await givenLogs();

  expect(messages(await get())).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
  expect(messages(await get({ limit: 2 }))).toEqual(['line 3', 'line 4']);
  expect(messages(await get({ limit: 2, startFromHead: true }))).toEqual(['line 1', 'line 2']);
  expect((await get()).events[0]).toEqual({ timestamp: 1795424400000, message: 'line 1', ingestionTime: 1795424400000 });
});

test('tokens go forward and backward, and the same token again means the end', async () => {
  const { get } = await givenLogs();

  const first = await get({ limit: 3, startFromHead: true });
  const second = await get({ limit: 3, nextToken: first.nextForwardToken });
  const third = await get({ limit: 3, nextToken: second.nextForwardToken });
  const back = await get({ limit: 2, nextToken: second.nextBackwardToken });

  expect(messages(second)).toEqual(['line 4']);
  expect(messages(third)).toEqual([]);
  expect(third.nextForwardToken).toBe(second.nextForwardToken);
  expect(messages(back)).toEqual(['line 2', 'line 3']);
});

test('an unknown group or stream is ResourceNotFoundException', async () => {
  const { get, filter } = await givenLogs();

  await expect(get({ logGroupName: 'none' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
  await expect(get({ logStreamName: 'none' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  });
  await expect(filter({ logGroupName: 'none' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('FilterLogEvents merges streams in order of time', async () => {
  const { logs, filter } = await givenLogs();
  logs.write('/ecs/web', 'sidecar/proxy/1', 'started');

  const { events } = await filter();
  expect(events.map(({ logStreamName, message }) => `${logStreamName} ${message}`)).toEqual([
    'app/app/1 line 1',
    'app/app/1 line 2',
    'app/app/1 line 3',
    'app/app/1 line 4',
    'sidecar/proxy/1 started',
  ]);
  expect(messages(await filter({ logStreamNames: ['sidecar/proxy/1'] }))).toEqual(['started']);
  expect(messages(await filter({ logStreamNamePrefix: 'side' }))).toEqual(['started']);
  expect(messages(await filter({ startTime: 1795424402000, endTime: 1795424403000 }))).toEqual(['line 3', 'line 4']);
  const page = await filter({ limit: 4 });
  expect(messages(await filter({ limit: 4, nextToken: page.nextToken }))).toEqual(['started']);
});

test.each([
  ['', ['ERROR one', 'error two', 'WARN and ERROR', 'fine "quoted" word']],
  ['ERROR', ['ERROR one', 'WARN and ERROR']],
  ['ERROR WARN', ['WARN and ERROR']],
  ['ERROR -WARN', ['ERROR one']],
  ['?two ?one', ['ERROR one', 'error two']],
  ['"and ERROR"', ['WARN and ERROR']],
  ['"\\"quoted\\""', ['fine "quoted" word']],
])('the filter pattern %s', async (filterPattern, expected) => {
  const { ask, logs } = givenAccount((account) => ({ logs: createLogs(account) }));
  for (const message of ['ERROR one', 'error two', 'WARN and ERROR', 'fine "quoted" word']) logs.write('app', 's', message);

  expect(messages(await ask<Events>('logs', 'FilterLogEvents', { logGroupName: 'app', filterPattern }))).toEqual(expected);
});

test.each(['{ $.level = "error" }', '[ip, user]', '%ERROR%'])('the filter pattern %s is not emulated', async (filterPattern) => {
  const { filter } = await givenLogs();

  await expect(filter({ filterPattern })).rejects.toMatchObject({ code: 'NotEmulated' });
});

test('events older than the retention are deleted', async () => {
  const { account, get } = await givenLogs();

  await account.clock.advance(7 * 86_400_000 - 2000);

  expect(messages(await get())).toEqual(['line 3', 'line 4']);
});

test.each([
  ['GetLogEvents', 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web:log-stream:app/app/1', true],
  ['GetLogEvents', 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web', false],
  ['FilterLogEvents', 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web', true],
  ['FilterLogEvents', 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web:*', true],
  ['FilterLogEvents', 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/worker:*', false],
])('%s with permission on %s alone: %s', async (operation, granted, isAllowed) => {
  const { ask, iam } = await givenLogs();
  const isGranted: Iam['isAllowed'] = (_caller, _action, resource) => resource === granted;
  Object.assign(iam, { isAllowed: isGranted });
  const role = { arn: 'arn:aws:iam::123456789012:role/check', kind: 'role' } as const;
  const stream = operation === 'GetLogEvents' ? { logStreamName: 'app/app/1' } : {};

  const answer = ask('logs', operation, { logGroupName: '/ecs/web', ...stream }, role);

  if (isAllowed) await expect(answer).resolves.toHaveProperty('events');
  else await expect(answer).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test('a log group is created once, named by ARN as well, and lists its streams', async () => {
  const { ask, logs } = await givenLogs();
  logs.write('/ecs/web', 'app/app/0', 'newest');

  await expect(ask('logs', 'CreateLogGroup', { logGroupName: '/ecs/web' })).rejects.toMatchObject({
    code: 'ResourceAlreadyExistsException',
  });
  await ask('logs', 'CreateLogGroup', { logGroupName: '/ecs/worker' });
  const streams = async (input: object) =>
    (
      await ask<{ logStreams: { logStreamName: string }[] }>('logs', 'DescribeLogStreams', {
        logGroupIdentifier: 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web',
        ...input,
      })
    ).logStreams.map(({ logStreamName }) => logStreamName);

  expect(await streams({})).toEqual(['app/app/0', 'app/app/1']);
  expect(await streams({ orderBy: 'LastEventTime', descending: true, limit: 1 })).toEqual(['app/app/0']);
});

describe('bad input is refused', () => {
  const constraint = (value: unknown, member: string, words: string) =>
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${words}`;
  const stream = { logStreamName: 'app/app/1' };

  test.each([
    ['GetLogEvents', { ...stream, limit: 10_001 }, constraint(10_001, 'limit', 'have value less than or equal to 10000')],
    ['GetLogEvents', { ...stream, limit: 0 }, constraint(0, 'limit', 'have value greater than or equal to 1')],
    ['GetLogEvents', { ...stream, nextToken: 'x' }, 'The specified nextToken is invalid.'],
    ['GetLogEvents', { ...stream, startTime: -1 }, constraint(-1, 'startTime', 'have value greater than or equal to 0')],
    ['GetLogEvents', { logStreamName: 'a:b' }, constraint('a:b', 'logStreamName', 'satisfy regular expression pattern: [^:*]*')],
    ['FilterLogEvents', { limit: 10_001 }, constraint(10_001, 'limit', 'have value less than or equal to 10000')],
    ['FilterLogEvents', { nextToken: 'x' }, 'The specified nextToken is invalid.'],
    ['FilterLogEvents', { endTime: -5 }, constraint(-5, 'endTime', 'have value greater than or equal to 0')],
    ['FilterLogEvents', { filterPattern: '"unclosed' }, 'Invalid filter pattern'],
    ['FilterLogEvents', { filterPattern: 'x'.repeat(1025) }, 'Invalid filter pattern'],
    [
      'FilterLogEvents',
      { logStreamNamePrefix: 'a*' },
      constraint('a*', 'logStreamNamePrefix', 'satisfy regular expression pattern: [^:*]*'),
    ],
    ['DescribeLogStreams', { limit: 51 }, constraint(51, 'limit', 'have value less than or equal to 50')],
    ['DescribeLogStreams', { nextToken: '-1' }, 'The specified nextToken is invalid.'],
    ['DescribeLogStreams', { orderBy: 'Size' }, constraint('Size', 'orderBy', 'satisfy enum value set: [LastEventTime, LogStreamName]')],
    [
      'DescribeLogStreams',
      { orderBy: 'LastEventTime', logStreamNamePrefix: 'app' },
      'Cannot order by LastEventTime with a logStreamNamePrefix.',
    ],
  ])('%s of %j', async (operation, input, message) => {
    const { ask } = await givenLogs();

    await expect(ask('logs', operation, { logGroupName: '/ecs/web', ...input })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message,
    });
  });

  test('a group by both its name and its identifier', async () => {
    const { ask } = await givenLogs();
    const both = { logGroupName: '/ecs/web', logGroupIdentifier: '/ecs/web' };

    await expect(ask('logs', 'DescribeLogStreams', both)).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    });
  });

  test.each([
    ['', "Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1"],
    ['a b', "Value 'a b' at 'logGroupName' failed to satisfy constraint"],
    ['x'.repeat(513), 'Invalid LogGroup or LogStream, both must have length less than or equal to 512.'],
  ])('a group named %j', async (logGroupName, message) => {
    const { ask } = await givenLogs();

    await expect(ask('logs', 'CreateLogGroup', { logGroupName })).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });
});
