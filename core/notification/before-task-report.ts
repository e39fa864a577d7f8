import { startedByOf } from '../before-task/request.js';
import { commandLine } from '../command-line/shell-word.js';
import type { BeforeTaskEnd, BeforeTaskRun, DeploymentRecord } from '../records/records.js';
import { taskIdOf } from '../rollout/stopped-task.js';
import { locationOf } from './console-link.js';
import { secondsBetween } from './seconds-between.js';

/** The run of a before task in a notification. */
export type BeforeTaskReport = {
  /** RUNNING if its end is not in the record. */
  readonly outcome: BeforeTaskEnd['outcome'] | 'RUNNING';
  readonly container: string;
  /** What it ran: `npm run migrate`. */
  readonly command: string;
  readonly exitCode?: number;
  readonly durationSeconds: number;
  /** Unless it succeeded: the last lines of its container, and what to paste into a shell to see more. */
  readonly log: readonly string[];
  readonly commands: readonly string[];
};

/** The run of a before task of a stage, which is a deployment of its own. */
export type StageBeforeTask = {
  readonly stage: string;
  /** The service that it is like. */
  readonly service: string;
  readonly beforeTask: BeforeTaskReport;
  /** The image is in quarantine on that service. */
  readonly isQuarantined?: true;
};

type Ran = Pick<DeploymentRecord, 'execution' | 'service' | 'beforeTask' | 'logs'>;

/** ECS forgets a task an hour after it has stopped; its log lines remain. */
const commandsOf = ({ execution, service, logs = [] }: Ran, { container, task, requestedAt }: BeforeTaskRun, region: string): string[] => {
  if (requestedAt === undefined) return [];
  const [cluster = ''] = service.split('/');
  const ofCluster = ['--region', region, '--cluster', cluster];
  if (task === undefined) {
    return ['RUNNING', 'STOPPED'].map((status) =>
      commandLine(['aws', 'ecs', 'list-tasks', ...ofCluster, '--started-by', startedByOf(execution, service), '--desired-status', status]),
    );
  }
  const id = taskIdOf(task);
  const describe = commandLine(['aws', 'ecs', 'describe-tasks', ...ofCluster, '--tasks', id]);
  const place = logs.find((one) => one.container === container && one.unread === undefined);
  if (!place) return [describe];
  const tail = ['aws', 'logs', 'tail', place.group, '--region', place.region ?? region, '--since', requestedAt];
  return [describe, commandLine([...tail, '--log-stream-names', `${place.prefix}/${container}/${id}`])];
};

/** What a record says of its before task; undefined without one. `now` is ISO 8601. */
export const beforeTaskOf = (record: Ran, now: string): BeforeTaskReport | undefined => {
  const { beforeTask, execution } = record;
  if (!beforeTask) return undefined;
  const { since, requestedAt = since, container, command, ended } = beforeTask;
  const hasSucceeded = ended?.outcome === 'SUCCEEDED';
  return {
    outcome: ended?.outcome ?? 'RUNNING',
    container,
    command: command.join(' '),
    ...(ended?.exitCode !== undefined && { exitCode: ended.exitCode }),
    durationSeconds: secondsBetween(requestedAt, ended?.at ?? now),
    log: hasSucceeded ? [] : (ended?.log ?? []),
    commands: hasSucceeded ? [] : commandsOf(record, beforeTask, locationOf(execution).region),
  };
};
