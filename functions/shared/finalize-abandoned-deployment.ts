import { resultOfRun } from '../../core/before-task/result.js';
import { isResumedTooOften, resultBeforeUpdate, unresumableResult } from '../../core/housekeeping/sweep.js';
import { type DeploymentRecord, reachedResult } from '../../core/records/records.js';
import { isReportedByRelease, withBeforeTask } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { type Abandoned, closed, type Deps, type SweepResult, withClaim } from './abandoned-record.js';
import { finalizeDeployment } from './finalize-deployment.js';
import { orUndefined, publishNotification } from './publish-notification.js';
import { resumeDeployment } from './resume-deployment.js';

/** Closes and reports a deployment whose execution has ended, or has another execution resume it if it changed its service. */
export const finalizeAbandonedDeployment = (deps: Deps, abandoned: Abandoned<DeploymentRecord>): Promise<SweepResult> =>
  withClaim(deps, abandoned, async () => {
    const { record, execution } = abandoned;
    const reached = reachedResult(record);
    if (reached) return finish(deps, abandoned, reached);
    if (record.updateRequestedAt === undefined) return finish(deps, abandoned, resultWithoutUpdate(abandoned));
    const resumed = isResumedTooOften(record) ? undefined : await resumeDeployment(deps, abandoned);
    return resumed ?? finish(deps, abandoned, unresumableResult(execution));
  });

/** A before task that had failed is why, though its execution ended before it said so. */
const resultWithoutUpdate = ({ record, execution }: Abandoned<DeploymentRecord>): Result => {
  const result = resultBeforeUpdate(execution);
  const { ended } = record.beforeTask ?? {};
  const hasFailed = result.reason === 'ABORTED' && ended !== undefined && ended.outcome !== 'SUCCEEDED';
  return hasFailed ? resultOfRun(ended) : withBeforeTask(result, record);
};

const finish = async (deps: Deps, { name, record, now }: Abandoned<DeploymentRecord>, result: Result): Promise<SweepResult> => {
  const { service, execution, startedAt, endedAt = now } = record;
  // The item of its service may be unreadable for good: that is no reason not to report it.
  const failure = await finalizeDeployment(deps, { name, record, result, now }).catch((error: Error) => error);
  const release = record.release === undefined ? undefined : await orUndefined(deps.records.release(record.release));
  const isReported = record.notifiedAt !== undefined || (release !== undefined && isReportedByRelease(release, { ...record, endedAt }));
  if (!isReported)
    await publishNotification(deps, { result, execution, startedAt, now, name, service, isAll: !failure, deployment: record });
  else if (!failure) await deps.records.markDone(name);
  if (failure) throw failure;
  return closed(result);
};
