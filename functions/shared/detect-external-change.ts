import type { ServiceDeployments } from '../../aws/service-deployment.js';
import type { TaskDefinitions } from '../../aws/task-definition.js';
import type { DeploymentRecord, ServiceState } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';
import { externalChange, mayBeExternalChange } from '../../core/rollout/external-change.js';

type Deps = { readonly rollouts: Pick<ServiceDeployments, 'changeTo'> };

/** The result of a deployment whose service got another image from another deployer since the push; undefined if it did not. */
export const detectExternalChange = async (
  { rollouts }: Deps,
  record: DeploymentRecord,
  revision: string,
  expectedRevisions: ServiceState['expectedRevisions'],
  { definition, tags }: Awaited<ReturnType<TaskDefinitions['describe']>>,
  containers: readonly string[],
  now: string,
): Promise<Result | undefined> => {
  if (!mayBeExternalChange(record, { revision, registeredAt: Number(definition.registeredAt), tags }, expectedRevisions)) return undefined;
  const since = record.pushedAt ?? record.startedAt;
  return externalChange(record, revision, await rollouts.changeTo(record.service, revision, { since, now }, containers));
};
