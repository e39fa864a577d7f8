import * as beforeTaskMessages from '../before-task/messages.js';
import { imageName, nameOfUri } from '../image/image-name.js';
import { digestOf } from '../image/image-reference.js';
import * as leaseMessages from '../lease/messages.js';
import type { RecordName } from '../records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, Rollback, ServiceState } from '../records/records.js';
import type { CaughtError } from '../step/contracts.js';
import * as messages from './messages.js';
import { type Result, resultOf } from './result.js';

/** Seconds for which records are kept: a year. */
export const historySeconds = 365 * 86_400;

/** The message in a Lambda error: JSON with a stack trace, which Step Functions may have cut off. */
const errorMessage = (cause: string): string => {
  try {
    const { errorMessage: message } = JSON.parse(cause) as { errorMessage?: string };
    return message ?? cause;
  } catch {
    const message = /"errorMessage":("(?:[^"\\]|\\.)*")/.exec(cause)?.[1];
    return message === undefined ? cause : JSON.parse(message);
  }
};

/** The message of an error that a Catch kept. */
export const stepFailed = ({ state, error, cause }: CaughtError): string => messages.stepFailed(state, error, errorMessage(cause));

/**
 * The result to record: the answer of the last step, or a result for the error that a Catch kept. A failed call of RollBack is
 * ROLLBACK_FAILED, not UNKNOWN: the new image failed, and the service may still run it.
 */
export const finalResult = (
  result: Result,
  caught: CaughtError,
  record: { readonly updateRequestedAt?: string | undefined; readonly rollback?: Rollback | undefined } | undefined,
): Result => {
  if (caught.error === '') return result;
  const message = stepFailed(caught);
  // The record of a release has its first stage from the plan on, before any deployment starts, and none is in progress at a gate.
  if (record?.updateRequestedAt === undefined || caught.state === 'PlanRelease' || caught.state === 'PassGates')
    return resultOf('FAILED', 'AWS_ERROR', message);
  if (caught.state === 'RollBack') {
    const failure = record.rollback ?? (result.outcome === 'ROLLBACK_FAILED' ? result : undefined);
    if (failure)
      return { ...failed(failure.reason), message: messages.rollbackCallFailed(failure.message, message), runbook: 'ROLLBACK_CALL_FAILED' };
  }
  return resultOf('UNKNOWN', 'AWS_ERROR', messages.notVisible(message), 'ROLLOUT_NOT_VISIBLE');
};

/**
 * The result of a deployment with what its record adds to the message: a rollback by an operator, an interruption, and a before task that
 * may still run.
 */
export const resultWithContext = (result: Result, record: DeploymentRecord): Result => {
  const { operation, undoes, image, previousImage = '', previousTag, interruption } = record;
  const { outcome, message } = result;
  const from = nameOfUri(previousImage, previousTag);
  const digest = digestOf(previousImage);
  const text =
    outcome === 'SUCCEEDED' && (undoes || operation?.kind === 'rollback') && image
      ? messages.rolledBackByOperator(message, {
          from,
          to: imageName(image.repository, image.tag, image.digest),
          isQuarantined: digest !== undefined && digest !== image.digest && (!undoes || undoes.isByOperator === true),
        })
      : message;
  return withBeforeTask({ ...result, message: interruption === undefined ? text : messages.resumed(text, interruption) }, record);
};

/** The result of a deployment that ended before its before task, by an error or an abort, with that task: nothing watches it any more. */
export const withBeforeTask = (result: Result, { beforeTask }: Pick<DeploymentRecord, 'beforeTask'>): Result => {
  const mayRun = beforeTask?.requestedAt !== undefined && beforeTask.ended === undefined;
  return mayRun ? { ...result, message: messages.and(result.message, beforeTaskMessages.mayRun(beforeTask.task)) } : result;
};

const failed = (reason: Result['reason']) => ({ outcome: 'ROLLBACK_FAILED', reason }) as const;

/** The result of a deployment that was cancelled before it requested an update. */
export const cancelledBeforeUpdate = (cancel: NonNullable<ServiceState['cancel']>): Result =>
  cancel.failedService === undefined
    ? resultOf('FAILED', 'CANCELLED', messages.cancelledBeforeUpdate(cancel))
    : resultOf('FAILED', 'STAGE_FAILED', messages.and(leaseMessages.cancelledWithStage(cancel.failedService), messages.serviceUnchanged()));

/** The result of an execution whose deployment has ended, or is another one's: it was redriven after the sweep had acted. */
export const lostDeployment = (record: RecordName): Result => resultOf('SKIPPED', 'NOT_RESUMED', messages.deploymentLost(record));

/** The result of a deployment whose execution has ended, and whose record has none yet; without a record, none was opened. */
export const missingResult = (record: Pick<DeploymentRecord, 'updateRequestedAt'> | undefined): Result => {
  if (record?.updateRequestedAt !== undefined) return resultOf('UNKNOWN', 'ABORTED', messages.noResult(), 'RESULT_MISSING');
  return record ? resultOf('FAILED', 'ABORTED', messages.noResult()) : resultOf('FAILED', 'AWS_ERROR', messages.noRecord());
};

/**
 * Does the release report the result of this deployment? A release in progress will. One that ended before the deployment, after
 * an abort, could not; but if the service was not changed, its own notification is enough.
 */
export const isReportedByRelease = (
  release: Pick<ReleaseRecord, 'endedAt' | 'notifiedAt'>,
  {
    updateRequestedAt,
    endedAt = '',
  }: { readonly updateRequestedAt?: string | undefined; readonly endedAt?: DeploymentRecord['endedAt'] | undefined },
): boolean => {
  if (release.endedAt === undefined) return true;
  if (updateRequestedAt === undefined) return release.notifiedAt !== undefined;
  return Date.parse(release.endedAt) >= Date.parse(endedAt);
};
