import { type Configuration, configuredServices } from '../core/configuration.js';
import { allow, arn, attribute, executionsOf, machineArn, named, type Statement, type Value } from './cloudformation.js';

/** How services are named in IAM policies: one by one, or, when those would not fit, all of a cluster. */
export type PolicyForm = 'service' | 'cluster';

export type Facts = { stage: string; configuration: Configuration; form: PolicyForm };

/** What each function may do, besides writing its log and its trace: what its code calls, and no more. */
export const permissions = (facts: Facts): Record<string, Statement[]> => {
  const { stage, configuration } = facts;
  const ecs = ecsOf(facts);
  const table = (...actions: string[]) =>
    allow(
      actions.map((action) => `dynamodb:${action}`),
      attribute('Table', 'Arn'),
    );
  const images = (...actions: string[]) =>
    allow(
      actions.map((action) => `ecr:${action}`),
      Object.keys(configuration.repositories).map((name) => arn('ecr', `repository/${name}`)),
    );

  // Lambda puts there, as the function, the events with which it failed.
  const lost = allow('sqs:SendMessage', attribute('LostPushes', 'Arn'));

  return {
    planRelease: [
      images('BatchGetImage', 'GetDownloadUrlForLayer'),
      table('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      allow('states:DescribeExecution', executionsOf(stage, 'release')),
    ],
    judgeStage: [table('GetItem', 'Query', 'UpdateItem')],
    closeRelease: [table('GetItem', 'UpdateItem', 'DeleteItem')],
    openDeployment: [
      images('BatchGetImage', 'GetDownloadUrlForLayer'),
      table('GetItem', 'PutItem', 'UpdateItem'),
      allow('states:DescribeExecution', executionsOf(stage, 'deployment')),
    ],
    acquireLease: [table('GetItem', 'UpdateItem'), allow('states:DescribeExecution', executionsOf(stage, 'deployment'))],
    registerRevision: [
      images('BatchGetImage'),
      ecs.services('ecs:DescribeServices', 'ecs:ListServiceDeployments'),
      ecs.serviceDeployments('ecs:DescribeServiceDeployments'),
      ecs.serviceRevisions('ecs:DescribeServiceRevisions'),
      // Neither knows a resource that could be named: a revision has none before it is there.
      allow(['ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition'], '*'),
      allow('ecs:TagResource', arn('ecs', 'task-definition/*'), { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } }),
      allow('iam:PassRole', configuration.passRoles ?? '*', { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
      table('GetItem', 'UpdateItem'),
    ],
    updateService: [
      ecs.services('ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:UpdateService'),
      ecs.serviceDeployments('ecs:DescribeServiceDeployments'),
      ecs.serviceRevisions('ecs:DescribeServiceRevisions'),
      table('GetItem', 'UpdateItem'),
    ],
    checkRollout: [
      ecs.services('ecs:DescribeServices', 'ecs:ListServiceDeployments'),
      ecs.serviceDeployments('ecs:DescribeServiceDeployments'),
      ecs.serviceRevisions('ecs:DescribeServiceRevisions'),
      ...ecs.tasks,
      allow('logs:GetLogEvents', arn('logs', 'log-group:*')),
      table('GetItem', 'UpdateItem'),
    ],
    rollBack: [
      ecs.services('ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:UpdateService'),
      ecs.serviceDeployments('ecs:DescribeServiceDeployments', 'ecs:StopServiceDeployment'),
      ecs.serviceRevisions('ecs:DescribeServiceRevisions'),
      table('GetItem', 'UpdateItem'),
    ],
    closeDeployment: [table('GetItem', 'UpdateItem')],
    notify: [allow('sns:Publish', { Ref: 'Topic' }), table('GetItem', 'Query', 'UpdateItem')],
    sweep: [
      allow(
        ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        [attribute('Table', 'Arn'), { 'Fn::Sub': `\${Table.Arn}/index/open` }],
      ),
      allow('states:DescribeExecution', [executionsOf(stage, 'release'), executionsOf(stage, 'deployment')]),
      allow('states:StartExecution', machineArn(stage, 'deployment')),
      allow('sns:Publish', { Ref: 'Topic' }),
      lost,
    ],
    ...(configuration.reconcileSeconds !== undefined && {
      reconcile: [
        images('DescribeImages'),
        table('GetItem', 'PutItem', 'Query'),
        allow('states:StartExecution', machineArn(stage, 'release')),
        lost,
      ],
    }),
    ...(configuration.notifications.slack && { sendToSlack: slackPermissions(configuration.notifications.slack.secret) }),
  };
};

const ecsOf = ({ configuration, form }: Facts) => {
  const services = configuredServices(configuration).map(({ service }) => service);
  const clusters = [...new Set(services.map(({ cluster }) => cluster))];
  const each = (type: string, below: string): Value[] =>
    form === 'cluster'
      ? clusters.map((cluster) => arn('ecs', `${type}/${cluster}/*`))
      : [...new Set(services.map(({ service }) => service))].map((service) => arn('ecs', `${type}/${service}${below}`));

  return {
    services: (...actions: string[]) => allow(actions, each('service', '')),
    serviceDeployments: (...actions: string[]) => allow(actions, each('service-deployment', '/*')),
    serviceRevisions: (...actions: string[]) => allow(actions, each('service-revision', '/*')),
    tasks: [
      // ListTasks knows no resource that would name a service; the cluster is a condition of it.
      allow('ecs:ListTasks', '*', { ArnEquals: { 'ecs:cluster': clusters.map((cluster) => arn('ecs', `cluster/${cluster}`)) } }),
      allow(
        'ecs:DescribeTasks',
        clusters.map((cluster) => arn('ecs', `task/${cluster}/*`)),
      ),
    ],
  };
};

const slackPermissions = (secret: string): Statement[] => [
  // Secrets Manager adds a hyphen and six characters to a secret's name.
  allow('secretsmanager:GetSecretValue', arn('secretsmanager', `secret:${secret}-??????`)),
  allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    attribute('SlackQueue', 'Arn'),
  ),
];

/** What every function may do: write its own log, and its trace. */
export const everyFunctions = (stage: string, functionName: string): Statement[] => [
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', `log-group:/aws/lambda/${named(stage, functionName)}:*`)),
  allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
];
