import type { DeploymentRecord, ServiceState } from '../records/records.js';
import * as messages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';
import { isImageDeployment } from '../task-definition/source-revision.js';
import type { Tag } from '../task-definition/task-definition.js';

/** What a rollout changed: when it began, and images before and after it, as they stood in the task definitions. */
export type ImageChange = { readonly at: string; readonly before: readonly string[]; readonly after: readonly string[] };

/**
 * May the revision that runs be somebody else's answer to a push? It is not where our last deployment left the service;
 * where that is not known, it is not ours, and was registered after the push. A person who starts a deployment by hand has
 * seen what runs.
 */
export const mayBeExternalChange = (
  record: DeploymentRecord,
  { revision, registeredAt, tags }: { readonly revision: string; readonly registeredAt: number; readonly tags: readonly Tag[] },
  expectedRevisions: ServiceState['expectedRevisions'],
): boolean => {
  if (!isImageDeployment(record) || record.trigger.kind === 'hand') return false;
  if (expectedRevisions) return !expectedRevisions.includes(revision);
  const isOurs = tags.some(({ key }) => key === 'slipway:execution');
  return !isOurs && registeredAt > Date.parse(record.pushedAt ?? record.startedAt);
};

/** The end of a push after which somebody else has deployed another image; a change of anything else is built upon. */
export const externalChange = (record: DeploymentRecord, revision: string, change: ImageChange | undefined): Result | undefined => {
  const { pushedAt = record.startedAt } = record;
  if (!change || change.before.length === 0 || Date.parse(change.at) <= Date.parse(pushedAt)) return undefined;
  if (change.after.every((image) => change.before.includes(image))) return undefined;
  return resultOf('SKIPPED', 'EXTERNAL_CHANGE', messages.externalChange(pushedAt, revision, change.at));
};
