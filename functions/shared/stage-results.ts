import type { RecordRepository } from '../../aws/record-repository.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../core/records/records.js';
import { deploymentsOf } from '../../core/release/release-plan.js';

type Found = { readonly service: string; readonly record: (DeploymentRecord & { readonly name: RecordName }) | undefined };

/** The services of one stage with the records of their deployments; undefined for a deployment without a record. */
export const readStageResults = (
  records: Pick<RecordRepository, 'deploymentNamed'>,
  release: ReleaseRecord,
  stage: string,
): Promise<Found[]> =>
  Promise.all(
    deploymentsOf(release, stage).map(async ({ service, name }) => ({
      service,
      record: await records.deploymentNamed(service, name, release.startedAt),
    })),
  );
