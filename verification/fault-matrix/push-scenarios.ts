import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { web } from '../../test/support/failing.js';
import { appContainer } from '../../test/support/pipeline.js';
import type { Calls } from './calls.js';
import { byPush, nothing, push, pushLabelled, type Scenario } from './scenario.js';

const release = {
  planRelease: ['dynamodb.GetItem', 'dynamodb.PutItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'ecr.BatchGetImage'],
  openDeployment: ['dynamodb.GetItem', 'dynamodb.PutItem'],
  evaluateStage: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem'],
  closeRelease: ['dynamodb.DeleteItem', 'dynamodb.GetItem', 'dynamodb.UpdateItem'],
  notify: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'sns.Publish'],
} satisfies Calls;

export const healthyPush: Scenario = {
  ...byPush,
  prepare: nothing,
  act: async (pipeline) => {
    await pipeline.push('main-2');
  },
  outcomes: ['SUCCEEDED'],
  calls: { ...release, releaseMachine: ['lambda.Invoke', 'states.DescribeExecution', 'states.StartExecution'] },
};

export const crashingPush: Scenario = {
  ...healthyPush,
  act: async (pipeline) => {
    await pipeline.push('main-2', 'crashes-on-start');
  },
  outcomes: ['ROLLED_BACK'],
  focus: ['rollBack', 'evaluateStage', 'notify'],
  calls: {
    ...release,
    closeDeployment: ['dynamodb.DeleteItem', 'dynamodb.GetItem', 'dynamodb.UpdateItem'],
    rollBack: ['dynamodb.UpdateItem', 'ecs.DescribeServiceDeployments', 'ecs.DescribeServices', 'ecs.StopServiceDeployment'],
  },
};

/** One image pushed under two tags is one release. */
export const twoTags: Scenario = {
  ...healthyPush,
  act: (pipeline) => pushLabelled(pipeline, 'main-2', 'main-2a'),
  outcomes: ['SUCCEEDED', 'SKIPPED'],
  isInAnyOrder: true,
  calls: { planRelease: [...release.planRelease, 'ecr.GetDownloadUrlForLayer', 'states.DescribeExecution'] },
};

/** A push whose event is lost. */
export const missedEvent: Scenario = {
  ...healthyPush,
  prepare: async ({ account: { clock, faults } }) => {
    // The reconciler runs every hour and ignores pushes from before its first run.
    await clock.advance(115 * 60_000);
    faults.injectDelivery({ rule: 'push', kind: 'lost' });
  },
  calls: {
    reconcile: ['dynamodb.GetItem', 'dynamodb.Query', 'ecr.BatchGetImage', 'ecr.DescribeImages', 'states.StartExecution'],
    planRelease: release.planRelease,
  },
  focus: ['reconcile'],
};

/** Nothing is pushed, and the reconciler runs for the first time. */
export const newStack: Scenario = {
  ...byPush,
  prepare: async ({ account: { clock } }) => clock.advance(50 * 60_000),
  act: nothing,
  outcomes: [],
  calls: { reconcile: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'ecr.DescribeImages'] },
};

/** The two stages and three services of slipway.yml. */
export const twoStages: Scenario = {
  ...healthyPush,
  options: {},
  calls: { evaluateStage: release.evaluateStage },
};

/** A push whose event arrives after another image was deployed outside Slipway. */
export const externalChange: Scenario = {
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
  outcomes: ['SKIPPED'],
  calls: {
    registerRevision: [
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServiceRevisions',
      'ecs.DescribeServices',
      'ecs.DescribeTaskDefinition',
      'ecs.ListServiceDeployments',
      'states.SendTaskSuccess',
    ],
  },
};
