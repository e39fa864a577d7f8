import type { DeploymentRecord, ReleaseRecord, Rollback, ServiceState } from '../records/records.js';
import type { CaughtError } from '../step/contracts.js';
import * as messages from './messages.js';
import { type Result, resultOf } from './result.js';

/** Seconds that history is kept: a year. */
export const historySeconds = 365 * 86_400;

/** A Lambda reports its error as JSON with a stack, which Step Functions may have cut off. */
const errorMessage = (cause: string): string => {
  try {
    const { errorMessage: message } = JSON.parse(cause) as { errorMessage?: string };
    return message ?? cause;
  } catch {
    const message = /"errorMessage":("(?:[^"\\]|\\.)*")/.exec(cause)?.[1];
    return message === undefined ? cause : JSON.parse(message);
  }
};

/** What a Catch kept, for people. */
export const stepFailed = ({ state, error, cause }: CaughtError): string => messages.stepFailed(state, error, errorMessage(cause));

/**
 * The result to record: what a step answered, or what can be said if one failed instead. A rollback that failed is not an
 * unknown end: the new image failed, and the service is not verified to be back.
 */
export const finalResult = (
  result: Result,
  caught: CaughtError,
  record: { readonly updateRequestedAt?: string | undefined; readonly rollback?: Rollback | undefined } | undefined,
): Result => {
  if (caught.error === '') return result;
  const message = stepFailed(caught);
  // A release notes its first stage in its plan, before any of it begins.
  if (record?.updateRequestedAt === undefined || caught.state === 'PlanRelease') return resultOf('FAILED', 'AWS_ERROR', message);
  if (caught.state === 'RollBack') {
    const failure = record.rollback ?? (result.outcome === 'ROLLBACK_FAILED' ? result : undefined);
    if (failure)
      return { ...failed(failure.reason), message: messages.rollbackCallFailed(failure.message, message), runbook: 'ROLLBACK_CALL_FAILED' };
  }
  return resultOf('UNKNOWN', 'AWS_ERROR', messages.notVisible(message), 'ROLLOUT_NOT_VISIBLE');
};

const failed = (reason: Result['reason']) => ({ outcome: 'ROLLBACK_FAILED', reason }) as const;

/** The result of a deployment that was cancelled before it sent anything to ECS. */
export const cancelledBeforeUpdate = (cancel: Pick<NonNullable<ServiceState['cancel']>, 'by' | 'reason'>): Result =>
  resultOf('FAILED', 'CANCELLED', messages.cancelledBeforeUpdate(cancel));

/**
 * Does a deployment's release report its result? While the release is open it will. A release that ended before the
 * deployment, because its execution ended early, could not; of a service that was never changed it has said enough.
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
