import { digestOf } from '../image/image-reference.js';
import type { DeploymentRecord, ServiceState } from '../records/records.js';
import type { Observation } from './observation.js';

/**
 * Is the image of the revision that ECS went back to quarantined, while that of the last good one is not? By what its
 * service revision resolved or, for the base, by its task definition.
 */
export const isOnQuarantined = (
  { previousRevision, previousImage = '' }: Pick<DeploymentRecord, 'previousRevision' | 'previousImage'>,
  { service, rollout }: Pick<Observation, 'service' | 'rollout'>,
  { quarantine = [], lastGood }: Pick<ServiceState, 'quarantine' | 'lastGood'>,
): boolean => {
  const isBad = (digest: string | undefined): boolean => quarantine.some((one) => one.digest === digest);
  if (lastGood === undefined || isBad(lastGood.digest)) return false;
  const { rollback } = rollout ?? {};
  const resolved = rollback?.taskDefinition === service?.taskDefinition ? (rollback?.digests ?? []) : [];
  return [...resolved, ...(service?.taskDefinition === previousRevision ? [digestOf(previousImage)] : [])].some(isBad);
};
