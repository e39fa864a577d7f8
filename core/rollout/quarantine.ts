import { digestOf } from '../image/image-reference.js';
import type { DeploymentRecord, ServiceState } from '../records/records.js';
import type { Observation } from './observation.js';

/**
 * Is the image of the revision that ECS rolled back to quarantined, while that of the last known good one is not? Its digests are
 * those that ECS resolved for the service revision or, for the previous revision, that of its task definition.
 */
export const isOnQuarantined = (
  { previousRevision, previousImage = '' }: Pick<DeploymentRecord, 'previousRevision' | 'previousImage'>,
  { service, rollout }: Pick<Observation, 'service' | 'rollout'>,
  { quarantine = [], lastGood }: Pick<ServiceState, 'quarantine' | 'lastGood'>,
): boolean => {
  const isQuarantined = (digest: string | undefined): boolean => quarantine.some((one) => one.digest === digest);
  if (lastGood === undefined || isQuarantined(lastGood.digest)) return false;
  const { rollback } = rollout ?? {};
  const resolved = rollback?.taskDefinition === service?.taskDefinition ? (rollback?.digests ?? []) : [];
  return [...resolved, ...(service?.taskDefinition === previousRevision ? [digestOf(previousImage)] : [])].some(isQuarantined);
};
