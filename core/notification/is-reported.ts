import { isArrival, type Trigger } from '../records/records.js';
import type { Result } from '../result/result.js';

/**
 * Is this end of a release published? A tag that no stage takes is what a tag policy is for: unless an operator asked for the image, its
 * release is in the history, and in no message.
 */
export const isReported = ({ reason }: Pick<Result, 'reason'>, trigger: Trigger | undefined): boolean =>
  reason !== 'TAG_NOT_MATCHED' || trigger === undefined || !(isArrival(trigger) || trigger.kind === 'reconcile');
