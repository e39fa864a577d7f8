import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { web } from '../failing.js';
import { appContainer } from '../pipeline.js';
import type { Calls } from './calls.js';
import { byPush, nothing, push, pushLabelled, type Situation } from './situation.js';

const release = {
  planRelease: ['dynamodb.GetItem', 'dynamodb.PutItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'ecr.BatchGetImage'],
  openDeployment: ['dynamodb.GetItem', 'dynamodb.PutItem'],
  judgeStage: ['dynamodb.GetItem', 'dynamodb.Query'],
  closeRelease: ['dynamodb.DeleteItem', 'dynamodb.GetItem', 'dynamodb.UpdateItem'],
  notify: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'sns.Publish'],
} satisfies Calls;

export const healthyPush: Situation = {
  ...byPush,
  prepare: nothing,
  act: async (pipeline) => {
    await pipeline.push('main-2');
  },
  ends: ['SUCCEEDED'],
  calls: { ...release, releaseMachine: ['lambda.Invoke', 'states.DescribeExecution', 'states.StartExecution'] },
};

export const crashingPush: Situation = {
  ...healthyPush,
  act: async (pipeline) => {
    await pipeline.push('main-2', 'crashes-on-start');
  },
  ends: ['ROLLED_BACK'],
  focus: ['rollBack', 'judgeStage', 'notify'],
  calls: {
    ...release,
    closeDeployment: ['dynamodb.GetItem', 'dynamodb.UpdateItem'],
    rollBack: [
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServices',
      'ecs.StopServiceDeployment',
    ],
  },
};

/** One image that is pushed under two tags is one release. */
export const twoTags: Situation = {
  ...healthyPush,
  act: (pipeline) => pushLabelled(pipeline, 'main-2', 'main-2a'),
  ends: ['SUCCEEDED', 'SKIPPED'],
  isInAnyOrder: true,
  calls: { planRelease: [...release.planRelease, 'ecr.GetDownloadUrlForLayer', 'states.DescribeExecution'] },
};

/** A push whose event never came. */
export const unheardPush: Situation = {
  ...healthyPush,
  prepare: async ({ account: { clock, faults } }) => {
    // What was pushed before the reconciler first ran is not its own; it runs every hour.
    await clock.advance(115 * 60_000);
    faults.injectDelivery({ rule: 'push', kind: 'lost' });
  },
  calls: {
    reconcile: ['dynamodb.GetItem', 'dynamodb.Query', 'ecr.DescribeImages', 'states.StartExecution'],
    planRelease: release.planRelease.filter((call) => call !== 'dynamodb.Query'),
  },
  focus: ['reconcile'],
};

/** Nothing is pushed, and the reconciler runs for the first time. */
export const newStack: Situation = {
  ...byPush,
  prepare: async ({ account: { clock } }) => clock.advance(55 * 60_000),
  act: nothing,
  ends: [],
  calls: { reconcile: ['dynamodb.GetItem', 'dynamodb.PutItem', 'ecr.DescribeImages'] },
};

/** Through the two stages and three services of slipway.yml. */
export const twoStages: Situation = {
  ...healthyPush,
  options: {},
  calls: { judgeStage: [...release.judgeStage, 'dynamodb.UpdateItem'] },
};

/** A push that is heard of late, after a person has deployed another image. */
export const overtaken: Situation = {
  ...healthyPush,
  prepare: async (pipeline) => {
    const { clock, faults } = pipeline.account;
    await push(pipeline);
    faults.injectDelivery({ rule: 'push', kind: 'delayed', delayMs: 300_000 });
    await pipeline.push('main-2');
    const { taskDefinition } = await pipeline.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'production-web',
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ ...appContainer, image: pipeline.imageUri('other') }],
      }),
    );
    const [cluster = '', service = ''] = web.split('/');
    await clock.advance(5_000);
    await pipeline.ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: taskDefinition?.taskDefinitionArn ?? '' }));
    await clock.advance(200_000);
  },
  act: nothing,
  before: ['SKIPPED'],
  ends: ['SKIPPED'],
  calls: {
    registerRevision: [
      'dynamodb.GetItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServiceRevisions',
      'ecs.DescribeServices',
      'ecs.DescribeTaskDefinition',
      'ecs.ListServiceDeployments',
    ],
  },
};
