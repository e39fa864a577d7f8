import { ECRClient, PutImageScanningConfigurationCommand } from '@aws-sdk/client-ecr';
import { setAlarm, web } from '../../test/support/failing.js';
import { type Pipeline, repository } from '../../test/support/pipeline.js';
import { itemsOf } from '../../test/support/table.js';
import { beforeTasksIn, type HookedDeployment, hookViolations } from '../hook-oracle.js';
import { alarm, bakeMinutes, givenVerification } from '../hooks.js';
import { minutes } from './fault-case.js';
import { atGate } from './gates.js';
import { abort, byPush, entered, give, nothing, oneTask, type Scenario } from './scenario.js';

const seconds = 1000;

/** The laws of hooks, in an account where nothing was pushed before. `alarms`: when the alarm went into ALARM. */
const lawsOfHooks = async (pipeline: Pipeline, alarms: readonly number[] = []): Promise<string[]> => {
  const { log } = pipeline.account;
  const items = (await itemsOf(pipeline)) as unknown as (HookedDeployment & { readonly result?: { readonly outcome?: string } })[];
  return hookViolations(
    {
      beforeTasks: beforeTasksIn(log.entries),
      updates: log.of('ecs', 'service-updated').map(({ time, detail }) => ({
        at: time,
        isForward: String(detail.by).includes('UpdateServiceRole'),
        revision: String(detail.taskDefinition),
      })),
      completions: log.of('ecs', 'rollout-completed').map(({ time, detail }) => ({ at: time, revision: String(detail.taskDefinition) })),
      alarms,
      deployments: items
        .filter(({ sk }) => sk.startsWith('deployment#'))
        .map(({ result, ...record }) => ({ ...record, ...(result?.outcome !== undefined && { outcome: result.outcome }) })),
    },
    { bakeMs: bakeMinutes * minutes },
  );
};

/** The calls with which Verify looks at a rollout, as WatchRollout does, which is tested with every fault. */
const ofLooks = [
  'ecs.DescribeServiceDeployments',
  'ecs.DescribeServiceRevisions',
  'ecs.DescribeServices',
  'ecs.DescribeTasks',
  'ecs.ListTasks',
].map((call) => `verify ${call}`);

/** A push that migrates, and is verified. */
export const hookedPush: Scenario = {
  ...byPush,
  prepare: givenVerification,
  act: async (pipeline) => {
    await pipeline.push('main-2', 'migrates');
  },
  outcomes: ['SUCCEEDED'],
  // Its runs take longer than those of other scenarios.
  turns: 2,
  // The user's function has verified nothing when it fails.
  mayEndOnce: { verifier: ['ROLLED_BACK'] },
  calls: {
    runBeforeTask: [
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'ecs.DescribeServices',
      'ecs.ListTasks',
      'ecs.RunTask',
      'states.SendTaskSuccess',
    ],
    verifyUrl: [],
    verifier: [],
    verify: ['cloudwatch.DescribeAlarms', 'dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.SendTaskFailure', 'states.SendTaskSuccess'],
  },
  otherCalls: ofLooks,
  violationsOf: (pipeline) => lawsOfHooks(pipeline),
};

const { runBeforeTask: ofMigrations = [], verify = [] } = hookedPush.calls;
const ofBakes = [...ofLooks, ...verify];

/** A migration that fails. */
export const failingMigration: Scenario = {
  ...hookedPush,
  act: async (pipeline) => {
    await pipeline.push('main-2', 'migration-fails');
  },
  outcomes: ['FAILED'],
  calls: { runBeforeTask: ['logs.GetLogEvents', 'states.SendTaskFailure'] },
  otherCalls: ofMigrations,
};

/** An operator stops what still migrates. */
const stopMigrations = async (pipeline: Pipeline): Promise<void> => {
  const { services, log, clock } = pipeline.account;
  for (const { id, endedAt } of beforeTasksIn(log.entries))
    if (endedAt === undefined) services.ecs.stopTask(pipeline.account.arn('ecs', `task/production/${id}`), 'UserInitiated', 'by hand');
  await clock.advance(2 * minutes);
};

/** An operator cancels during a migration that would not end, and has it stopped. */
export const cancelledMigration: Scenario = {
  ...failingMigration,
  prepare: async (pipeline) => {
    await givenVerification(pipeline);
    await pipeline.push('main-2', 'migration-hangs');
    await entered(pipeline, 'deployment', 'RunBeforeTask');
    await pipeline.account.clock.advance(minutes);
  },
  act: (pipeline) => give(pipeline, 'cancel', { stopTask: true }),
  // What could not be stopped still runs, and the next one waits for that.
  verifyNext: async (pipeline) => {
    await stopMigrations(pipeline);
    return hookedPush.verifyNext(pipeline);
  },
  calls: { runBeforeTask: ['ecs.DescribeTasks', 'ecs.StopTask'] },
  otherCalls: [...ofMigrations, 'logs.GetLogEvents', 'states.SendTaskFailure'],
};

/** Its execution is aborted while a migration runs; the next push waits for that. */
export const abortedMigration: Scenario = {
  ...hookedPush,
  prepare: async (pipeline) => {
    await givenVerification(pipeline);
    await pipeline.push('main-2', 'migration-hangs');
    const execution = await entered(pipeline, 'deployment', 'RunBeforeTask');
    await pipeline.account.clock.advance(minutes);
    await abort(pipeline, execution);
  },
  act: async (pipeline) => {
    await pipeline.push('main-3', 'migrates');
    await pipeline.account.clock.advance(2 * minutes);
    await stopMigrations(pipeline);
  },
  outcomes: ['FAILED', 'SUCCEEDED'],
  focus: [],
  calls: { runBeforeTask: [] },
  otherCalls: [...ofMigrations, 'ecs.DescribeTasks'],
};

/** Until the first push is verified. */
const baking = async (pipeline: Pipeline): Promise<void> => {
  await givenVerification(pipeline);
  await pipeline.push('main-2');
  await entered(pipeline, 'deployment', 'Verify');
  await pipeline.account.clock.advance(20 * seconds);
};

const alarms = new WeakMap<Pipeline, number>();

/** The alarm goes into ALARM within the bake, and is OK soon. */
export const alarmInBake: Scenario = {
  ...hookedPush,
  prepare: baking,
  act: async (pipeline) => {
    alarms.set(pipeline, pipeline.account.clock.now);
    await setAlarm(pipeline, alarm, 'ALARM');
    await pipeline.account.clock.advance(20 * seconds);
    await setAlarm(pipeline, alarm, 'OK');
  },
  outcomes: ['ROLLED_BACK'],
  calls: { handleAlarmEvent: ['dynamodb.UpdateItem', 'states.SendTaskFailure'] },
  // While no event can be written, the look at the end of the bake finds an alarm that is OK again.
  violationsOf: (pipeline, faultCase) =>
    lawsOfHooks(pipeline, faultCase === undefined || faultCase.duration === 'once' ? [alarms.get(pipeline) ?? 0] : []),
};

/** A newer push ends the bake. */
export const pushInBake: Scenario = {
  ...hookedPush,
  prepare: baking,
  act: async (pipeline) => {
    await pipeline.push('main-3');
  },
  outcomes: ['SUPERSEDED', 'SUCCEEDED'],
  // What takes no place ends nothing.
  mayEnd: ['SUCCEEDED'],
  calls: { verify: ['states.DescribeExecution'] },
  otherCalls: ofBakes,
};

/** An execution is aborted during the bake: another one resumes it. */
export const abortedBake: Scenario = {
  ...hookedPush,
  prepare: async (pipeline) => {
    await givenVerification(pipeline);
    await pipeline.push('main-2');
    const execution = await entered(pipeline, 'deployment', 'Verify');
    await pipeline.account.clock.advance(20 * seconds);
    await abort(pipeline, execution);
  },
  act: nothing,
  // The release does not know how the deployment ends.
  outcomes: ['UNKNOWN'],
  focus: [],
  calls: { verify: ofLooks.map((call) => call.replace('verify ', '')) },
  otherCalls: verify,
};

/** The tasks crash within the bake. */
export const crashInBake: Scenario = {
  ...hookedPush,
  options: { services: { [web]: { tasks: 3 } } },
  act: async (pipeline) => {
    await pipeline.push('main-2', 'crashes-later');
  },
  outcomes: ['ROLLED_BACK'],
  focus: [],
  calls: { verify: ['logs.GetLogEvents'] },
  otherCalls: ofBakes,
};

const ofPreflight = ['ecr.BatchGetImage', 'ecr.DescribeImages', 'ecs.DescribeServices', 'ecs.DescribeTaskDefinition'];

/** An image is scanned while its release waits. */
export const scanned: Scenario = {
  ...byPush,
  options: oneTask,
  prepare: async (pipeline) => {
    const ecr = new ECRClient(pipeline.emulator.clientConfig());
    const imageScanningConfiguration = { scanOnPush: true };
    await ecr.send(new PutImageScanningConfigurationCommand({ repositoryName: repository, imageScanningConfiguration }));
    await pipeline.push('main-2');
    await atGate(pipeline);
  },
  act: nothing,
  outcomes: ['SUCCEEDED'],
  mayEnd: ['FAILED'],
  calls: {
    passGates: ['ecr.DescribeImageScanFindings'],
    handleScanEvent: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.SendTaskFailure'],
  },
  turns: 2,
  otherCalls: [...ofPreflight, ...['dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.SendTaskSuccess'].map((call) => `passGates ${call}`)],
  violationsOf: (pipeline) => {
    const scannedAt = pipeline.account.log.entries.find(({ type }) => type === 'scan-completed')?.time ?? 0;
    const early = pipeline.account.log.of('ecs', 'service-updated').filter(({ time }) => time < scannedAt);
    return early.map(({ time }) => `Nothing is deployed before it is scanned: ${new Date(time).toISOString()}`);
  },
};

/** An operator asks what the push of a scanned image would do. */
export const plannedScan: Scenario = {
  ...scanned,
  prepare: async (pipeline) => {
    await scanned.prepare(pipeline);
    await pipeline.runUntilIdle();
  },
  act: async (pipeline) => {
    await pipeline.invoke('query', { query: 'plan', repository, tag: 'main-2' });
  },
  before: ['SUCCEEDED'],
  outcomes: [],
  focus: [],
  calls: { query: ['ecr.DescribeImageScanFindings'] },
  otherCalls: ['dynamodb.GetItem', ...ofPreflight],
};

/** Each release migrates once, before its first update. */
const migratedFirst = (pipeline: Pipeline): string[] => {
  const { log } = pipeline.account;
  const tasks = beforeTasksIn(log.entries);
  const early = log
    .of('ecs', 'service-updated')
    .filter(({ time }) => !tasks.some(({ hasSucceeded, endedAt = time + 1 }) => hasSucceeded && endedAt <= time));
  const starts = pipeline.account.services.states.executions(pipeline.machine('release'));
  return [
    ...early.map(({ time }) => `No update without the success of its before task: at ${new Date(time).toISOString()}`),
    ...(tasks.length > starts.length ? [`A before task runs once: ${tasks.length} ran`] : []),
  ];
};

/** A stage with a before task, ahead of its services. */
export const migratedStage: Scenario = {
  ...byPush,
  prepare: nothing,
  act: async (pipeline) => {
    await pipeline.push('main-2', 'migrates');
  },
  outcomes: ['SUCCEEDED'],
  turns: 2,
  calls: { evaluateStage: ['dynamodb.UpdateItem'] },
  otherCalls: ['dynamodb.GetItem', 'dynamodb.Query'],
  violationsOf: migratedFirst,
};
