import type { DeploymentAnswer } from '../../core/query/answers.js';
import type { QueryRequest } from '../../core/query/request.js';
import { deploymentViews } from './deployment-views.js';
import { noticedOf } from './liveness.js';
import type { Asked } from './reads.js';
import { findDeployment } from './records.js';

/** @throws RefusedQuery NOT_FOUND or UNREADABLE */
export const deployment = async (
  asked: Asked,
  { deployment: given }: Extract<QueryRequest, { query: 'deployment' }>,
): Promise<DeploymentAnswer> => {
  const record = await findDeployment(asked, given);
  const [view] = await deploymentViews(asked, [record], await noticedOf(asked, record));
  if (!view) throw new Error(`${record.name} has no view`);
  return { deployment: view };
};
