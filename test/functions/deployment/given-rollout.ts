import type { ServiceDescription } from '../../../aws/service.js';
import type { Configuration } from '../../../core/configuration/configuration.js';
import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import type { ObservedStoppedTasks } from '../../../core/rollout/evidence.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import type { StoppedTask } from '../../../core/rollout/stopped-task.js';
import type { WaitingStepInput } from '../../../core/step/contracts.js';
import { watchRollout } from '../../../functions/deployment/watch-rollout.js';
import { configuration, deploymentRecord, execution, later, startedAt } from '../../core/given.js';
import { ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { serviceOn } from '../given-service.js';
import { waiting } from '../given-waiting.js';

export const name = 'service#production/web deployment#1';
export const logs = [{ container: 'app', group: '/ecs/web', prefix: 'ecs' }];

export type Given = {
  record?: Partial<DeploymentRecord>;
  seen?: Rollout | undefined;
  taskDefinition?: string;
  /** What ListTasks finds, and what DescribeTasks knows. */
  stopped?: readonly StoppedTask[];
  details?: readonly StoppedTask[];
  lines?: () => Promise<string[]>;
  service?: Partial<ServiceDescription> | undefined;
  decided?: ServiceState;
  settings?: Partial<Configuration['repositories'][string]['stages'][number]['services'][number]>;
  newestServiceRevision?: string;
};
/** The watch item as UpdateService leaves it. */
export const item = {
  record: name,
  execution,
  fencingToken: 1,
  news: 1,
  seen: 1,
  seenBefore: 1,
  revision: ours,
  containers: ['app'],
  nonEssential: [],
  limit: 3,
};

/** The timeout of the service after the update: the deadline that the machine knows. */
export const deadline = '2026-11-23T12:30:00.000Z';

/** The event of a rollout that ECS finished without problems. */
export const steady = { at: later, message: '(service web) has reached a steady state.' };

/** slipway.yml with settings of production/web. */
export const withSettings = (settings: NonNullable<Given['settings']>): Configuration => {
  const copy = structuredClone(configuration);
  Object.assign(copy.repositories['my-learn-app']?.stages[1]?.services[0] ?? {}, settings);
  return copy;
};

export const given = ({
  record = {},
  taskDefinition = ours,
  stopped = [],
  details = [],
  lines = async () => ['boom'],
  decided = {},
  settings = {},
  newestServiceRevision = 'revision of ours',
  ...rest
}: Given = {}) => {
  const table = givenTable({
    records: {
      [name]: deploymentRecord({
        previousRevision,
        revision: ours,
        containers: ['app'],
        updateRequestedAt: startedAt,
        serviceDeployment: rollout().arn,
        logs,
        ...record,
      }),
    },
    states: { 'production/web': decided },
    watched: { 'production/web': item },
  });
  const service: ServiceDescription | undefined =
    'service' in rest && rest.service === undefined ? undefined : serviceOn(taskDefinition, { events: [steady], ...rest.service });
  const list = async (): Promise<ObservedStoppedTasks> => ({
    tasks: [...state.stopped],
    readCount: state.stopped.length,
    isComplete: state.isComplete,
  });
  const state = { seen: 'seen' in rest ? rest.seen : rollout(), stopped, isComplete: true, list, service };
  const tails: unknown[] = [];
  const described: (readonly string[])[] = [];
  const failure: { describe?: Error } = {};
  const run = watchRollout({
    configuration: withSettings(settings),
    services: { describe: async () => state.service },
    rollouts: { describe: async () => state.seen, find: async () => state.seen, newestServiceRevision: async () => newestServiceRevision },
    stoppedTasks: {
      of: () => state.list(),
      describe: async (_, ids) => {
        described.push(ids);
        if (failure.describe) throw failure.describe;
        return ids.flatMap((id) => details.find((task) => task.id === id) ?? []);
      },
    },
    logs: {
      tail: async (...question) => {
        tails.push(question);
        return lines();
      },
    },
    ...table,
  });
  return {
    table,
    state,
    tails,
    /** The IDs of the tasks that were described. */
    described,
    failDescribe: (error: Error) => {
      failure.describe = error;
    },
    run: (now = later, changes: Partial<WaitingStepInput> = {}) => run(waiting({ now, deadline, ...changes })),
  };
};
