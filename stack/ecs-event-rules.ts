import { type Configuration, configuredServices } from '../core/configuration/configuration.js';
import { deploymentEvents, hookEvents, serviceActions } from '../core/input/ecs-event.js';
import { attribute, named, type Resource, type Resources } from './cloudformation.js';
import { patternsOf } from './event-patterns.js';

/**
 * The rules that invoke `handleEcsEvent` with what happens to the services of slipway.yml: several of a kind if one pattern would be
 * too long. Their names begin as stack/ecs-events.yml allows.
 */
export const ecsEventRules = (stage: string, configuration: Configuration): Resources => {
  const services = [...new Set(configuredServices(configuration).map(({ service }) => service.service))];
  return Object.fromEntries(kinds.flatMap((kind) => rulesOf(stage, kind, services)));
};

type Kind = {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly patternOf: (services: readonly string[]) => object;
};

const rulesOf = (stage: string, { id, name, about, patternOf }: Kind, services: readonly string[]): [string, Resource][] =>
  patternsOf(services, patternOf).map((EventPattern, index) => [
    `${id}${index + 1}`,
    {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: named(stage, `ecs-${name}-${index + 1}`),
        Description: `Wakes a deployment: ${about} of a service of slipway.yml.`,
        EventPattern,
        Targets: [
          {
            Id: 'handleEcsEvent',
            Arn: attribute('HandleEcsEventLambdaFunction', 'Arn'),
            // As in ecs-events.yml: the deployment has looked for itself by then.
            RetryPolicy: { MaximumRetryAttempts: 20, MaximumEventAgeInSeconds: 1200 },
            DeadLetterConfig: { Arn: attribute('UnhandledEvents', 'Arn') },
          },
        ],
      },
    },
  ]);

// Saves invocations only: the function checks again.
const ofAccount = { source: ['aws.ecs'], account: [{ Ref: 'AWS::AccountId' }], region: [{ Ref: 'AWS::Region' }] };

// Shorter than the ARNs, and as exact in events of one account and Region.
const serviceArns = (services: readonly string[]) => services.map((service) => ({ suffix: `:service/${service}` }));

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/**
 * Its containers have ended (DEPROVISIONING on Fargate, 23 s before STOPPED). A task that a rollout replaces or a scaling removes
 * stops with this reason (ECS Developer Guide, "Stopped tasks error messages"): a healthy rollout of any size passes none.
 */
const stoppedTasks = (services: readonly string[]) => {
  const names = services.map((service) => service.split('/'));
  return {
    ...ofAccount,
    'detail-type': ['ECS Task State Change'],
    detail: {
      clusterArn: unique(names.map(([cluster]) => `:cluster/${cluster}`)).map((suffix) => ({ suffix })),
      group: unique(names.map(([, service]) => `service:${service}`)),
      desiredStatus: ['STOPPED'],
      lastStatus: ['DEPROVISIONING', 'STOPPED'],
      stoppedReason: [{ exists: false }, { 'anything-but': { prefix: 'Scaling activity initiated by' } }],
    },
  };
};

/** Deployments, and tasks that could not be placed or started. Both name the service in `resources` alone. */
const serviceEvents = (services: readonly string[]) => ({
  ...ofAccount,
  resources: serviceArns(services),
  $or: [
    { 'detail-type': ['ECS Deployment State Change'], detail: { eventName: deploymentEvents } },
    { 'detail-type': ['ECS Service Action'], detail: { eventName: serviceActions } },
  ],
});

/** A hook's `resources` name the service deployment (ECS Developer Guide, "Service deployment hook state change events"). */
const hookChanges = (services: readonly string[]) => ({
  ...ofAccount,
  'detail-type': ['ECS Hook State Change'],
  detail: { eventName: hookEvents, serviceArn: serviceArns(services) },
});

const kinds: readonly Kind[] = [
  { id: 'EcsTaskRule', name: 'tasks', about: 'a task that failed', patternOf: stoppedTasks },
  { id: 'EcsServiceRule', name: 'services', about: 'a deployment, or tasks that could not be started,', patternOf: serviceEvents },
  { id: 'EcsHookRule', name: 'hooks', about: 'a lifecycle hook', patternOf: hookChanges },
];
