import { type BeforeTask, type Configuration, findService, repositoryOf } from '../configuration/configuration.js';
import type { DeploymentRecord } from '../records/records.js';
import { isImageDeployment } from '../task-definition/revision-to-copy.js';

/**
 * The before task of a deployment in slipway.yml: its service's, or its stage's for the operation `beforeTask`. Undefined without one, and
 * for a deployment of no new image: rollbacks, undos, redeployments and named revisions run no before task.
 */
export const beforeTaskOf = (
  configuration: Configuration,
  record: Pick<DeploymentRecord, 'service' | 'stage' | 'image' | 'operation'>,
): BeforeTask | undefined => {
  const { service, stage, image, operation } = record;
  if (!isImageDeployment(record) || !image) return undefined;
  if (operation?.kind !== 'beforeTask') return findService(configuration, service, image.repository)?.service.before;
  const before = repositoryOf(configuration, image.repository)?.stages.find(({ name }) => name === stage)?.before;
  return before?.like === service ? before : undefined;
};
