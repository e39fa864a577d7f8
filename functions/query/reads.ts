import { ContainerLogs } from '../../aws/container-logs.js';
import { Executions } from '../../aws/execution.js';
import { ExecutionStarts } from '../../aws/execution-starts.js';
import { Images } from '../../aws/image.js';
import { NewestTasks } from '../../aws/newest-tasks.js';
import { PassedStages } from '../../aws/passed-stages.js';
import { PendingRecords } from '../../aws/pending-records.js';
import { RecordHistory } from '../../aws/record-history.js';
import { ServiceBatches } from '../../aws/service-batch.js';
import { ServiceStates } from '../../aws/service-states.js';
import { StateBatch } from '../../aws/state-batch.js';
import { TaskDefinitions } from '../../aws/task-definition.js';
import { WatchItems } from '../../aws/watch-items.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { registryOf } from '../../core/image/image-reference.js';
import { type Environment, variable } from '../runtime/environment.js';
import { tableIn } from '../runtime/table.js';

/** What queries read: nothing of it changes anything. */
export type Reads = {
  readonly configuration: Configuration;
  /** ARNs. */
  readonly machines: { readonly release: string; readonly deployment: string };
  /** The host of the account's registry in its Region. */
  readonly registry: string;
  readonly history: Pick<RecordHistory, 'read' | 'newestFirst' | 'named' | 'releasesOfDigest'>;
  readonly pending: Pick<PendingRecords, 'names'>;
  readonly states: Pick<ServiceStates, 'of'>;
  readonly stateBatch: Pick<StateBatch, 'of'>;
  readonly watch: Pick<WatchItems, 'of'>;
  readonly passed: Pick<PassedStages, 'of'>;
  readonly executions: Pick<Executions, 'describe'>;
  readonly starts: Pick<ExecutionStarts, 'of'>;
  readonly images: Pick<Images, 'pushed'>;
  readonly services: Pick<ServiceBatches, 'describe'>;
  readonly tasks: Pick<NewestTasks, 'of'>;
  readonly taskDefinitions: Pick<TaskDefinitions, 'describe'>;
  readonly logs: Pick<ContainerLogs, 'tail'>;
};

/** A query's own reads, at the time of its answer (ISO 8601). */
export type Asked = Reads & { readonly now: string };

export const readsOf = (environment: Environment): Reads => {
  const { clients, configuration } = environment;
  const table = tableIn(environment);
  const release = variable(environment, 'RELEASE_MACHINE_ARN');
  return {
    configuration,
    machines: { release, deployment: variable(environment, 'DEPLOYMENT_MACHINE_ARN') },
    registry: registryOf(release),
    history: new RecordHistory(table),
    pending: new PendingRecords(table),
    states: new ServiceStates(table),
    stateBatch: new StateBatch(clients, table.name),
    watch: new WatchItems(table),
    passed: new PassedStages(table),
    executions: new Executions(clients),
    starts: new ExecutionStarts(clients),
    images: new Images(clients),
    services: new ServiceBatches(clients),
    tasks: new NewestTasks(clients),
    taskDefinitions: new TaskDefinitions(clients),
    logs: new ContainerLogs(clients),
  };
};
