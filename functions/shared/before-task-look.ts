import type { BeforeTasks } from '../../aws/before-tasks.js';
import type { ContainerLogs } from '../../aws/container-logs.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { Services } from '../../aws/service.js';
import type { ServiceStates } from '../../aws/service-states.js';
import type { WatchItems } from '../../aws/watch-items.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import type { BeforeTaskRun, RegisteredDeployment, ServiceState } from '../../core/records/records.js';
import type { WatchItem } from '../../core/rollout/watch-item.js';
import type { Decision, ErrorDecision, WaitingStepInput } from '../../core/step/contracts.js';

export type BeforeTaskDependencies = {
  readonly configuration: Configuration;
  readonly services: Pick<Services, 'describe'>;
  readonly tasks: Pick<BeforeTasks, 'run' | 'running' | 'describe' | 'stop'>;
  readonly logs: Pick<ContainerLogs, 'tail'>;
  readonly records: Pick<RecordRepository, 'enter' | 'write' | 'release'>;
  readonly states: Pick<ServiceStates, 'of'>;
  readonly watch: Pick<WatchItems, 'storeToken'>;
};

/** `proceed`: the task has succeeded. Undefined: the state waits, or has been left. */
export type BeforeTaskAnswer = Decision<'proceed'> | ErrorDecision<'LookAgain' | 'Finish'> | undefined;

/** What a visit of RunBeforeTask has read of the table. */
export type BeforeTaskLook = {
  readonly input: WaitingStepInput;
  readonly record: RegisteredDeployment;
  readonly item: WatchItem | undefined;
  /** The request to cancel this deployment. */
  readonly cancel: ServiceState['cancel'];
  /** Does the execution hold the lease of the service? */
  readonly isHolder: boolean;
};

/** A run whose task has been requested: it may have started. */
export type RequestedRun = BeforeTaskRun & Required<Pick<BeforeTaskRun, 'requestedAt' | 'request'>>;

export const isRequested = (run: BeforeTaskRun): run is RequestedRun => run.requestedAt !== undefined && run.request !== undefined;

/** Saves the run; false if the invocation is late: then another one acts. */
export const saveRun = (
  { records }: Pick<BeforeTaskDependencies, 'records'>,
  { input: { record, visit } }: Pick<BeforeTaskLook, 'input'>,
  beforeTask: BeforeTaskRun,
): Promise<boolean> => records.write(record, visit, { beforeTask });
