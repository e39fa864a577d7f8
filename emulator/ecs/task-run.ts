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

  // A standalone task with an overridden command, such as a migration, exits on its own.
  const command = task.overrides.containerOverrides?.find(({ name }) => name === container.name)?.command;
  if (command && !task.service) return [endOf(state, command)];

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

/** `sh -c "… exit 3"` ends with 3, any other command with 0. */
const endOf = (state: EcsState, command: readonly string[]): Next => {
  const exitCode = Number(/\bexit (\d+)/.exec(command.join(' '))?.[1] ?? 0);
  return { afterMs: state.seconds(5, 20), exitCode, lines: [`ran: ${command.join(' ')}`, `exit ${exitCode}`] };
};

/** Writes lines where the container's awslogs configuration says. */
export const writeLog = (state: EcsState, task: Task, { name, definition }: Container, lines: readonly string[]): void => {
  const { logDriver, options } = definition.logConfiguration ?? {};
  const group = options?.['awslogs-group'];
  if (logDriver !== 'awslogs' || group === undefined) return;
  const stream = `${options?.['awslogs-stream-prefix'] ?? 'ecs'}/${name}/${task.id}`;
  for (const line of lines) state.account.services.logs.write(group, stream, line);
};
