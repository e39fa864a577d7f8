import { digestOf } from '../image/image-reference.js';
import type { DeploymentRecord, ServiceState } from '../records/records.js';
import type { Observation } from './observation.js';

/** Is the digest quarantined, in any of the service's sources? */
export const isQuarantined = ({ sources = {} }: Pick<ServiceState, 'sources'>, digest: string | undefined): boolean =>
  Object.values(sources).some(({ quarantine = [] }) => quarantine.some((one) => one.digest === digest));

/**
 * Is an image of the revision that ECS rolled back to quarantined, while that of the last known good one is not? Its digests are
 * those that ECS resolved for the service revision or, for the previous revision, that of its task definition.
 */
export const isOnQuarantined = (
  { previousRevision, previousImage = '' }: Pick<DeploymentRecord, 'previousRevision' | 'previousImage'>,
  { service, rollout }: Pick<Observation, 'service' | 'rollout'>,
  state: Pick<ServiceState, 'sources' | 'knownGood'>,
): boolean => {
  const lastGood = state.knownGood?.at(-1);
  if (lastGood === undefined || isQuarantined(state, lastGood.digest)) return false;
  const { rollback } = rollout ?? {};
  const resolved = rollback?.taskDefinition === service?.taskDefinition ? (rollback?.digests ?? []) : [];
  return [...resolved, ...(service?.taskDefinition === previousRevision ? [digestOf(previousImage)] : [])].some((digest) =>
    isQuarantined(state, digest),
  );
};
