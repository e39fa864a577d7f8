import { mayBeForgotten } from '../../core/before-task/clock.js';
import * as messages from '../../core/before-task/messages.js';
import { outcomeOfRun } from '../../core/before-task/outcome.js';
import { isBefore } from '../../core/lease/priority.js';
import type { BeforeTaskRun } from '../../core/records/records.js';
import { after } from '../../core/result/moment.js';
import { withRoles } from '../../core/rollout/stopped-task.js';
import { endRun, endUnknown } from './before-task-answer.js';
import { type BeforeTaskAnswer, type BeforeTaskDependencies, type BeforeTaskLook, type RequestedRun, saveRun } from './before-task-look.js';
import { lookAgain } from './keep-waiting.js';

/** Looks at the task once: judges one that has stopped, else has it stopped if it is time, and waits. */
export const watchTask = async (
  deps: BeforeTaskDependencies,
  look: BeforeTaskLook,
  run: RequestedRun,
  task: string,
): Promise<BeforeTaskAnswer> => {
  const { input, item, record } = look;
  const { service, now } = input;
  // The event is durable, ECS's own memory is an hour long.
  const reported = item?.stoppedRun?.arn === task ? item.stoppedRun : undefined;
  const described = reported ? undefined : await deps.tasks.describe(service, task);
  const stopped = reported ?? described?.stopped;
  if (stopped) return endRun(deps, look, run, outcomeOfRun(withRoles(stopped, record.containers ?? [], record.nonEssential ?? []), run));
  if (!described && mayBeForgotten(run, now)) return endUnknown(deps, look, run);

  const deadline = after(run.requestedAt, run.timeoutSeconds);
  const stop = run.stop ?? stopAt(look, deadline);
  if (!stop) return lookAgain(input, item, deadline);
  if (!run.stop && !(await saveRun(deps, look, { ...run, stop }))) return undefined;
  // Called again until ECS has it: an earlier call may have failed.
  if (!described?.isStopping) await deps.tasks.stop(service, task, messages.stopReasons[stop.because]);
  return lookAgain(input, item, input.deadline);
};

/** Whether the task is to be stopped now. A cancelled deployment waits for it, unless the operator asks for more. */
const stopAt = ({ input: { now }, cancel }: BeforeTaskLook, deadline: string): BeforeTaskRun['stop'] => {
  if (cancel?.stopTask) return { at: now, because: 'cancelled' };
  return isBefore(now, deadline) ? undefined : { at: now, because: 'timeout' };
};
