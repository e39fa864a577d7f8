import type { RecordRepository } from '../../aws/record-repository.js';
import type { DeploymentRecord } from '../../core/records/records.js';
import { isReportedByRelease } from '../../core/result/final-result.js';
import type { CloseDeploymentInput } from '../../core/step/contracts.js';
import { orUndefined } from './publish-notification.js';

/** What reports how a deployment ended: its own execution, its release, or the next execution that resumes it. */
export type NotificationOwner = 'SELF' | 'RELEASE' | 'NEXT_RESUMPTION';

/** `deployment` is its closed record; undefined if none was opened. */
export const notificationOwner = async (
  records: Pick<RecordRepository, 'deployment' | 'release'>,
  { release, resumes, now }: Pick<CloseDeploymentInput, 'release' | 'resumes' | 'now'>,
  deployment: DeploymentRecord | undefined,
): Promise<NotificationOwner> => {
  // The record that it was to resume is still pending, and the sweep starts another execution for it.
  if (!deployment && resumes !== '') return (await orUndefined(records.deployment(resumes))) ? 'NEXT_RESUMPTION' : 'SELF';
  if (release === '') return 'SELF';
  const its = await orUndefined(records.release(release));
  if (!its) return deployment ? 'RELEASE' : 'SELF';
  const end = { updateRequestedAt: deployment?.updateRequestedAt, endedAt: deployment?.endedAt ?? now };
  return isReportedByRelease(its, end) ? 'RELEASE' : 'SELF';
};
