import type { DeploymentRecord, ServiceState } from '../records/records.js';
import * as messages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';
import { isImageDeployment } from '../task-definition/revision-to-copy.js';
import { isRegisteredBySlipway, type Tag } from '../task-definition/task-definition.js';

/** The images of a rollout's containers before and after it, as in the task definitions, and when it began (ISO 8601). */
export type ImageChange = { readonly at: string; readonly before: readonly string[]; readonly after: readonly string[] };

/**
 * May the revision that runs be an external change, made after the push? If the expected revisions are known, it is none of them;
 * otherwise Slipway did not register it, and it was registered after the push (`registeredAt`, epoch milliseconds). Never for a
 * start by hand: the operator knows what runs.
 */
export const mayBeExternalChange = (
  record: DeploymentRecord,
  { revision, registeredAt, tags }: { readonly revision: string; readonly registeredAt: number; readonly tags: readonly Tag[] },
  expectedRevisions: ServiceState['expectedRevisions'],
): boolean => {
  if (!isImageDeployment(record) || record.trigger.kind === 'hand') return false;
  if (expectedRevisions) return !expectedRevisions.includes(revision);
  return !isRegisteredBySlipway({ tags }) && registeredAt > Date.parse(record.pushedAt ?? record.startedAt);
};

/**
 * The result of a deployment whose image an external change replaced after the push; undefined if it may proceed. A change of
 * anything but the image is kept: the next revision is a copy of it.
 */
export const externalChange = (record: DeploymentRecord, revision: string, change: ImageChange | undefined): Result | undefined => {
  const { pushedAt = record.startedAt } = record;
  if (!change || change.before.length === 0 || Date.parse(change.at) <= Date.parse(pushedAt)) return undefined;
  if (change.after.every((image) => change.before.includes(image))) return undefined;
  return resultOf('SKIPPED', 'EXTERNAL_CHANGE', messages.externalChange(pushedAt, revision, change.at));
};
