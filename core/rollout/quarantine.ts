import { digestOf } from '../image/image-reference.js';
import { sourceOf } from '../lease/service-state.js';
import type { DeploymentRecord, QuarantineEntry, ServiceState } from '../records/records.js';
import type { Observation } from './observation.js';

type Sources = Pick<ServiceState, 'sources'>;

/** What the service's other sources have deployed last, as an entry of this source's quarantine keeps it. */
export const otherDigests = ({ sources = {} }: Sources, repository: string): NonNullable<QuarantineEntry['others']> =>
  Object.entries(sources).flatMap(([other, { lastDeployed }]) =>
    other === repository || lastDeployed === undefined ? [] : [{ repository: other, digest: lastDeployed.digest }],
  );

/**
 * The entries of a source's quarantine that count. One lapses while another source's image is not the one that it failed beside; the
 * first deployment of another source is a change, too. An entry without `others` counts always.
 */
export const quarantineOf = (state: Sources, repository: string): readonly QuarantineEntry[] => {
  const now = otherDigests(state, repository);
  const isRunning = (one: (typeof now)[number]): boolean =>
    now.some((other) => other.repository === one.repository && other.digest === one.digest);
  const { quarantine = [] } = sourceOf(state, repository);
  return quarantine.filter(({ others }) => others === undefined || (others.length === now.length && others.every(isRunning)));
};

/** Is the digest quarantined, in any of the service's sources? */
export const isQuarantined = (state: Sources, digest: string | undefined): boolean =>
  Object.keys(state.sources ?? {}).some((repository) => quarantineOf(state, repository).some((one) => one.digest === digest));

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
