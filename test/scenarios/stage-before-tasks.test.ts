import { DescribeTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { minutes, retag, seconds } from '../support/gated.js';
import { hookedRepositories } from '../support/hooked.js';
import { appContainer, closePipelines, givenPipeline, type Pipeline, type ServiceOptions } from '../support/pipeline.js';
import { releasesOf, resultsOn, sourceOf, staging, web, worker } from '../support/staged.js';
import { deploymentsOf, stateOf } from '../support/table.js';
import { waits } from '../support/waiting.js';

afterEach(closePipelines);

const passRoles = ['arn:aws:iam::123456789012:role/my-learn-app-task'];
const command = ['npm', 'run', 'migrate'];
const migrating = { name: 'production', services: [web, worker], before: { like: web, command } };
const all = [staging, web, worker];
const completed = { outcome: 'SUCCEEDED', reason: 'BEFORE_TASK_COMPLETED' };
const deployed = { outcome: 'SUCCEEDED', reason: 'DEPLOYED' };

type Repositories = Readonly<Record<string, object>>;

const givenRepositories = async (repositories: Repositories, services?: Readonly<Record<string, ServiceOptions>>): Promise<Pipeline> => {
  const others = Object.keys(repositories).filter((name) => name !== 'my-learn-app');
  const stack = await hookedRepositories(repositories, { passRoles });
  return givenPipeline({ stack, repositories: others, ...(services && { services }) });
};

/** Staging without, and production with a before task. */
const given = (production: object = {}, staged: object = {}) =>
  givenRepositories({
    'my-learn-app': {
      tags: ['main-*', 'v*'],
      stages: [
        { name: 'staging', services: [staging], ...staged },
        { ...migrating, ...production },
      ],
    },
  });

const runningOn = (pipeline: Pipeline) => all.map((service) => pipeline.running(service)[0]);
const resultsOf = async (pipeline: Pipeline) => (await pipeline.executions('release')).map(({ outcome, reason }) => `${outcome} ${reason}`);

/** The deployments that ran the before task of a service, the oldest first. */
const runsOn = async (pipeline: Pipeline, service = web) =>
  (await deploymentsOf(pipeline, service)).filter(({ operation }) => operation?.kind === 'beforeTask');

/** The before tasks that ran under a service's lease: their ARNs, and when ECS started them and their containers ended, in epoch milliseconds. */
const tasksOf = async (pipeline: Pipeline, service = web) => {
  const [cluster] = service.split('/');
  const arns = (await runsOn(pipeline, service)).flatMap(({ beforeTask }) => beforeTask?.task ?? []);
  if (arns.length === 0) return [];
  const { tasks = [] } = await pipeline.ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }));
  return tasks.map(({ taskArn = '', createdAt, executionStoppedAt }) => ({
    taskArn,
    began: createdAt?.getTime() ?? 0,
    ended: executionStoppedAt?.getTime() ?? Number.NaN,
  }));
};

/** When updates of a service were sent, in epoch milliseconds. */
const updatesOf = ({ account }: Pipeline, service: string): number[] =>
  account.log
    .of('ecs', 'service-updated')
    .filter(({ detail }) => detail.service === service.split('/')[1] && detail.cluster === service.split('/')[0])
    .map(({ time }) => time);

test('a stage begins with its before task, once: its services are updated when that has succeeded', async () => {
  const pipeline = await given();

  const { digest, outcome } = await pipeline.release('main-2', 'migrates');

  expect(outcome).toBe('SUCCEEDED');
  expect(runningOn(pipeline)).toEqual([digest, digest, digest]);
  const [first, ...others] = await tasksOf(pipeline);
  expect(others).toEqual([]);
  for (const service of [web, worker]) expect(updatesOf(pipeline, service)[0]).toBeGreaterThan(first?.ended ?? Number.NaN);
  expect(await resultsOn(pipeline, web)).toMatchObject([completed, deployed]);
  expect(await resultsOn(pipeline, worker)).toMatchObject([deployed]);
  const [task] = await runsOn(pipeline);
  expect(await pipeline.path(task?.execution)).toEqual([
    'OpenDeployment',
    'IsOpened',
    'AcquireLease',
    'IsLeaseGranted',
    'RegisterRevision',
    'IsRegistered',
    'RunBeforeTask',
    'RunBeforeTask', // woken by the event of its task
    'UpdateService', // which updates nothing
    'IsUpdated',
    'CloseDeployment',
    'IsReporting',
    'Succeeded',
  ]);

  // What runs the image already needs no migration, and no service of the stage is kept from it.
  await pipeline.ended(await pipeline.start('release', { repository: 'my-learn-app', digest, by: 'ada' }));
  expect(await resultsOf(pipeline)).toEqual(['SUCCEEDED DEPLOYED', 'SKIPPED ALREADY_RUNNING']);
  expect(await tasksOf(pipeline)).toHaveLength(1);
});

test.each<[string, object, string]>([
  ['stops the release, and leaves an earlier stage', {}, 'FAILED BEFORE_TASK'],
  [
    'rolls back an earlier stage, where the scope is the release',
    { onFailure: 'rollBackAll', rollBackScope: 'release' },
    'ROLLED_BACK STAGE_FAILED',
  ],
])(
  'a before task that fails %s; no service of its stage changes, and the image is quarantined where it ran',
  async (_, settings, result) => {
    const pipeline = await given(settings);
    const [before] = runningOn(pipeline);

    const { digest } = await pipeline.release('main-2', 'migration-fails');

    expect(await resultsOf(pipeline)).toEqual([result]);
    expect(runningOn(pipeline)).toEqual(['onFailure' in settings ? before : digest, before, before]);
    expect([...updatesOf(pipeline, web), ...updatesOf(pipeline, worker)]).toEqual([]);
    expect((await sourceOf(pipeline, web)).quarantine).toMatchObject([{ digest, reason: 'BEFORE_TASK' }]);
    expect((await sourceOf(pipeline, worker)).quarantine ?? []).toEqual([]);
    const reported = { stage: 'production', service: web, beforeTask: { outcome: 'FAILED', exitCode: 1 } };
    expect(pipeline.messages()).toMatchObject([{ beforeTasks: [reported], services: [{ service: staging }] }]);
    expect(await releasesOf(pipeline)).toMatchObject([{ stageFailure: { stage: 'production', service: web } }]);
    const task = { outcome: 'FAILED', exitCode: 1, log: expect.arrayContaining(['exit 1']) };
    expect(pipeline.messages()[0]?.beforeTasks).toMatchObject([{ stage: 'production', isQuarantined: true, beforeTask: task }]);

    await retag(pipeline, digest, 'main-3');
    await pipeline.runUntilIdle();
    expect((await resultsOf(pipeline)).slice(1)).toEqual(['onFailure' in settings ? 'PARTIAL QUARANTINED' : 'SKIPPED QUARANTINED']);
    expect(await tasksOf(pipeline)).toHaveLength(1);
  },
);

test('before tasks of two services run side by side; those of two repositories in one service one after the other', async () => {
  const proxyContainer = { ...appContainer, name: 'proxy', image: appContainer.image?.replace('my-learn-app', 'my-proxy') };
  const jobContainer = { ...appContainer, image: appContainer.image?.replace('my-learn-app', 'my-job') };
  const stage = (service: string, container: string) => [
    { name: 'production', services: [{ service, container }], before: { command, container } },
  ];
  const pipeline = await givenRepositories(
    {
      'my-learn-app': { tags: ['main-*'], stages: stage(web, 'app') },
      'my-proxy': { tags: ['main-*'], stages: stage(web, 'proxy') },
      'my-job': { tags: ['main-*'], stages: stage(worker, 'app') },
    },
    { [web]: { containers: [appContainer, proxyContainer] }, [worker]: { containers: [jobContainer] } },
  );

  const digests = [];
  for (const name of ['my-learn-app', 'my-proxy', 'my-job']) digests.push(await pipeline.push('main-2', 'migrates', `2 of ${name}`, name));
  await pipeline.runUntilIdle();

  expect(await resultsOf(pipeline)).toEqual(Array(3).fill('SUCCEEDED DEPLOYED'));
  expect([pipeline.running(web), pipeline.running(web, 'proxy'), pipeline.running(worker)]).toEqual(digests.map((digest) => [digest]));
  const [first, second] = (await tasksOf(pipeline)).toSorted((one, other) => one.began - other.began);
  const [beside] = await tasksOf(pipeline, worker);
  expect(second?.began).toBeGreaterThan(first?.ended ?? Number.NaN);
  expect(beside?.began).toBeLessThan(first?.ended ?? 0);
});

test('a hold on the service that the task is like keeps back the whole stage, which begins with the task once the hold is released', async () => {
  const pipeline = await given();
  const [before] = runningOn(pipeline);
  await pipeline.control('hold', web, { by: 'ada' });

  const { digest } = await pipeline.release('main-2', 'migrates');

  expect(await resultsOf(pipeline)).toEqual(['PARTIAL ON_HOLD']);
  expect(runningOn(pipeline)).toEqual([digest, before, before]);
  expect((await sourceOf(pipeline, web)).withheld).toMatchObject({ digest });
  expect(await tasksOf(pipeline)).toEqual([]);

  await pipeline.control('unhold', web, { by: 'ada' });
  await pipeline.runUntilIdle();
  expect(await resultsOf(pipeline)).toEqual(['PARTIAL ON_HOLD', 'SUCCEEDED DEPLOYED']);
  expect(runningOn(pipeline)).toEqual([digest, digest, digest]);
  expect(await tasksOf(pipeline)).toHaveLength(1);
  expect((await sourceOf(pipeline, web)).withheld).toBeUndefined();
});

test('a stage that a later tag adds to a release has its before task, too', async () => {
  const pipeline = await given({ tags: ['v*'] }, { tags: ['main-*'] });
  const digest = await pipeline.push('main-2', 'migrates');
  await pipeline.account.clock.advance(20 * seconds);
  await retag(pipeline, digest, 'v1.0.0');
  await pipeline.runUntilIdle();

  expect(await resultsOf(pipeline)).toEqual(['SUCCEEDED DEPLOYED', 'SKIPPED JOINED_RELEASE']);
  expect(runningOn(pipeline)).toEqual([digest, digest, digest]);
  expect(await runsOn(pipeline)).toMatchObject([{ result: completed, image: { tag: 'v1.0.0' } }]);
});

test('a newer push waits for the task, runs its own, and is what the services run', async () => {
  const pipeline = await givenRepositories({ 'my-learn-app': { tags: ['main-*'], stages: [migrating] } });
  await taskRuns(pipeline);

  const { digest } = await pipeline.release('main-3', 'migrates');

  expect(await resultsOf(pipeline)).toEqual(['PARTIAL REPLACED_IN_QUEUE', 'SUCCEEDED DEPLOYED']);
  expect(runningOn(pipeline).slice(1)).toEqual([digest, digest]);
  const [first, second] = (await tasksOf(pipeline)).toSorted((one, other) => one.began - other.began);
  expect(second?.began).toBeGreaterThan(first?.ended ?? Number.NaN);
});

test('cancelled by the service that it is like, it runs to its end, and its stage does not begin', async () => {
  const pipeline = await given();
  const [before] = runningOn(pipeline);
  await taskRuns(pipeline);

  await pipeline.control('cancel', web, { by: 'ada' });
  await pipeline.runUntilIdle();

  expect(await resultsOf(pipeline)).toEqual(['FAILED CANCELLED']);
  expect(runningOn(pipeline).slice(1)).toEqual([before, before]);
  expect(await runsOn(pipeline)).toMatchObject([{ beforeTask: { ended: { exitCode: 0 } } }]);
  expect((await sourceOf(pipeline, web)).quarantine ?? []).toEqual([]);
});

test('a release that is aborted while the task runs is closed with it; the next one waits for that task, and runs its own', async () => {
  const pipeline = await given();
  const [before] = runningOn(pipeline);
  const release = await taskRuns(pipeline, 'migration-hangs');
  const [left] = await tasksOf(pipeline);

  await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn: release, error: 'Aborted', cause: 'ada: not now' }));
  await pipeline.account.clock.advance(7 * minutes);
  const aborted = { result: { outcome: 'FAILED', reason: 'ABORTED' } };
  expect(await runsOn(pipeline)).toMatchObject([{ ...aborted, beforeTask: { task: left?.taskArn } }]);
  expect(await releasesOf(pipeline)).toMatchObject([aborted]);
  expect((await stateOf(pipeline, web)).lease).toBeUndefined();

  const digest = await pipeline.push('main-3', 'migrates');
  await pipeline.account.clock.advance(5 * minutes);
  expect(await tasksOf(pipeline)).toHaveLength(1);
  expect(runningOn(pipeline)).toEqual([digest, before, before]);
  await pipeline.ecs.send(new StopTaskCommand({ cluster: 'production', task: left?.taskArn }));
  await pipeline.runUntilIdle();
  const [first, second] = await tasksOf(pipeline);
  expect(second?.began).toBeGreaterThan(first?.ended ?? Number.NaN);
  expect(runningOn(pipeline)).toEqual([digest, digest, digest]);
});

/** Pushes an image, and lets time pass until its before task runs; answers the release. */
const taskRuns = async (pipeline: Pipeline, behaviour: 'migrates' | 'migration-hangs' = 'migrates'): Promise<string> => {
  await pipeline.push('main-2', behaviour);
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('states', 'state-entered').some(({ detail }) => detail.state === 'RunBeforeTask') });
  const { arn = '' } = pipeline.account.services.states.executions().findLast((one) => one.arn.includes('-deployment:')) ?? {};
  await waits(pipeline, arn, 'RunBeforeTask');
  await clock.advance(10 * seconds);
  return (await pipeline.executions('release')).at(-1)?.arn ?? '';
};
