import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { BeforeTaskRun } from '../../core/records/records.js';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { hooked } from '../support/hooked.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { sourceOf, web } from '../support/staged.js';
import { deploymentsOf } from '../support/table.js';

afterEach(closePipelines);

const seconds = 1_000;

/** production/web has a before task, with these settings. */
const given = async (before: object = {}): Promise<Pipeline> => {
  const service = { service: web, before: { command: ['npm', 'run', 'migrate'], timeout: '5m', ...before } };
  const stack = await hooked({ stages: [{ name: 'production', services: [service] }] });
  return givenPipeline({ stack, services: { [web]: {} } });
};

/** The before tasks of production/web that ECS knows, the oldest first. */
const runsOf = async ({ ecs }: Pipeline): Promise<Task[]> => {
  const list = async (desiredStatus: 'RUNNING' | 'STOPPED') =>
    (await ecs.send(new ListTasksCommand({ cluster: 'production', desiredStatus }))).taskArns ?? [];
  const tasks = [...(await list('RUNNING')), ...(await list('STOPPED'))];
  const found = tasks.length === 0 ? undefined : (await ecs.send(new DescribeTasksCommand({ cluster: 'production', tasks }))).tasks;
  return (found ?? [])
    .filter(({ startedBy }) => startedBy === 'slipway-dev-before/web')
    .sort((one, other) => Number(one.createdAt) - Number(other.createdAt));
};

const runIn = async (pipeline: Pipeline): Promise<BeforeTaskRun> => (await deploymentsOf(pipeline)).at(-1)?.beforeTask;
const pathOf = async (pipeline: Pipeline) => pipeline.path((await pipeline.executions('deployment')).at(-1)?.arn ?? '');

test('a migration runs once with the new image before the service is updated, for two transitions', async () => {
  const pipeline = await given();
  const { digest, ...release } = await pipeline.release('main-2', 'migrates');

  expect(release).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([digest]);
  const [run, ...more] = await runsOf(pipeline);
  expect(more).toEqual([]);
  expect(run).toMatchObject({ group: 'family:production-web', containers: [{ exitCode: 0, imageDigest: digest }] });
  const path = await pathOf(pipeline);
  expect(path.slice(path.indexOf('RegisterRevision'), path.indexOf('WatchRollout'))).toEqual([
    'RegisterRevision',
    'IsRegistered',
    'RunBeforeTask',
    'RunBeforeTask',
    'UpdateService',
    'IsUpdated',
  ]);
  const [deployment] = await deploymentsOf(pipeline);
  expect(Date.parse(deployment?.updateRequestedAt) - Number(run?.executionStoppedAt)).toBeLessThan(10 * seconds);
  // As without a before task: the event of the task at STOPPED, after that at DEPROVISIONING, wakes nothing.
  expect(path.filter((name) => name === 'WatchRollout')).toHaveLength(3);

  // An operator's rollback runs none.
  await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true }));
  expect(await runsOf(pipeline)).toHaveLength(1);
});

test.each<[Behaviour, object, string, object]>([
  ['migration-fails', {}, 'BEFORE_TASK', { outcome: 'FAILED', reason: 'CRASHED', exitCode: 1, speaksOfImage: true }],
  ['migration-hangs', { timeout: '1m' }, 'TIMED_OUT', { outcome: 'TIMED_OUT', exitCode: 137, speaksOfImage: false }],
  ['healthy', { command: ['sh', '-c', 'sleep 600'], timeout: '1m' }, 'TIMED_OUT', { outcome: 'TIMED_OUT', exitCode: 0 }],
  ['cannot-pull', {}, 'BEFORE_TASK', { outcome: 'FAILED', reason: 'CANNOT_PULL', speaksOfImage: false }],
])('an image that is %s leaves the service untouched (%j): FAILED, %s', async (behaviour, before, reason, ended) => {
  const pipeline = await given(before);
  const running = pipeline.running(web);
  const { digest, ...release } = await pipeline.release('main-2', behaviour);

  expect(release).toMatchObject({ outcome: 'FAILED' });
  expect((await deploymentsOf(pipeline)).at(-1)).toMatchObject({ result: { outcome: 'FAILED', reason }, beforeTask: { ended } });
  expect((await deploymentsOf(pipeline)).at(-1)?.updateRequestedAt).toBeUndefined();
  expect(pipeline.running(web)).toEqual(running);
  const { quarantine = [] } = await sourceOf(pipeline, web);
  expect(quarantine.map((one) => one.digest)).toEqual(behaviour === 'migration-fails' ? [digest] : []);
});

test.each(['timeoutBefore', 'timeoutAfter', 'delayedEffect'] as const)(
  'one task runs if the answer of RunTask is lost (%s)',
  async (kind) => {
    const pipeline = await given();
    pipeline.account.faults.inject({ on: 'ecs.RunTask', kind });

    expect(await pipeline.release('main-2', 'migrates')).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(await runsOf(pipeline)).toHaveLength(1);
    expect(await runIn(pipeline)).toMatchObject({ attempt: 1 });
  },
);

test('its event is lost: the next safety look finds that it has ended', async () => {
  const pipeline = await given();
  pipeline.account.faults.injectDelivery({ rule: 'slipway-dev-ecs-runs-1', kind: 'lost', times: 2 });

  expect(await pipeline.release('main-2', 'migrates')).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await pathOf(pipeline)).toEqual(expect.arrayContaining(['RunBeforeTask', 'UpdateService']));
});

test.each([
  [false, 'SUCCEEDED'],
  [true, 'CANCELLED'],
])('an operator who cancels during a migration waits for it, or has it stopped (stopTask: %s)', async (stopTask, outcome) => {
  const pipeline = await given({ command: ['sh', '-c', 'sleep 120'] });
  const running = pipeline.running(web);
  await pipeline.push('main-2');
  await pipeline.account.clock.advance(60 * seconds);
  expect(await runsOf(pipeline)).toMatchObject([{ lastStatus: 'RUNNING' }]);

  await pipeline.control('cancel', web, { by: 'ada', ...(stopTask && { stopTask }) });
  await pipeline.runUntilIdle();
  expect((await deploymentsOf(pipeline)).at(-1)).toMatchObject({
    result: { outcome: 'FAILED', reason: 'CANCELLED' },
    beforeTask: { ended: { outcome } },
  });
  expect(pipeline.running(web)).toEqual(running);
  expect((await sourceOf(pipeline, web)).quarantine).toEqual([]);
});

test('without capacity it is requested again until there is some, and FAILED at its timeout', async () => {
  const pipeline = await given({ timeout: '2m' });
  pipeline.account.services.ecs.failRuns('production', 'RESOURCE:FARGATE', { times: 2 });
  expect(await pipeline.release('main-2', 'migrates')).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await runIn(pipeline)).toMatchObject({ attempt: 3, refusal: expect.stringContaining('RESOURCE:FARGATE') });

  pipeline.account.services.ecs.failRuns('production', 'RESOURCE:FARGATE');
  expect(await pipeline.release('main-3', 'migrates')).toMatchObject({ outcome: 'FAILED' });
  expect((await runIn(pipeline)).ended).toMatchObject({ outcome: 'FAILED', reason: 'PLACEMENT' });
});

test('a migration that a Spot interruption ends is not of the image: the same push may be deployed again', async () => {
  const pipeline = await given({ command: ['sh', '-c', 'sleep 120'] });
  const digest = await pipeline.push('main-2');
  await pipeline.account.clock.advance(60 * seconds);
  const [run] = await runsOf(pipeline);
  pipeline.account.services.ecs.stopTask(run?.taskArn ?? '', 'SpotInterruption', 'Your Spot Task was interrupted.');
  await pipeline.runUntilIdle();
  expect((await runIn(pipeline)).ended).toMatchObject({ outcome: 'FAILED', reason: 'HOST', speaksOfImage: false });

  await pipeline.ended(await pipeline.start('release', { repository: 'my-learn-app', tag: 'main-2' }));
  expect(pipeline.running(web)).toEqual([digest]);
});

test('the task of an aborted execution is not stopped, and the next deployment waits for it', async () => {
  const pipeline = await given({ command: ['sh', '-c', 'sleep 240'] });
  await pipeline.push('main-2');
  await pipeline.account.clock.advance(60 * seconds);
  const [execution] = await pipeline.executions('deployment');
  await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn: execution?.arn, cause: 'ada: too slow' }));
  const digest = await pipeline.push('main-3');
  await pipeline.runUntilIdle();

  const runs = await runsOf(pipeline);
  expect(runs.map(({ stopCode }) => stopCode)).toEqual(['EssentialContainerExited', 'EssentialContainerExited']);
  const [first, second] = runs;
  expect(Number(second?.createdAt)).toBeGreaterThanOrEqual(Number(first?.executionStoppedAt));
  expect(pipeline.running(web)).toEqual([digest]);
  const [aborted] = await deploymentsOf(pipeline);
  expect(aborted).toMatchObject({ result: { outcome: 'FAILED', reason: 'ABORTED', message: expect.stringContaining('may still run') } });
});
