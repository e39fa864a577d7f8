import { type Configuration, configuredServices } from '../core/configuration/configuration.js';
import { servicesWithBeforeTask } from '../core/configuration/hooks.js';
import { deploymentEvents, hookEvents, serviceActions } from '../core/input/ecs-event.js';
import type { Resources } from './cloudformation.js';
import { eventRules, ofAccount, type Rules } from './event-rules.js';
import { startedByPrefix } from './names.js';

/**
 * The rules that invoke `handleEcsEvent` with what happens to the services of slipway.yml: several of a kind if one pattern would be
 * too long. Their names begin as stack/ecs-events.yml allows.
 */
export const ecsEventRules = (stage: string, configuration: Configuration): Resources => {
  const services = [...new Set(configuredServices(configuration).map(({ service }) => service.service))];
  const runs = servicesWithBeforeTask(configuration).length > 0 ? [startedByPrefix(stage)] : [];
  return Object.fromEntries([
    ...kinds.flatMap((kind) => eventRules(stage, services, rulesOf(kind))),
    ...eventRules(stage, runs, rulesOf({ id: 'EcsRunRule', name: 'runs', about: 'a before task that ended', patternOf: stoppedRuns })),
  ]);
};

type Kind = Pick<Rules, 'id' | 'name' | 'patternOf'> & { readonly about: string };

const rulesOf = ({ id, name, about, patternOf }: Kind): Rules => ({
  id,
  name: `ecs-${name}`,
  description: `Wakes a deployment: ${about} of a service of slipway.yml.`,
  target: 'handleEcsEvent',
  // As in ecs-events.yml: the deployment has looked for itself by then.
  retry: { MaximumRetryAttempts: 20, MaximumEventAgeInSeconds: 1200 },
  patternOf,
});

const ofEcs = { source: ['aws.ecs'], ...ofAccount };

// Shorter than the ARNs, and as exact in events of one account and Region.
const serviceArns = (services: readonly string[]) => services.map((service) => ({ suffix: `:service/${service}` }));

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Its containers have ended (DEPROVISIONING on Fargate, 23 s before STOPPED). */
const hasStopped = { desiredStatus: ['STOPPED'], lastStatus: ['DEPROVISIONING', 'STOPPED'] };

/**
 * A task that a rollout replaces or a scaling removes stops with this reason (ECS Developer Guide, "Stopped tasks error messages"):
 * a healthy rollout of any size passes none.
 */
const stoppedTasks = (services: readonly string[]) => {
  const names = services.map((service) => service.split('/'));
  return {
    ...ofEcs,
    'detail-type': ['ECS Task State Change'],
    detail: {
      clusterArn: unique(names.map(([cluster]) => `:cluster/${cluster}`)).map((suffix) => ({ suffix })),
      group: unique(names.map(([, service]) => `service:${service}`)),
      ...hasStopped,
      stoppedReason: [{ exists: false }, { 'anything-but': { prefix: 'Scaling activity initiated by' } }],
    },
  };
};

/** The group of such a task is the family of its task definition, so only what it was started by is its own. */
const stoppedRuns = (prefixes: readonly string[]) => ({
  ...ofEcs,
  'detail-type': ['ECS Task State Change'],
  detail: { ...hasStopped, startedBy: prefixes.map((prefix) => ({ prefix })) },
});

/** Deployments, and tasks that could not be placed or started. Both name the service in `resources` alone. */
const serviceEvents = (services: readonly string[]) => ({
  ...ofEcs,
  resources: serviceArns(services),
  $or: [
    { 'detail-type': ['ECS Deployment State Change'], detail: { eventName: deploymentEvents } },
    { 'detail-type': ['ECS Service Action'], detail: { eventName: serviceActions } },
  ],
});

/** A hook's `resources` name the service deployment (ECS Developer Guide, "Service deployment hook state change events"). */
const hookChanges = (services: readonly string[]) => ({
  ...ofEcs,
  'detail-type': ['ECS Hook State Change'],
  detail: { eventName: hookEvents, serviceArn: serviceArns(services) },
});

const kinds: readonly Kind[] = [
  { id: 'EcsTaskRule', name: 'tasks', about: 'a task that failed', patternOf: stoppedTasks },
  { id: 'EcsServiceRule', name: 'services', about: 'a deployment, or tasks that could not be started,', patternOf: serviceEvents },
  { id: 'EcsHookRule', name: 'hooks', about: 'a lifecycle hook', patternOf: hookChanges },
];
