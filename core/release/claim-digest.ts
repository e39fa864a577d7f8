import { isBefore } from '../lease/priority.js';
import { sourceOf } from '../lease/service-state.js';
import type { RecordName } from '../records/record-name.js';
import type { DeploymentRecord, Image, ReleaseRecord, ServiceState, StageDeployment } from '../records/records.js';
import { isImageDeployment } from '../task-definition/revision-to-copy.js';

/** The release that deploys a digest, and when the digest was last pushed (ISO 8601). */
export type Claim = { readonly execution: string; readonly pushedAt: string; readonly record?: RecordName };

/** What is read of a service that another release of the same digest deploys. */
export type ReleasedService = {
  readonly state: ServiceState;
  /** The deployments of the lease holder and of the queued execution; undefined if the record is missing. */
  readonly others: readonly (DeploymentRecord | undefined)[];
  /** The record of the other release's own deployment of it. */
  readonly child: DeploymentRecord | undefined;
  /** Is it in the current stage of the other release? */
  readonly isDue: boolean;
};

/** The deployments that another release of a digest has started; all of its plan if it has ended. */
export const startedDeployments = ({
  stages = [],
  stage = '',
  endedAt,
}: ReleaseRecord): (StageDeployment & { readonly isDue: boolean })[] => {
  const last = endedAt === undefined ? stages.findIndex(({ name }) => name === stage) : stages.length - 1;
  return stages
    .slice(0, last + 1)
    .flatMap(({ name, deployments }) => deployments.map((one) => ({ ...one, isDue: endedAt === undefined && name === stage })));
};

/**
 * Does the other release cover a service, so that no release of its own is needed? Only if no other digest of its source is deployed
 * there, or queued: otherwise a tag that was moved back to this digest is the later push. `pushedAt` is the push of the other
 * release.
 */
export const coversService = (
  { state, others, child, isDue }: ReleasedService,
  { repository, digest }: Pick<Image, 'repository' | 'digest'>,
  pushedAt: string,
): boolean => {
  const ofSource = others.filter((one) => !one?.image || !isImageDeployment(one) || one.image.repository === repository);
  if (ofSource.some((one) => one?.image?.digest !== digest || one.result !== undefined)) return false;
  const { lastDeployed } = sourceOf(state, repository);
  if (lastDeployed?.digest === digest) return true;
  // Something newer than its push runs: the other release may already have been skipped there.
  if (lastDeployed && !isBefore(lastDeployed.pushedAt, pushedAt)) return false;
  return ofSource.length > 0 || (isDue && child?.result === undefined);
};
