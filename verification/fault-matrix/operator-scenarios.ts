import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { quickBreaker, web } from '../../test/support/failing.js';
import { tooFast } from '../../test/support/slack-server.js';
import { itemsOf } from '../../test/support/table.js';
import type { Calls } from './calls.js';
import { byOperator, deploy, deployOther, entered, push, pushLabelled, type Scenario } from './scenario.js';

/** The calls of every deployment that an operator starts. */
const deployment = {
  openDeployment: ['dynamodb.PutItem', 'ecr.BatchGetImage'],
  acquireLease: ['dynamodb.GetItem', 'dynamodb.PutItem', 'dynamodb.UpdateItem', 'states.SendTaskSuccess'],
  registerRevision: [
    'dynamodb.GetItem',
    'dynamodb.UpdateItem',
    'ecr.BatchGetImage',
    'ecs.DescribeServices',
    'ecs.DescribeTaskDefinition',
    'ecs.RegisterTaskDefinition',
    'states.SendTaskSuccess',
  ],
  updateService: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'ecs.DescribeServices', 'ecs.UpdateService'],
  closeDeployment: ['dynamodb.DeleteItem', 'dynamodb.GetItem', 'dynamodb.UpdateItem'],
  notify: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'sns.Publish'],
} satisfies Calls;

const watchRollout = [
  'dynamodb.GetItem',
  'dynamodb.UpdateItem',
  'ecs.DescribeServiceDeployments',
  'ecs.DescribeServiceRevisions',
  'ecs.DescribeServices',
  'ecs.DescribeTasks',
  'ecs.ListServiceDeployments',
  'ecs.ListTasks',
  'states.SendTaskSuccess',
];

const watchFailing = [...watchRollout, 'logs.GetLogEvents'].sort();

export const healthy: Scenario = {
  ...byOperator,
  prepare: (pipeline) => push(pipeline),
  act: deployOther,
  outcomes: ['SUCCEEDED'],
  calls: { ...deployment, watchRollout, deploymentMachine: ['lambda.Invoke'] },
};

export const crashing: Scenario = {
  ...byOperator,
  prepare: (pipeline) => push(pipeline, 'crashes-on-start'),
  act: deployOther,
  outcomes: ['ROLLED_BACK'],
  focus: ['updateService', 'watchRollout', 'rollBack', 'closeDeployment', 'handleEcsEvent'],
  calls: {
    ...deployment,
    watchRollout: watchFailing,
    rollBack: ['dynamodb.UpdateItem', 'ecs.DescribeServiceDeployments', 'ecs.DescribeServices', 'ecs.StopServiceDeployment'],
    handleEcsEvent: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.SendTaskFailure', 'states.SendTaskSuccess'],
    deploymentMachine: ['lambda.Invoke'],
  },
};

/** ECS fails the rollout without a rollback, so that the rollback is an update. */
export const failedByEcs: Scenario = {
  ...crashing,
  options: { services: { [web]: { tasks: 1, deploymentConfiguration: quickBreaker(false) } } },
  focus: ['rollBack'],
  calls: {
    watchRollout: watchFailing,
    rollBack: [
      'dynamodb.UpdateItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServiceRevisions',
      'ecs.DescribeServices',
      'ecs.ListServiceDeployments',
      'ecs.UpdateService',
    ],
  },
};

/** ECS rolls back by itself before Slipway does. */
export const rolledBackByEcs: Scenario = {
  ...crashing,
  options: { services: { [web]: { tasks: 1, deploymentConfiguration: quickBreaker(true) } } },
  focus: ['watchRollout'],
  calls: { watchRollout: watchFailing, closeDeployment: deployment.closeDeployment },
};

export const rollbackByOperator: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    for (const tag of ['other-1', 'other-2']) {
      await push(pipeline, 'healthy', tag);
      await pipeline.ended(await deploy(pipeline, tag));
    }
  },
  act: async (pipeline) => {
    await pipeline.start('deployment', { service: web, rollback: true });
  },
  before: ['SKIPPED', 'SUCCEEDED', 'SKIPPED', 'SUCCEEDED'],
  // A rollback requires that the image still exists.
  focus: ['registerRevision'],
  required: ['registerRevision ecr.BatchGetImage'],
  outcomes: ['SUCCEEDED'],
  calls: { ...deployment, openDeployment: ['dynamodb.PutItem'] },
};

export const queued: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline, 'healthy', 'other-1');
    await push(pipeline, 'healthy', 'other-2');
  },
  act: async (pipeline) => {
    await deploy(pipeline, 'other-1');
    await entered(pipeline, 'deployment', 'WatchRollout');
    await deploy(pipeline, 'other-2');
  },
  before: ['SKIPPED', 'SKIPPED'],
  outcomes: ['SUCCEEDED', 'SUCCEEDED'],
  calls: {
    acquireLease: [...deployment.acquireLease, 'states.DescribeExecution'].sort(),
    closeDeployment: [...deployment.closeDeployment, 'states.SendTaskFailure'],
  },
};

/** The update is lost before it reaches ECS, and sent again. */
export const lostUpdate: Scenario = {
  ...healthy,
  prepare: async (pipeline) => {
    await push(pipeline);
    pipeline.account.faults.inject({ on: 'ecs.UpdateService', by: 'UpdateServiceRole', kind: 'timeoutBefore' });
  },
  calls: { updateService: [...deployment.updateService, 'ecs.ListServiceDeployments'].sort() },
};

/** The update takes effect just before it is sent again. */
export const lateUpdate: Scenario = {
  ...lostUpdate,
  options: { ...byOperator.options, staleReadMs: 0 },
  act: async (pipeline) => {
    await deploy(pipeline);
    if ((await entered(pipeline, 'deployment', 'UpdateService', 2)) === undefined) return;
    const record = (await itemsOf(pipeline)).find(({ sk }) => sk.startsWith('deployment#'));
    await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition: String(record?.revision) }));
  },
  calls: {
    updateService: [
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServiceRevisions',
      'ecs.DescribeServices',
      'ecs.ListServiceDeployments',
      'ecs.UpdateService',
    ],
  },
};

export const labelled: Scenario = {
  ...healthy,
  prepare: async (pipeline) => {
    await pushLabelled(pipeline, 'other');
    await pipeline.runUntilIdle();
  },
  calls: { openDeployment: ['dynamodb.PutItem', 'ecr.BatchGetImage', 'ecr.GetDownloadUrlForLayer'] },
};

/** Slack limits the rate once. */
export const slackRateLimited: Scenario = {
  ...healthy,
  act: async (pipeline) => {
    pipeline.slack.answers = [tooFast(30)];
    await deploy(pipeline);
  },
  calls: { sendToSlack: ['secretsmanager.GetSecretValue', 'sqs.ChangeMessageVisibility'] },
  violationsOf: ({ slack }, faultCase) => {
    const { length } = slack.received;
    return length === 1 || (length > 1 && faultCase?.mayRepeat) ? [] : [`Slack has ${length} messages`];
  },
};
