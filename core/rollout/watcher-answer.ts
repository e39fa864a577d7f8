import * as messages from '../result/messages.js';
import { resultOf } from '../result/result.js';
import { type Decision, decided } from '../step/contracts.js';
import { noEvidence, permanentLimit } from './evidence.js';
import { isLimitReached, permanentFailures, type WatchItem } from './watch-item.js';

/**
 * What an event answers to the state that waits: `rollBack` once the item alone shows that the rollout has failed, else `wake` if
 * there are news that the visit does not know. An event ends no rollout: that is WatchRollout's. Verify, whose answer is its success, is
 * woken.
 */
export const answerTo = (item: WatchItem): Decision<'rollBack'> | 'wake' | undefined => {
  const { failed, groups, reason, news, seen, verifying } = item;
  if (isLimitReached(item)) {
    if (verifying) return 'wake';
    const evidence = { ...noEvidence, failedTasks: failed?.size ?? 0, groups };
    const message = messages.tasksFailed(evidence, permanentFailures(item) >= permanentLimit);
    return decided('rollBack', resultOf('ROLLBACK_FAILED', reason ?? 'CRASHED', message));
  }
  return news > seen ? 'wake' : undefined;
};
