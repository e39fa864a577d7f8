import type { BeforeTaskRun, DeploymentRecord, LogLocation } from '../records/records.js';
import type { Location } from './console-link.js';
import { commandText } from './redact.js';
import { secondsBetween } from './seconds-between.js';

/** The run of a before task in a notification. */
export type BeforeTaskReport = {
  /** RUNNING if its end is not in the record. */
  readonly outcome: NonNullable<BeforeTaskRun['ended']>['outcome'] | 'RUNNING';
  readonly container?: string;
  /** What it ran, without credentials: `npm run migrate`. */
  readonly command?: string;
  readonly exitCode?: number;
  readonly durationSeconds: number;
  /** Unless it succeeded: the last lines of its container, and what to paste into a shell to see more. */
  readonly log: readonly string[];
  readonly commands: readonly string[];
};

/** The run of a before task of a stage, which is a deployment of its own. */
export type StageBeforeTask = { readonly stage: string; readonly service: string; readonly beforeTask: BeforeTaskReport };

/** As one word of a POSIX shell. */
const quoted = (word: string): string => (/^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const commandLine = (words: readonly string[]): string => words.map(quoted).join(' ');

/** ECS forgets a task an hour after it has stopped; its log lines remain. */
const commandsOf = (service: string, { task, requestedAt }: BeforeTaskRun, place: LogLocation | undefined, region: string): string[] => {
  if (task === undefined) return [];
  const [cluster = ''] = service.split('/');
  const id = task.split('/').at(-1) ?? '';
  const describe = ['aws', 'ecs', 'describe-tasks', '--region', region, '--cluster', cluster, '--tasks', id];
  if (place === undefined || place.unread !== undefined) return [commandLine(describe)];
  const { group, prefix, container } = place;
  const tail = ['aws', 'logs', 'tail', group, '--region', place.region ?? region, '--since', requestedAt];
  return [commandLine(describe), commandLine([...tail, '--log-stream-names', `${prefix}/${container}/${id}`])];
};

/** What a record says of its before task; undefined without one. `now` is ISO 8601. */
export const beforeTaskOf = (
  { service, beforeTask, logs = [] }: Pick<DeploymentRecord, 'service' | 'beforeTask' | 'logs'>,
  { region }: Pick<Location, 'region'>,
  now: string,
): BeforeTaskReport | undefined => {
  if (!beforeTask) return undefined;
  const { requestedAt, container, command, ended } = beforeTask;
  const hasSucceeded = ended?.outcome === 'SUCCEEDED';
  const place = logs.find((one) => one.container === container);
  return {
    outcome: ended?.outcome ?? 'RUNNING',
    ...(container !== undefined && { container }),
    ...(command !== undefined && { command: commandText(command) }),
    ...(ended?.exitCode !== undefined && { exitCode: ended.exitCode }),
    durationSeconds: secondsBetween(requestedAt, ended?.at ?? now),
    log: hasSucceeded ? [] : (ended?.log ?? []),
    commands: hasSucceeded ? [] : commandsOf(service, beforeTask, place, region),
  };
};
