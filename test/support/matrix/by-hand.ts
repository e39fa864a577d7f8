import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { quickBreaker, web } from '../failing.js';
import { tooFast } from '../slack-server.js';
import type { Calls } from './calls.js';
import { byHand, deploy, deployOther, entered, push, pushLabelled, type Situation } from './situation.js';
import { itemsOf } from './story.js';

/** What a deployment by hand calls in any case. */
const deployment = {
  openDeployment: ['dynamodb.PutItem', 'ecr.BatchGetImage'],
  acquireLease: ['dynamodb.GetItem', 'dynamodb.UpdateItem'],
  registerRevision: [
    'dynamodb.GetItem',
    'dynamodb.UpdateItem',
    'ecr.BatchGetImage',
    'ecs.DescribeServices',
    'ecs.DescribeTaskDefinition',
    'ecs.RegisterTaskDefinition',
  ],
  updateService: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'ecs.DescribeServices', 'ecs.UpdateService'],
  closeDeployment: ['dynamodb.GetItem', 'dynamodb.UpdateItem'],
  notify: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'sns.Publish'],
} satisfies Calls;

const checkRollout = [
  'dynamodb.GetItem',
  'dynamodb.UpdateItem',
  'ecs.DescribeServiceDeployments',
  'ecs.DescribeServiceRevisions',
  'ecs.DescribeServices',
  'ecs.DescribeTasks',
  'ecs.ListServiceDeployments',
  'ecs.ListTasks',
];

export const healthy: Situation = {
  ...byHand,
  prepare: (pipeline) => push(pipeline),
  act: deployOther,
  ends: ['SUCCEEDED'],
  calls: { ...deployment, checkRollout, deploymentMachine: ['lambda.Invoke'] },
};

export const crashing: Situation = {
  ...byHand,
  prepare: (pipeline) => push(pipeline, 'crashes-on-start'),
  act: deployOther,
  ends: ['ROLLED_BACK'],
  focus: ['updateService', 'checkRollout', 'rollBack', 'closeDeployment'],
  calls: {
    ...deployment,
    checkRollout: [...checkRollout, 'logs.GetLogEvents'],
    rollBack: [
      'dynamodb.GetItem',
      'dynamodb.UpdateItem',
      'ecs.DescribeServiceDeployments',
      'ecs.DescribeServices',
      'ecs.StopServiceDeployment',
    ],
    deploymentMachine: ['lambda.Invoke'],
  },
};

/** ECS gives the rollout up and leaves it there, so that the way back is an update. */
export const givenUp: Situation = {
  ...crashing,
  options: { services: { [web]: { tasks: 1, deploymentConfiguration: quickBreaker(false) } } },
  focus: ['rollBack'],
  calls: {
    checkRollout: [...checkRollout, 'logs.GetLogEvents'],
    rollBack: [
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

/** ECS takes it back by itself before anybody else would. */
export const brokenOff: Situation = {
  ...crashing,
  options: { services: { [web]: { tasks: 1, deploymentConfiguration: quickBreaker(true) } } },
  focus: ['checkRollout'],
  calls: { checkRollout: [...checkRollout, 'logs.GetLogEvents'], closeDeployment: deployment.closeDeployment },
};

export const backByHand: Situation = {
  ...byHand,
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
  // Nobody goes back to an image that need not be there.
  focus: ['registerRevision'],
  decisive: ['registerRevision ecr.BatchGetImage'],
  ends: ['SUCCEEDED'],
  calls: { ...deployment, openDeployment: ['dynamodb.PutItem'] },
};

export const inLine: Situation = {
  ...byHand,
  prepare: async (pipeline) => {
    await push(pipeline, 'healthy', 'other-1');
    await push(pipeline, 'healthy', 'other-2');
  },
  act: async (pipeline) => {
    await deploy(pipeline, 'other-1');
    await entered(pipeline, 'deployment', 'WaitForRollout');
    await deploy(pipeline, 'other-2');
  },
  before: ['SKIPPED', 'SKIPPED'],
  ends: ['SUCCEEDED', 'SUCCEEDED'],
  calls: {
    acquireLease: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.DescribeExecution'],
    closeDeployment: deployment.closeDeployment,
  },
};

/** The update is lost on its way to ECS, and sent again once that is clear. */
export const lostUpdate: Situation = {
  ...healthy,
  prepare: async (pipeline) => {
    await push(pipeline);
    pipeline.account.faults.inject({ on: 'ecs.UpdateService', by: 'UpdateServiceRole', kind: 'timeoutBefore' });
  },
  calls: { updateService: [...deployment.updateService, 'ecs.ListServiceDeployments'].sort() },
};

/** The update comes to ECS late, at the moment at which it is about to be sent again. */
export const lateUpdate: Situation = {
  ...lostUpdate,
  options: { ...byHand.options, staleReadMs: 0 },
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

export const labelled: Situation = {
  ...healthy,
  prepare: async (pipeline) => {
    await pushLabelled(pipeline, 'other');
    await pipeline.settle();
  },
  calls: { openDeployment: ['dynamodb.PutItem', 'ecr.BatchGetImage', 'ecr.GetDownloadUrlForLayer'] },
};

/** Slack asks for patience once. */
export const slow: Situation = {
  ...healthy,
  act: async (pipeline) => {
    pipeline.slack.answers = [tooFast(30)];
    await deploy(pipeline);
  },
  calls: { sendToSlack: ['secretsmanager.GetSecretValue', 'sqs.ChangeMessageVisibility'] },
  wrongs: ({ slack }, trial) => {
    const { length } = slack.received;
    return length === 1 || (length > 1 && trial?.losesAnswers) ? [] : [`Slack has ${length} messages`];
  },
};
