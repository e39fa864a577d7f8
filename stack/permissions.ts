import { type Configuration, configuredServices } from '../core/configuration/configuration.js';
import type { Permission, Target } from '../functions/runtime/permissions.js';
import { allow, arn, attribute, executionsOf, machineArn, named, type Statement, type Value } from './cloudformation.js';
import { keyStatements } from './keys.js';

/** How IAM policies name services: each by its ARN or, if that would be too long, all services of a cluster. */
export type PolicyForm = 'service' | 'cluster';

export type Facts = { stage: string; configuration: Configuration; form: PolicyForm };

type Scope = {
  /** As docs/security.md names it. */
  readonly words: string;
  readonly arns: (facts: Facts) => Value | Value[];
  readonly condition?: (facts: Facts) => Statement['Condition'];
};

const clustersOf = ({ configuration }: Facts): string[] => [
  ...new Set(configuredServices(configuration).map(({ service }) => service.cluster)),
];

/** ARNs of one type of resource for each configured service, or for each cluster. */
const servicesAs = (type: string, facts: Facts, below = ''): Value[] => {
  if (facts.form === 'cluster') return clustersOf(facts).map((cluster) => arn('ecs', `${type}/${cluster}/*`));
  const services = new Set(configuredServices(facts.configuration).map(({ service }) => service.service));
  return [...services].map((service) => arn('ecs', `${type}/${service}${below}`));
};

const inClusters = (facts: Facts): Statement['Condition'] => ({
  ArnEquals: { 'ecs:cluster': clustersOf(facts).map((cluster) => arn('ecs', `cluster/${cluster}`)) },
});

/** The resources of each target of a permission. */
export const scopes: Readonly<Record<Target, Scope>> = {
  table: { words: 'the table', arns: () => attribute('Table', 'Arn') },
  tableAndIndex: {
    words: 'the table and its index',
    arns: () => [attribute('Table', 'Arn'), { 'Fn::Sub': `\${Table.Arn}/index/pending` }],
  },
  repositories: {
    words: 'the configured repositories',
    arns: ({ configuration }) => Object.keys(configuration.repositories).map((name) => arn('ecr', `repository/${name}`)),
  },
  services: {
    words: 'the configured services, their service deployments and service revisions',
    // Describing or stopping a service deployment requires its ARN and that of its service, describing a service revision
    // likewise: two required resource types each in the service authorization reference. As in the policy of the ECS guide
    // (service-deployment-permissions), one statement has all three.
    arns: (facts) => [
      ...servicesAs('service', facts),
      ...servicesAs('service-deployment', facts, '/*'),
      ...servicesAs('service-revision', facts, '/*'),
    ],
  },
  servicesAlone: { words: 'the configured services', arns: (facts) => servicesAs('service', facts) },
  clusters: {
    words: '`*`, with the clusters of the configured services as a condition',
    // ListTasks supports no resource that names a service.
    arns: () => '*',
    condition: inClusters,
  },
  tasks: {
    words: 'tasks in the clusters of the configured services',
    arns: (facts) => clustersOf(facts).map((cluster) => arn('ecs', `task/${cluster}/*`)),
  },
  // DescribeTaskDefinition has no resource type in the service authorization reference. RegisterTaskDefinition had none for
  // years (containers-roadmap#929): `*` is right whichever AWS evaluates.
  anyTaskDefinition: { words: '`*`: Amazon ECS evaluates no narrower resource', arns: () => '*' },
  newTaskDefinitions: {
    words: 'task definitions, while one is registered',
    arns: () => arn('ecs', 'task-definition/*'),
    condition: () => ({ StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } }),
  },
  runnableTaskDefinitions: {
    words: 'every task definition of the account and Region, in the clusters of the configured services',
    // slipway.yml does not name families.
    arns: () => arn('ecs', 'task-definition/*'),
    condition: inClusters,
  },
  taskRoles: {
    words: '`passRoles`, else every role of the account; to ECS tasks only',
    arns: ({ configuration }) => configuration.passRoles ?? { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/*` },
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
  },
  // DescribeAlarms of a composite alarm is allowed on `*` only (CloudWatch API, DescribeAlarms).
  alarms: { words: '`*`: composite alarms have no narrower resource', arns: () => '*' },
  // ListFindings and ListCoverage have no resource type in the service authorization reference.
  anyFinding: { words: '`*`: these actions support no resource', arns: () => '*' },
  logGroups: {
    words: '`logGroups`, else every log group of the account and Region',
    arns: ({ configuration: { logGroups = ['*'] } }) => logGroups.map((name) => arn('logs', `log-group:${name}:log-stream:*`)),
  },
  // As AWSLambdaVPCAccessExecutionRole grants them. Lambda itself uses them, with this role; requests of the function's code have its ARN as
  // lambda:SourceFunctionArn, and need none (Lambda guide, "Giving Lambda functions access to resources in an Amazon VPC").
  networkInterfaces: {
    words: '`*`, for Lambda itself: the code of the function cannot use it',
    arns: () => '*',
    condition: () => ({ Null: { 'lambda:SourceFunctionArn': 'true' } }),
  },
  releaseMachine: { words: 'the release machine', arns: ({ stage }) => machineArn(stage, 'release') },
  deploymentMachine: { words: 'the deployment machine', arns: ({ stage }) => machineArn(stage, 'deployment') },
  releaseExecutions: { words: 'executions of the release machine', arns: ({ stage }) => executionsOf(stage, 'release') },
  deploymentExecutions: { words: 'executions of the deployment machine', arns: ({ stage }) => executionsOf(stage, 'deployment') },
  executions: {
    words: 'executions of both machines',
    arns: ({ stage }) => [executionsOf(stage, 'release'), executionsOf(stage, 'deployment')],
  },
  anyTask: { words: '`*`: these actions support no resource', arns: () => '*' },
  topic: { words: 'the topic', arns: () => ({ Ref: 'Topic' }) },
  deadLetterQueue: { words: 'the queue of undelivered pushes', arns: () => attribute('UndeliveredPushes', 'Arn') },
  unhandledEvents: { words: 'the queue of unhandled events', arns: () => attribute('UnhandledEvents', 'Arn') },
  slackSecret: {
    words: 'the one secret',
    // Secrets Manager adds a hyphen and six characters to the name of a secret.
    arns: ({ configuration }) => arn('secretsmanager', `secret:${configuration.notifications.slack?.secret}-??????`),
  },
  slackQueue: { words: 'the queue to Slack', arns: () => attribute('SlackQueue', 'Arn') },
};

/** The IAM statements of a step's permissions, and of the keys that encrypt what they are limited to. */
export const statementsOf = (permissions: readonly Permission[], facts: Facts): Statement[] => {
  const needed = permissions.filter(({ onlyIf }) => onlyIf?.(facts.configuration) ?? true);
  return [
    ...needed.map(({ allow: actions, on }) => {
      const { arns, condition } = scopes[on];
      return allow([...actions], arns(facts), condition?.(facts));
    }),
    ...keyStatements(needed, facts),
  ];
};

/** The permissions of every function: write its log and its trace. */
export const basePermissions = (stage: string, functionName: string): Statement[] => [
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', `log-group:/aws/lambda/${named(stage, functionName)}:*`)),
  allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
];
