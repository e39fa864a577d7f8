import type { Rollback } from '../records/records.js';
import { currentRevision, isDeleted, isSuperseded, type Observation } from './observation.js';

type ObservedRollout = Pick<
  Observation,
  'rollout' | 'service' | 'newestServiceRevision' | 'mayBeStale' | 'revision' | 'previousRevision' | 'rollbackTarget'
>;

/**
 * Chooses the call that rolls the service back. `stop` names our own service deployment and is safe. `update` is not conditional, so
 * it is made only if the service is still on our revision, or on `sentFrom`, the revision it was on when an earlier update was sent.
 */
export const chooseRollbackMethod = (observation: ObservedRollout, sentFrom?: string): Rollback['method'] | 'superseded' => {
  const { rollout, mayBeStale, revision, rollbackTarget } = observation;
  if (isDeleted(observation.service)) return 'superseded';
  const isOurs = currentRevision(observation) === revision;
  switch (rollout?.status) {
    case undefined:
      return isOurs || currentRevision(observation) === sentFrom ? 'update' : 'none';
    case 'PENDING':
    case 'IN_PROGRESS':
      return 'stop';
    case 'STOPPED':
      if (isSuperseded(observation) || !isOurs) return 'superseded';
      // What replaced it may not be visible yet: ECS refuses to stop it again, and the next visit knows more.
      return mayBeStale && !rollout.isBreakerTriggered && rollout.triggeredAlarms.length === 0 ? 'stop' : 'update';
    case 'SUCCESSFUL':
      return isOurs ? 'update' : 'superseded';
    case 'ROLLBACK_SUCCESSFUL':
      return rollbackTarget !== undefined && currentRevision(observation) !== rollbackTarget && !isSuperseded(observation)
        ? 'update'
        : 'stop';
    default:
      // STOP_REQUESTED and the rollback's own statuses: ECS is rolling back, and a second call would only disturb it.
      return 'stop';
  }
};
