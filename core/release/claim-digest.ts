import { isBefore } from '../lease/priority.js';
import type { RecordName } from '../records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState, StageDeployment } from '../records/records.js';

/** Which release has a digest, and when that was last pushed. */
export type Claim = { readonly execution: string; readonly pushedAt: string; readonly record?: RecordName };

/** What is seen of a service that another release of the same digest deploys. */
export type ReleasedService = {
  readonly state: ServiceState;
  /** The deployments of who has the lease and of who is in line. */
  readonly others: readonly (DeploymentRecord | undefined)[];
  /** What the other release's own deployment of it has recorded. */
  readonly child: DeploymentRecord | undefined;
  /** Is it of the stage that the other release is in? */
  readonly isDue: boolean;
};

/** The deployments that another release of a digest has done or is doing: all of them, where it has ended. */
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
 * Will the service be on the digest when the other release is done, and is a release of its own not needed therefore? Only
 * where nothing else is, or is about to be, deployed there: a tag that is moved back has come after that. `pushedAt` is the
 * push that the other release began with.
 */
export const coversService = ({ state, others, child, isDue }: ReleasedService, digest: string, pushedAt: string): boolean => {
  if (others.some((one) => one?.image?.digest !== digest || one.result !== undefined)) return false;
  const { lastDeployed } = state;
  if (lastDeployed?.digest === digest) return true;
  // As old as it was when it began, it may have been skipped already.
  if (lastDeployed && !isBefore(lastDeployed.pushedAt, pushedAt)) return false;
  return others.length > 0 || (isDue && child?.result === undefined);
};
