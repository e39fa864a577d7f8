import type { Calls } from './calls.js';
import { abortAt, byOperator, byPush, deploy, entered, nothing, push, type Scenario } from './scenario.js';

const resumed = {
  sweep: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'states.DescribeExecution', 'states.StartExecution'],
  openDeployment: ['dynamodb.GetItem', 'dynamodb.PutItem', 'dynamodb.UpdateItem', 'states.DescribeExecution'],
} satisfies Calls;

/** A deployment that is aborted before its update request. */
export const abortedBeforeUpdate: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline);
    await deploy(pipeline);
    await abortAt(pipeline, 'deployment', 'RegisterRevision');
  },
  act: nothing,
  outcomes: ['FAILED'],
  calls: {
    sweep: ['dynamodb.DeleteItem', 'dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'sns.Publish', 'states.DescribeExecution'],
  },
};

/** A deployment that is aborted after its update request: another execution resumes it. */
export const abortedAfterUpdate: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline);
    await deploy(pipeline);
    await abortAt(pipeline, 'deployment', 'WatchRollout');
  },
  act: nothing,
  outcomes: ['SUCCEEDED'],
  calls: resumed,
};

export const abortedAfterFailingUpdate: Scenario = {
  ...abortedAfterUpdate,
  prepare: async (pipeline) => {
    await push(pipeline, 'crashes-on-start');
    await deploy(pipeline);
    await abortAt(pipeline, 'deployment', 'WatchRollout');
  },
  outcomes: ['ROLLED_BACK'],
  focus: ['sweep', 'rollBack'],
  calls: {
    ...resumed,
    rollBack: ['dynamodb.UpdateItem', 'ecs.DescribeServiceDeployments', 'ecs.DescribeServices', 'ecs.StopServiceDeployment'],
  },
};

/** A release that is aborted while its deployment runs. */
export const abortedRelease: Scenario = {
  ...byPush,
  prepare: async (pipeline) => {
    await pipeline.push('main-2');
    await entered(pipeline, 'deployment', 'WatchRollout');
    await abortAt(pipeline, 'release', 'DeployServices');
  },
  act: nothing,
  outcomes: ['SUCCEEDED'],
  calls: { ...resumed, sweep: ['dynamodb.DeleteItem', ...resumed.sweep, 'sns.Publish'].sort() },
};
