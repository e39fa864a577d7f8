import type { ContainerBehaviour } from './image.js';
import type { Container, Task } from './records.js';
import type { EcsState } from './state.js';

/** What a container does some time after it has started. */
export type Next =
  | { afterMs: number; exitCode: number; lines: readonly string[]; isBackground?: boolean; health?: never }
  | { afterMs: number; health: 'HEALTHY' | 'UNHEALTHY'; exitCode?: never };

/** The timeline of a container, as its image's behaviour says. */
export const behaviourTimeline = (state: EcsState, task: Task, container: Container, behaviour: ContainerBehaviour): Next[] => {
  if (behaviour === 'wrong-architecture') {
    // The log line and the exit code of a task on Fargate (aws-samples/amazon-bedrock-serverless-prompt-chaining#213).
    return [{ afterMs: 1000, exitCode: 1, lines: ['exec /usr/local/bin/docker-entrypoint.sh: exec format error'] }];
  }
  if (behaviour === 'crashes-on-start') return [{ afterMs: state.seconds(2, 5), exitCode: 1, lines: crash }];

  const command = commandOf(task, container);
  if (command) return runCommand(state, task, container, command, behaviour);

  const { healthCheck, portMappings } = container.definition;
  const { interval = 30, retries = 3, startPeriod = 0 } = healthCheck ?? {};
  if (behaviour === 'never-healthy' && healthCheck) {
    return [{ afterMs: (startPeriod + retries * interval) * 1000, health: 'UNHEALTHY' }];
  }
  writeLog(state, task, container, [listening(portMappings?.[0]?.containerPort)]);
  const course: Next[] = healthCheck ? [{ afterMs: interval * 1000, health: 'HEALTHY' }] : [];
  // Background, as such a service crashes again and again without end.
  if (behaviour === 'crashes-later') course.push({ afterMs: state.seconds(90, 240), exitCode: 1, lines: crash, isBackground: true });
  return course;
};

const listening = (port = 8080): string => `listening on port ${port}`;

const crash = [
  'Error: connect ECONNREFUSED database:5432',
  '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)',
  '    at main (/app/server.js:42:11)',
  'exit 1',
];

/** A standalone task with a command of its own, such as a migration, exits on its own. */
const commandOf = (task: Task, { name }: Container): readonly string[] | undefined =>
  task.service ? undefined : task.overrides.containerOverrides?.find((override) => override.name === name)?.command;

/** `sh -c "sleep 60; exit 3"` ends a minute later with 3, any other command with 0. */
const endOf = (state: EcsState, text: string): Next => {
  const exitCode = Number(/\bexit (\d+)/.exec(text)?.[1] ?? 0);
  const sleepMs = Number(/\bsleep (\d+)/.exec(text)?.[1] ?? 0) * 1000;
  return { afterMs: sleepMs + state.seconds(5, 20), exitCode, lines: [`ran: ${text}`, `exit ${exitCode}`] };
};

const runCommand = (
  state: EcsState,
  task: Task,
  container: Container,
  command: readonly string[],
  behaviour: ContainerBehaviour,
): Next[] => {
  const text = command.join(' ');
  switch (behaviour) {
    case 'migrates':
      container.termination = { afterMs: 1000, exitCode: 143 };
      writeLog(state, task, container, ['migrating: 2 migrations are pending']);
      return [{ afterMs: state.seconds(20, 40), exitCode: 0, lines: ['applied 20261123_add_email', 'applied 20261124_fill_email'] }];
    case 'migration-fails':
      container.termination = { afterMs: 1000, exitCode: 143 };
      writeLog(state, task, container, ['migrating: 2 migrations are pending']);
      return [{ afterMs: state.seconds(5, 20), exitCode: 1, lines: failedMigration }];
    case 'migration-hangs':
      // Process 1 of a container has no default action for SIGTERM: SIGKILL ends it.
      container.termination = { afterMs: (container.definition.stopTimeout ?? 30) * 1000, exitCode: 137 };
      writeLog(state, task, container, ['migrating: 2 migrations are pending', 'waiting for a lock on table users']);
      return [];
    default:
      return [endOf(state, text)];
  }
};

const failedMigration = [
  'applied 20261123_add_email',
  'error: 20261124_fill_email: null value in column "email" of relation "users" violates not-null constraint',
  'exit 1',
];

/** Writes lines where the container's awslogs configuration says. */
export const writeLog = (state: EcsState, task: Task, { name, definition }: Container, lines: readonly string[]): void => {
  const { logDriver, options } = definition.logConfiguration ?? {};
  const group = options?.['awslogs-group'];
  if (logDriver !== 'awslogs' || group === undefined) return;
  const stream = `${options?.['awslogs-stream-prefix'] ?? 'ecs'}/${name}/${task.id}`;
  for (const line of lines) state.account.services.logs.write(group, stream, line);
};
