import type { RecordRepository } from '../../aws/record-repository.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, StageDeployment } from '../../core/records/records.js';
import { deploymentsOf } from '../../core/release/release-plan.js';

/** A deployment of a release; its record is undefined if none was opened. */
export type Found = { readonly service: string; readonly record: (DeploymentRecord & { readonly name: RecordName }) | undefined };

type Records = Pick<RecordRepository, 'deploymentNamed'>;

/** The services of one stage with the records of their deployments. */
export const readStageResults = (records: Records, release: ReleaseRecord, stage: string): Promise<Found[]> =>
  readResults(records, deploymentsOf(release, stage), release.startedAt);

/** The same for named executions, of a release that started at `since` (ISO 8601). */
export const readResults = (records: Records, deployments: readonly StageDeployment[], since: string): Promise<Found[]> =>
  Promise.all(deployments.map(async ({ service, name }) => ({ service, record: await records.deploymentNamed(service, name, since) })));
