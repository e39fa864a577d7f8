import * as messages from '../../core/before-task/messages.js';
import { resultOfRun } from '../../core/before-task/result.js';
import type { BeforeTaskEnd, BeforeTaskRun } from '../../core/records/records.js';
import { cancelledBeforeUpdate } from '../../core/result/final-result.js';
import * as resultMessages from '../../core/result/messages.js';
import { type Result, unfinished } from '../../core/result/result.js';
import { taskIdOf } from '../../core/rollout/stopped-task.js';
import { decided, decidedByError, type ErrorDecision } from '../../core/step/contracts.js';
import { type BeforeTaskAnswer, type BeforeTaskDependencies, type BeforeTaskLook, type RequestedRun, saveRun } from './before-task-look.js';
import { lastLines } from './collect-evidence.js';
import { resultOfFailedStage } from './fail-stage.js';

/** Ends the deployment with this result. */
export const finish = (result: Result): ErrorDecision<'Finish'> => decidedByError('Finish', result);

/** What follows from how the task ended. The update does not follow a cancelled deployment, or a failed stage. */
export const answerTo = async (
  { records }: Pick<BeforeTaskDependencies, 'records'>,
  { record, cancel }: Pick<BeforeTaskLook, 'record' | 'cancel'>,
  ended: BeforeTaskEnd,
): Promise<BeforeTaskAnswer> => {
  if (cancel) {
    const result = cancelledBeforeUpdate(cancel);
    return finish({ ...result, message: resultMessages.and(result.message, ended.message) });
  }
  if (ended.outcome !== 'SUCCEEDED') return finish(resultOfRun(ended));
  const failed = await resultOfFailedStage(records, record);
  return failed ? finish({ ...failed, message: resultMessages.and(failed.message, ended.message) }) : decided('proceed', unfinished);
};

/** Saves how the run ended, with the last lines of its container unless it succeeded, and answers what follows. */
export const endRun = async (
  deps: Pick<BeforeTaskDependencies, 'records' | 'logs'>,
  look: BeforeTaskLook,
  run: BeforeTaskRun,
  end: Omit<BeforeTaskEnd, 'at' | 'log'>,
): Promise<BeforeTaskAnswer> => {
  const { container, task } = run;
  const id = task && taskIdOf(task);
  const hasLog = id !== undefined && end.outcome !== 'SUCCEEDED';
  const { lines } = hasLog ? await lastLines(deps, look.record, { task: id, container }) : { lines: [] };
  const ended = { ...end, at: look.input.now, log: lines };
  return (await saveRun(deps, look, { ...run, ended })) ? answerTo(deps, look, ended) : undefined;
};

/** Ends a run of which nothing can be known any more: no second one is started. */
export const endUnknown = (
  deps: Pick<BeforeTaskDependencies, 'records' | 'logs'>,
  look: BeforeTaskLook,
  run: RequestedRun,
  message = messages.endUnknown(run.task, run.requestedAt),
): Promise<BeforeTaskAnswer> => endRun(deps, look, run, { outcome: 'UNKNOWN', speaksOfImage: false, message });
