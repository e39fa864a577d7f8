import { web } from '../../test/support/failing.js';
import type { Pipeline } from '../../test/support/pipeline.js';
import { abortDuring } from '../abort-during.js';
import { abort, byOperator, byPush, deploy, entered, give, nothing, push, type Scenario } from './scenario.js';

const seconds = 1000;

const acquireLease = [
  'dynamodb.GetItem',
  'dynamodb.PutItem',
  'dynamodb.UpdateItem',
  'states.DescribeExecution',
  'states.SendTaskFailure',
  'states.SendTaskSuccess',
];
const control = ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'sns.Publish', 'states.SendTaskFailure'];

/** One push is deployed, and the next one waits for the lease. */
const twoPushes = async (pipeline: Pipeline): Promise<void> => {
  await pipeline.push('main-2');
  await entered(pipeline, 'deployment', 'WatchRollout');
  await pipeline.push('main-3');
  await entered(pipeline, 'deployment', 'AcquireLease', 2);
  await pipeline.account.clock.advance(2 * seconds);
};

/** A push replaces another one in the queue, which ends at once. */
export const replacedInQueue: Scenario = {
  ...byPush,
  prepare: twoPushes,
  act: async (pipeline) => {
    await pipeline.push('main-4');
  },
  outcomes: ['SUCCEEDED', 'SKIPPED', 'SUCCEEDED'],
  // What takes no place replaces nothing.
  mayEnd: ['SUCCEEDED'],
  calls: { acquireLease },
};

/** An operator holds the service while a push waits for the lease. */
export const heldInQueue: Scenario = {
  ...byPush,
  prepare: twoPushes,
  act: async (pipeline) => {
    await give(pipeline, 'hold');
    await pipeline.runUntilIdle();
    await give(pipeline, 'unhold');
  },
  again: (pipeline) => give(pipeline, 'unhold'),
  outcomes: ['SUCCEEDED', 'SKIPPED', 'SUCCEEDED'],
  isChain: true,
  focus: ['acquireLease'],
  calls: { acquireLease: acquireLease.filter((call) => !call.startsWith('states.') || call === 'states.SendTaskSuccess') },
};

/** An operator rolls back while another deployment is watched: that one is woken, and rolls back. */
export const rollbackOfHolder: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline);
    await deploy(pipeline);
    await entered(pipeline, 'deployment', 'WatchRollout');
    await pipeline.account.clock.advance(2 * seconds);
  },
  act: async (pipeline) => {
    await pipeline.start('deployment', { service: web, rollback: true });
  },
  outcomes: ['ROLLED_BACK', 'SKIPPED'],
  // What takes no place asks for nothing.
  mayEnd: ['SUCCEEDED'],
  focus: ['acquireLease'],
  calls: { acquireLease: acquireLease.filter((call) => call !== 'dynamodb.PutItem') },
};

/** An operator cancels a deployment that waits for the rollout of another deployer. */
export const cancelBeforeUpdate: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline);
    await pipeline.forceNewDeployment(web);
    await deploy(pipeline);
    await entered(pipeline, 'deployment', 'RegisterRevision');
    await pipeline.account.clock.advance(2 * seconds);
  },
  act: (pipeline) => give(pipeline, 'cancel'),
  outcomes: ['FAILED'],
  focus: ['control', 'registerRevision'],
  calls: {
    control,
    registerRevision: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.SendTaskSuccess'],
  },
};

/** The holder of the lease is aborted: the sweep closes it, and wakes who waits. */
export const abortedHolder: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline);
    await pipeline.forceNewDeployment(web);
    const holder = await deploy(pipeline);
    await entered(pipeline, 'deployment', 'RegisterRevision');
    await deploy(pipeline);
    await entered(pipeline, 'deployment', 'AcquireLease', 2);
    await pipeline.account.clock.advance(2 * seconds);
    await abort(pipeline, holder);
  },
  act: nothing,
  outcomes: ['FAILED', 'SUCCEEDED'],
  calls: {
    sweep: [
      'dynamodb.DeleteItem',
      'dynamodb.GetItem',
      'dynamodb.Query',
      'dynamodb.UpdateItem',
      'sns.Publish',
      'states.DescribeExecution',
      'states.SendTaskFailure',
    ],
  },
};

/** A deployment is aborted in its place of the queue. */
export const abortedInQueue: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline);
    await deploy(pipeline);
    await entered(pipeline, 'deployment', 'WatchRollout');
    const waiting = await deploy(pipeline);
    await entered(pipeline, 'deployment', 'AcquireLease', 2);
    await pipeline.account.clock.advance(2 * seconds);
    await abort(pipeline, waiting);
  },
  act: nothing,
  outcomes: ['SUCCEEDED', 'FAILED'],
  focus: ['closeDeployment'],
  calls: { closeDeployment: ['dynamodb.DeleteItem', 'dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.SendTaskFailure'] },
};

/** A deployment is aborted after its function has stored its token, and before it looks: what happens then, no look has seen. */
export const abortedBeforeLook: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline);
    const execution = await deploy(pipeline);
    await entered(pipeline, 'deployment', 'WatchRollout');
    // It enters the record, and stores its token.
    abortDuring(pipeline, { name: 'watchRollout', request: 2 }, () => abort(pipeline, execution));
  },
  act: nothing,
  outcomes: ['SUCCEEDED'],
  focus: ['openDeployment', 'watchRollout'],
  calls: {
    openDeployment: ['dynamodb.GetItem', 'dynamodb.PutItem', 'dynamodb.UpdateItem', 'states.DescribeExecution'],
    watchRollout: [
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServiceRevisions',
      'ecs.DescribeServices',
      'ecs.DescribeTasks',
      'ecs.ListServiceDeployments',
      'ecs.ListTasks',
      'states.SendTaskSuccess',
    ],
  },
};

/** A deployment is aborted while it waits: the event that it waits for answers the token of an execution that has ended. */
export const abortedWhileWaiting: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline, 'crashes-on-start');
    const execution = await deploy(pipeline);
    await entered(pipeline, 'deployment', 'WatchRollout');
    await pipeline.account.clock.advance(2 * seconds);
    await abort(pipeline, execution);
  },
  act: nothing,
  outcomes: ['ROLLED_BACK'],
  focus: ['handleEcsEvent'],
  calls: { handleEcsEvent: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.SendTaskFailure', 'states.SendTaskSuccess'] },
};

/** An invocation of RollBack begins after the state has given up on it: its retry has stopped the rollout. */
export const lateRollBack: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline, 'crashes-on-start');
    pipeline.account.faults.injectInvocation({ function: '-rollBack', kind: 'startsLate', delayMs: 35 * seconds });
  },
  act: async (pipeline) => {
    await deploy(pipeline);
  },
  outcomes: ['ROLLED_BACK'],
  focus: ['rollBack'],
  calls: {
    rollBack: [
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServices',
      'ecs.StopServiceDeployment',
    ],
  },
};
