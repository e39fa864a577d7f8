import { isArrival, type ReleaseRecord, type Trigger } from '../records/records.js';
import type { Result } from '../result/result.js';

/**
 * Is this end of a release published? A tag that no stage takes is what a tag policy is for: unless an operator asked for the image, its
 * release is in the history, and in no message.
 */
export const isReported = ({ reason }: Pick<Result, 'reason'>, trigger: Trigger | undefined): boolean =>
  reason !== 'TAG_NOT_MATCHED' || trigger === undefined || !(isArrival(trigger) || trigger.kind === 'reconcile');

/**
 * Is a result left out of Slack and mail? One that changed nothing is, unless it is that of a release that was asked for: by an operator
 * who started it or approved a stage, or a tag of a stage that takes only what has succeeded in another one.
 */
export const isQuiet = (
  { outcome, reason }: Pick<Result, 'outcome' | 'reason'>,
  release: Pick<ReleaseRecord, 'trigger' | 'approvals'> | undefined,
): boolean => {
  if (outcome !== 'SKIPPED') return false;
  const isAsked = release !== undefined && (release.trigger.kind === 'hand' || (release.approvals ?? []).length > 0);
  return !(isAsked || reason === 'STAGE_REQUIRED');
};
