import type { BeforeTaskEnd, BeforeTaskRun } from '../records/records.js';
import type { RollbackReason } from '../result/result.js';
import { describe, failureReason, type StoppedContainer, type StoppedTask } from '../rollout/stopped-task.js';
import * as messages from './messages.js';

export type RunOutcome = Omit<BeforeTaskEnd, 'at' | 'log'>;

/** Why a task ended that none of its containers ended (ECS API, TaskStopCode). */
const interruptions: Readonly<Record<string, RollbackReason>> = {
  UserInitiated: 'STOPPED_IN_ECS',
  ServiceSchedulerInitiated: 'STOPPED_IN_ECS',
  SpotInterruption: 'HOST',
  TerminationNotice: 'HOST',
  InfrastructureHealth: 'HOST',
};

/** SIGKILL or SIGTERM, as ECS ends the containers of a task that an essential one has ended. */
const isKilled = ({ exitCode, reason }: StoppedContainer): boolean => (exitCode === 137 || exitCode === 143) && !reason;

/** Did an essential sidecar end the task? ECS does not say which container ended first: one that was not killed is the cause. */
const hasSidecarEnded = ({ containers }: StoppedTask, main: StoppedContainer | undefined): boolean =>
  (main?.exitCode === undefined || isKilled(main)) &&
  containers.some((one) => one !== main && one.isEssential !== false && one.exitCode !== undefined && !isKilled(one));

const failed = (
  task: StoppedTask,
  reason: RollbackReason,
  { exitCode }: Pick<StoppedContainer, 'exitCode'>,
  speaksOfImage = false,
): RunOutcome => ({
  outcome: 'FAILED',
  reason,
  ...(exitCode !== undefined && { exitCode }),
  speaksOfImage,
  message: messages.failed(describe(task)),
});

/**
 * How a before task ended, by the exit code of the container that runs its command. `task` has the roles of its containers. An exit code
 * of 0 proves nothing if the task was interrupted: a command may end with 0 on SIGTERM.
 */
export const outcomeOfRun = (
  task: StoppedTask,
  { container, stop, timeoutSeconds }: Pick<BeforeTaskRun, 'container' | 'stop' | 'timeoutSeconds'>,
): RunOutcome => {
  const main = task.containers.find(({ name }) => name === container);
  const { exitCode } = main ?? {};
  const exit = exitCode === undefined ? {} : { exitCode };
  if (stop)
    return stop.because === 'timeout'
      ? { outcome: 'TIMED_OUT', ...exit, speaksOfImage: false, message: messages.timedOut(timeoutSeconds) }
      : { outcome: 'CANCELLED', ...exit, speaksOfImage: false, message: messages.stopped() };
  const interruption = interruptions[task.stopCode];
  if (interruption) return failed(task, interruption, exit);
  if (exitCode === 0) return { outcome: 'SUCCEEDED', exitCode, speaksOfImage: false, message: messages.completed(container) };
  if (task.stopCode === 'TaskFailedToStart') return failed(task, failureReason(task), exit);
  if (hasSidecarEnded(task, main)) return failed(task, 'HOST', exit);
  const reason = failureReason(task);
  return failed(task, reason, exit, exitCode !== undefined && reason === 'CRASHED' && main?.isOurs === true);
};
