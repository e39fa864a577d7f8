import type { RecordRepository } from '../../aws/record-repository.js';
import type { DeploymentRecord } from '../../core/records/records.js';
import { isReportedByRelease } from '../../core/result/final-result.js';
import type { CloseDeploymentInput } from '../../core/step/contracts.js';
import { orUndefined } from './publish-notification.js';

/** What reports how a deployment ended: its own execution, or its release. */
export type NotificationOwner = 'SELF' | 'RELEASE';

/** `deployment` is its closed record; undefined if none was opened. */
export const notificationOwner = async (
  records: Pick<RecordRepository, 'release'>,
  { release, now }: Pick<CloseDeploymentInput, 'release' | 'now'>,
  deployment: DeploymentRecord | undefined,
): Promise<NotificationOwner> => {
  if (release === '') return 'SELF';
  const its = await orUndefined(records.release(release));
  if (!its) return deployment ? 'RELEASE' : 'SELF';
  const end = { updateRequestedAt: deployment?.updateRequestedAt, endedAt: deployment?.endedAt ?? now };
  return isReportedByRelease(its, end) ? 'RELEASE' : 'SELF';
};
