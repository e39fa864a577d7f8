import type { Calls } from './calls.js';
import { abortAt, byHand, byPush, deploy, entered, nothing, push, type Situation } from './situation.js';

const adopted = {
  sweep: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'states.DescribeExecution', 'states.StartExecution'],
  openDeployment: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.DescribeExecution'],
} satisfies Calls;

/** A deployment that is aborted before it has changed anything. */
export const deadBefore: Situation = {
  ...byHand,
  prepare: async (pipeline) => {
    await push(pipeline);
    await deploy(pipeline);
    await abortAt(pipeline, 'deployment', 'RegisterRevision');
  },
  act: nothing,
  ends: ['FAILED'],
  calls: { sweep: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'sns.Publish', 'states.DescribeExecution'] },
};

/** A deployment that is aborted after it has changed its service: another execution goes on with it. */
export const deadAfter: Situation = {
  ...byHand,
  prepare: async (pipeline) => {
    await push(pipeline);
    await deploy(pipeline);
    await abortAt(pipeline, 'deployment', 'WaitForRollout');
  },
  act: nothing,
  ends: ['SUCCEEDED'],
  calls: adopted,
};

export const deadAfterCrash: Situation = {
  ...deadAfter,
  prepare: async (pipeline) => {
    await push(pipeline, 'crashes-on-start');
    await deploy(pipeline);
    await abortAt(pipeline, 'deployment', 'WaitForRollout');
  },
  ends: ['ROLLED_BACK'],
  focus: ['sweep', 'rollBack'],
  calls: {
    ...adopted,
    rollBack: [
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServices',
      'ecs.StopServiceDeployment',
    ],
  },
};

/** A release that is aborted with its deployment under way. */
export const deadRelease: Situation = {
  ...byPush,
  prepare: async (pipeline) => {
    await pipeline.push('main-2');
    await entered(pipeline, 'deployment', 'WaitForRollout');
    await abortAt(pipeline, 'release', 'DeployStage');
  },
  act: nothing,
  ends: ['SUCCEEDED'],
  calls: { ...adopted, sweep: ['dynamodb.DeleteItem', ...adopted.sweep, 'sns.Publish'].sort() },
};
