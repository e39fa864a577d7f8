import { isRefused } from '../../aws/sdk-errors.js';
import { isRepeatable } from '../../core/before-task/clock.js';
import * as messages from '../../core/before-task/messages.js';
import { clientTokenOf, containerOf, requestOf, startedByOf } from '../../core/before-task/request.js';
import { beforeTaskOf } from '../../core/before-task/settings.js';
import type { BeforeTask } from '../../core/configuration/configuration.js';
import { isBefore } from '../../core/lease/priority.js';
import { redactCommand } from '../../core/notification/redact.js';
import type { BeforeTaskEnd, BeforeTaskRun } from '../../core/records/records.js';
import { cancelledBeforeUpdate } from '../../core/result/final-result.js';
import * as resultMessages from '../../core/result/messages.js';
import { after } from '../../core/result/moment.js';
import { resultOf, unfinished } from '../../core/result/result.js';
import { safetyNet, unplacedNet } from '../../core/rollout/safety-net.js';
import { decided } from '../../core/step/contracts.js';
import { rejectUndeployable } from '../../core/task-definition/service-plan.js';
import { endRun, endUnknown, finish } from './before-task-answer.js';
import { type BeforeTaskAnswer, type BeforeTaskDependencies, type BeforeTaskLook, type RequestedRun, saveRun } from './before-task-look.js';
import { resultOfFailedStage } from './fail-stage.js';
import { lookAgain } from './keep-waiting.js';
import { watchTask } from './watch-before-task.js';

type Deps = BeforeTaskDependencies;

/** A failure that says nothing of the image. */
const failure = (message: string, reason?: BeforeTaskEnd['reason']): Omit<BeforeTaskEnd, 'at' | 'log'> => ({
  outcome: 'FAILED',
  ...(reason !== undefined && { reason }),
  speaksOfImage: false,
  message,
});

/** Requests the task unless the deployment ends before, or another before task of the service runs. @throws RejectedInput */
export const startTask = async (deps: Deps, look: BeforeTaskLook): Promise<BeforeTaskAnswer> => {
  const { record, cancel, isHolder } = look;
  if (cancel) return finish(cancelledBeforeUpdate(cancel));
  if (!isHolder)
    return finish(resultOf('FAILED', 'ABORTED', resultMessages.and(resultMessages.leaseLost(), resultMessages.serviceUnchanged())));
  const failed = await resultOfFailedStage(deps.records, record);
  if (failed) return finish(failed);
  const before = beforeTaskOf(deps.configuration, record);
  // slipway.yml has changed since RegisterRevision read it; UpdateService ends an execution that is for the before task alone.
  if (!before) return decided('proceed', unfinished);
  return startAlone(deps, look, before);
};

/** Never beside a before task of an earlier deployment of the service, whose execution has ended and watches it no more. */
const startAlone = async (deps: Deps, look: BeforeTaskLook, before: BeforeTask): Promise<BeforeTaskAnswer> => {
  const { record, input } = look;
  const { service, now } = input;
  const { timeoutSeconds } = before;
  const command = redactCommand(before.command);
  const known = record.beforeTask;
  const run: BeforeTaskRun = known ?? { since: now, timeoutSeconds, container: containerOf(before, record), command, attempt: 0 };
  const deadline = after(run.since, run.timeoutSeconds);
  const isOverdue = !isBefore(now, deadline);
  const [other] = await deps.tasks.running(service, startedByOf(record.execution, service), record.revision);
  if (other) {
    if (isOverdue) return endRun(deps, look, run, failure(messages.otherRuns(other.task, other.revision)));
    return (await saveRun(deps, look, run)) ? lookAgain(input, look.item, deadline) : undefined;
  }
  if (isOverdue && run.refusal !== undefined)
    return endRun(deps, look, run, failure(messages.notPlaced(run.refusal, run.timeoutSeconds), 'PLACEMENT'));
  const { launch = {} } = rejectUndeployable(service, await deps.services.describe(service));
  const requested: RequestedRun = {
    ...run,
    container: containerOf(before, record),
    command,
    attempt: run.attempt + 1,
    requestedAt: now,
    request: requestOf(before, record, launch),
  };
  return (await saveRun(deps, look, requested)) ? request(deps, look, requested, true) : undefined;
};

/** Sends the request. `isFirst`: this attempt has sent none before. */
const request = async (deps: Deps, look: BeforeTaskLook, run: RequestedRun, isFirst: boolean): Promise<BeforeTaskAnswer> => {
  const { input, item } = look;
  const { request: sent, requestedAt, ...rest } = run;
  const started = await deps.tasks.run(sent, clientTokenOf(input.record, run.attempt)).catch(async (error: unknown) => {
    // Throttled, it has started nothing.
    if (isFirst && isRefused(error)) await saveRun(deps, look, { ...rest, refusal: (error as Error).name });
    throw error;
  });
  if ('task' in started) {
    const found = { ...run, task: started.task };
    if (!(await saveRun(deps, look, found))) return undefined;
    if (!isFirst) return watchTask(deps, look, found, started.task);
    // Looks are seldom again once there is capacity.
    const net = run.refusal === undefined ? {} : { net: safetyNet };
    return lookAgain(input, item, after(requestedAt, run.timeoutSeconds), net);
  }
  if ('unplaced' in started) {
    const isSaved = await saveRun(deps, look, { ...rest, refusal: started.unplaced });
    return isSaved ? lookAgain(input, item, after(run.since, run.timeoutSeconds), { net: unplacedNet }) : undefined;
  }
  // A repeated request that is refused says nothing of the first.
  return isFirst
    ? endRun(deps, look, run, failure(messages.refused(started.refused), 'CANNOT_START'))
    : endUnknown(deps, look, run, messages.startUnknown(requestedAt, started.refused));
};

/** Finds the task of a request whose answer was lost. Its revision is this deployment's alone, and so is a task of it. */
export const findTask = async (deps: Deps, look: BeforeTaskLook, run: RequestedRun): Promise<BeforeTaskAnswer> => {
  const { record, item, input } = look;
  const { stoppedRun } = item ?? {};
  if (stoppedRun?.taskDefinition === record.revision) return saveFound(deps, look, run, stoppedRun.arn);
  if (isRepeatable(run, input.now)) return request(deps, look, run, false);
  const running = await deps.tasks.running(input.service, startedByOf(record.execution, input.service), record.revision);
  const mine = running.find(({ revision }) => revision === record.revision);
  return mine ? saveFound(deps, look, run, mine.task) : endUnknown(deps, look, run);
};

const saveFound = async (deps: Deps, look: BeforeTaskLook, run: RequestedRun, task: string): Promise<BeforeTaskAnswer> => {
  const found = { ...run, task };
  return (await saveRun(deps, look, found)) ? watchTask(deps, look, found, task) : undefined;
};
