import type { RecordRepository } from '../../aws/record-repository.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, StageDeployment } from '../../core/records/records.js';
import { stageNamed } from '../../core/release/claim-digest.js';
import { deploymentsOf, isStagePassed } from '../../core/release/release-plan.js';

/** A deployment of a release; its record is undefined if none was opened. */
export type Found = { readonly service: string; readonly record: (DeploymentRecord & { readonly name: RecordName }) | undefined };

type Records = Pick<RecordRepository, 'deploymentNamed'>;

/** The services of one stage with the records of their deployments. */
export const readStageResults = (records: Records, release: ReleaseRecord, stage: string): Promise<Found[]> =>
  readResults(records, deploymentsOf(release, stage), release.startedAt);

/** The before task of a stage, if that keeps the stage from beginning: it did not succeed, and its service does not run the image already. */
export const readBlockingTask = async (records: Records, release: ReleaseRecord, stage: string): Promise<Found | undefined> => {
  const { before } = stageNamed(release, stage) ?? {};
  const [found] = before ? await readResults(records, [before], release.startedAt) : [];
  return found && !isStagePassed([found]) ? found : undefined;
};

/** What decides about a stage that was begun: its services or, if that keeps it from beginning, its before task alone. */
export const readDecisiveResults = async (records: Records, release: ReleaseRecord, stage: string): Promise<Found[]> => {
  const task = await readBlockingTask(records, release, stage);
  return task ? [task] : readStageResults(records, release, stage);
};

/** The same for named executions, of a release that started at `since` (ISO 8601). */
export const readResults = (records: Records, deployments: readonly StageDeployment[], since: string): Promise<Found[]> =>
  Promise.all(deployments.map(async ({ service, name }) => ({ service, record: await records.deploymentNamed(service, name, since) })));
