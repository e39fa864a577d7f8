import type { Stage } from '../configuration/configuration.js';
import { shortDigest } from '../image/image-reference.js';
import type { ServiceState } from '../records/records.js';
import { type Result, resultOf } from '../result/result.js';
import { isQuarantined } from '../rollout/quarantine.js';
import * as messages from './messages.js';

/** Of the stage that is required: has the digest succeeded there, and the states of its services, by `cluster/service`. */
export type RequiredStage = {
  readonly hasSucceeded: boolean;
  readonly states: ReadonlyMap<string, Pick<ServiceState, 'sources'>>;
};

/**
 * Why an image does not meet what a stage requires: it has not succeeded in that stage, or failed there since, or was rolled back from
 * it. Undefined if it meets it, or if nothing is required.
 */
export const unmetRequirement = (
  { name, requires }: Pick<Stage, 'name' | 'requires'>,
  digest: string,
  { hasSucceeded, states }: RequiredStage,
): Result | undefined => {
  if (requires === undefined) return undefined;
  if (!hasSucceeded) return resultOf('SKIPPED', 'STAGE_REQUIRED', messages.stageRequired(name, requires, shortDigest(digest)));
  const [failed] = [...states].find(([, state]) => isQuarantined(state, digest)) ?? [];
  if (failed === undefined) return undefined;
  return resultOf('SKIPPED', 'STAGE_REQUIRED', messages.stageRequiredQuarantined(name, requires, failed));
};
