import type { Publication } from '../../../aws/topic.js';
import type { Configuration } from '../../../core/configuration/configuration.js';
import type { ServiceState } from '../../../core/records/records.js';
import * as messages from '../../../core/result/messages.js';
import { control } from '../../../functions/control/control.js';
import { configuration, digest, execution, later, lease, releaseExecution, startedAt, stateOf } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { givenTokens } from '../given-waiting.js';

const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-release';
const arn = 'arn:aws:sns:eu-west-1:123456789012:slipway-dev';
const hold = { at: startedAt, by: 'ada' };
const who = { by: 'bob', reason: 'the database is moved' };
const withheld = { digest, tag: 'main-7', pushedAt: startedAt, release: '', hold };

const ofAnotherVersion = { schema: 1 } as ServiceState;

type Watched = NonNullable<Parameters<typeof givenTable>[0]>['watched'];

const given = (states: Record<string, ServiceState> = {}, watched: Watched = {}, configured: Configuration = configuration) => {
  const table = givenTable({ states, watched });
  const { tokens, taken } = givenTokens();
  const published: Publication[] = [];
  const started: { readonly input: object; readonly name: string }[] = [];
  const topic = { arn, publish: async (publication: Publication) => void published.push(publication) };
  const executions = {
    isRunning: async () => true,
    start: async (of: string, name: string, input: object) => {
      const isOver = started.some((one) => one.name === name);
      if (!isOver) started.push({ name, input });
      return { execution: `${of.replace('stateMachine', 'execution')}:${name}`, isOver };
    },
  };
  const { states: repository, watch } = table;
  const run = control({
    ...table,
    configuration: configured,
    machine,
    executions,
    states: repository,
    watch,
    tokens,
    topic,
    now: () => new Date(later),
  });
  return { table, topic, executions, published, started, taken, run };
};

describe('a hold', () => {
  test.each([
    ['production/web', 'production/web: on hold', 'of production/web are kept back'],
    ['*', 'every service: on hold', 'of every service are kept back'],
  ])('of %s is recorded, answered and reported with who and why', async (service, subject, message) => {
    const { table, published, run } = given();

    expect(await run({ command: 'hold', service, ...who })).toMatchObject({
      outcome: 'SUCCEEDED',
      reason: 'HELD',
      message: expect.stringContaining(message),
    });
    expect(await table.state(service)).toEqual({ hold: { ...who, at: later } });
    expect(published).toMatchObject([{ subject, text: expect.stringMatching(/bob: the database is moved/) }]);
  });

  test('until a time is pending, so that the sweep ends it; a later hold without one is not', async () => {
    const { table, published, run } = given();

    await run({ command: 'hold', service: 'production/web', until: '2h' });

    expect(await table.state('production/web')).toEqual({ hold: { at: later, until: '2026-11-23T14:05:00.000Z' }, pending: 'yes' });
    expect(published).toMatchObject([{ text: expect.stringContaining('until 2026-11-23 14:05 UTC') }]);
    await run({ command: 'hold', service: 'production/web' });
    expect(await table.state('production/web')).toEqual({ hold: { at: later } });
  });
});

describe('the release of a hold', () => {
  test('leaves the rest of the state, and starts what it kept back', async () => {
    const { table, started, published, run } = given({ 'production/web': { fencingToken: 3, hold, ...stateOf({ withheld }) } });

    expect(await run({ command: 'unhold', service: 'production/web', ...who })).toMatchObject({
      outcome: 'SUCCEEDED',
      reason: 'UNHELD',
      message: expect.stringContaining('1 image'),
      started: [expect.stringContaining(':execution:slipway-dev-release:')],
    });
    expect(await table.state('production/web')).toEqual({ fencingToken: 3, ...stateOf({ withheld }) });
    expect(started).toMatchObject([{ input: { repository: 'my-learn-app', digest, tag: 'main-7', hold, ...who } }]);
    expect(published).toMatchObject([{ subject: 'production/web: not on hold' }]);
  });

  test('repeated after it failed half-way starts once', async () => {
    const { topic, started, run } = given({ 'production/web': { hold, ...stateOf({ withheld }) } });
    jest.spyOn(topic, 'publish').mockRejectedValueOnce(sdkError('InternalErrorException'));

    await expect(run({ command: 'unhold', service: 'production/web' })).rejects.toThrow('InternalErrorException');
    expect(await run({ command: 'unhold', service: 'production/web' })).toMatchObject({ outcome: 'SUCCEEDED', started: [] });
    expect(started).toHaveLength(1);
  });

  test('of one service while every service is on hold starts nothing, and says so', async () => {
    const { started, run } = given({ 'production/web': { hold, ...stateOf({ withheld }) }, '*': { hold } });

    expect(await run({ command: 'unhold', service: 'production/web' })).toMatchObject({
      message: expect.stringContaining('stays on hold'),
      started: [],
    });
    expect(started).toEqual([]);
  });

  test('of every service starts an image once for all its services, except those with a hold of their own', async () => {
    const other = { ...withheld, digest: digest.replace('a', 'b') };
    const { started, run } = given({
      '*': { hold },
      'production/web': stateOf({ withheld }),
      'staging/web': stateOf({ withheld }),
      'production/worker': { hold, ...stateOf({ withheld: other }) },
    });

    await run({ command: 'unhold', service: '*' });

    expect(started).toMatchObject([{ input: { digest } }]);
  });
});

describe('a release that cannot be carried out everywhere', () => {
  const proxy = { sources: { 'my-proxy': { withheld } } };

  test('is reported with what failed, and starts the rest: an item that cannot be read keeps no other one back', async () => {
    const { started, published, run } = given({
      '*': { hold },
      'production/web': stateOf({ withheld }),
      'production/worker': ofAnotherVersion,
    });

    await expect(run({ command: 'unhold', service: '*' })).rejects.toThrow(
      'item service#production/worker state of the table: schema is 1',
    );
    expect(started).toMatchObject([{ input: { digest } }]);
    expect(published).toMatchObject([{ text: expect.stringContaining('repeat the command') }]);
  });

  test('is reported with what could not be started, which the repeated command starts', async () => {
    const { executions, started, published, run } = given({
      'production/web': { hold, sources: { ...proxy.sources, ...stateOf({ withheld }).sources } },
    });
    jest.spyOn(executions, 'start').mockRejectedValueOnce(sdkError('ThrottlingException'));

    await expect(run({ command: 'unhold', service: 'production/web' })).rejects.toThrow('ThrottlingException');
    expect(started).toMatchObject([{ input: { repository: 'my-learn-app' } }]);
    await run({ command: 'unhold', service: 'production/web' });
    expect(started).toMatchObject([{ input: { repository: 'my-learn-app' } }, { input: { repository: 'my-proxy' } }]);
    expect(published).toHaveLength(2);
  });
});

test('an item of another version stays as it is: a hold would make it readable, without what it says', async () => {
  const { table, published, run } = given({ 'production/web': ofAnotherVersion });

  await expect(run({ command: 'hold', service: 'production/web' })).rejects.toThrow('schema is 1');
  expect([...table.writes, ...published]).toEqual([]);
});

describe('a cancellation', () => {
  const watched = { record: lease().record, execution, fencingToken: 3, news: 0, seen: 0, visit: 5000, token: 'token-1' };

  test('says what becomes of a before task, where the service has one', async () => {
    const [repository] = Object.values(configuration.repositories);
    const before = { like: 'production/web', command: ['migrate'], timeoutSeconds: 600 };
    const stages = repository?.stages.map((stage) => (stage.name === 'production' ? { ...stage, before } : stage)) ?? [];
    const repositories = { 'my-learn-app': { name: 'my-learn-app', tags: ['main-*'], stages } };
    const { run } = given({ 'production/web': { lease: lease() } }, {}, { ...configuration, repositories });

    expect(await run({ command: 'cancel', service: 'production/web' })).toMatchObject({
      message: messages.cancelRequested(execution, 'waitedFor'),
    });
    expect(await run({ command: 'cancel', service: 'production/web', stopTask: true })).toMatchObject({
      message: messages.cancelRequested(execution, 'stopped'),
    });
  });

  test('is requested of the deployment that holds the lease', async () => {
    const { table, published, run } = given({ 'production/web': { lease: lease() } });

    expect(await run({ command: 'cancel', service: 'production/web', ...who })).toMatchObject({
      outcome: 'SUCCEEDED',
      reason: 'CANCEL_REQUESTED',
      message: expect.stringContaining(execution),
    });
    expect(await table.state('production/web')).toEqual({ lease: lease(), cancel: { record: lease().record, ...who } });
    expect(published).toMatchObject([{ subject: 'production/web: cancel requested' }]);
  });

  test('has its before task stopped if the operator asks for that', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });

    await run({ command: 'cancel', service: 'production/web', stopTask: true });
    expect(await table.state('production/web')).toMatchObject({ cancel: { record: lease().record, stopTask: true } });
    await run({ command: 'cancel', service: 'production/web', stopTask: false });
    expect((await table.state('production/web'))?.cancel).toEqual({ record: lease().record });
  });

  test('wakes the deployment, after the request was saved', async () => {
    const { table, taken, run } = given({ 'production/web': { lease: lease() } }, { 'production/web': watched });

    await run({ command: 'cancel', service: 'production/web' });

    expect(taken).toEqual([['token-1', 'Woken']]);
    expect(table.writes).toEqual(['service#production/web state', 'service#production/web watch']);
    expect(await table.watchItem('production/web')).toMatchObject({ news: 1, seen: 0 });
  });

  test('only wakes, also a rollout that its failed tasks have ended: WatchRollout rolls it back', async () => {
    const failed = new Set(['a', 'b', 'c']);
    const { taken, run } = given({ 'production/web': { lease: lease() } }, { 'production/web': { ...watched, failed, limit: 3 } });

    await run({ command: 'cancel', service: 'production/web' });

    expect(taken).toEqual([['token-1', 'Woken']]);
  });

  test('of a deployment between two visits is left to the next one: there is no token, but news', async () => {
    const { token: _, ...between } = watched;
    const { table, taken, run } = given({ 'production/web': { lease: lease() } }, { 'production/web': between });

    expect(await run({ command: 'cancel', service: 'production/web' })).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(taken).toEqual([]);
    expect(await table.watchItem('production/web')).toMatchObject({ news: 1 });
  });

  test('is rejected if the deployment ends in between', async () => {
    const { table, published, run } = given({ 'production/web': { lease: lease() } });
    jest.spyOn(table.states, 'requestCancel').mockResolvedValue(false);

    expect(await run({ command: 'cancel', service: 'production/web' })).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT' });
    expect(published).toEqual([]);
  });
});

test.each<[object, string]>([
  [{ command: 'hold', service: 'production/webb' }, 'did you mean production/web?'],
  [{ command: 'cancel', service: '*' }, 'is not in slipway.yml'],
  [{ command: 'cancel', service: 'production/web' }, 'no deployment of production/web is in progress'],
  [{ service: 'production/web', hold: true }, 'the input has no "command"'],
])('%j is rejected, and changes and reports nothing', async (input, message) => {
  const { table, published, run } = given();

  expect(await run(input)).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringContaining(message) });
  expect([...table.writes, ...published]).toEqual([]);
});

test('a release that waits is cancelled, and woken and reported again if the command is repeated: the first one may have been cut off', async () => {
  const { run, table, taken, published } = given();
  const place = { repository: 'my-learn-app', stage: 'production' };
  const release = 'repository#my-learn-app release#1';
  const gate = { release, execution: releaseExecution, digest, pushedAt: later, takenAt: later, visit: 1000, token: 'its token' };
  await table.gates.take(place, gate, undefined);
  await table.gates.cancel(place, release, { at: later, by: 'ada', reason: 'wrong tag' });
  const command = { command: 'cancel', ...place, by: 'ada', reason: 'wrong tag' };

  expect(await run(command)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'CANCEL_REQUESTED' });
  expect({ taken, published }).toMatchObject({
    taken: [['its token', 'Woken']],
    published: [{ text: expect.stringContaining('wrong tag') }],
  });
  expect(await run({ ...command, by: 'bob' })).toMatchObject({ reason: 'INVALID_INPUT' });
});
