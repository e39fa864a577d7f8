import type { StageDeployment } from '../records/records.js';
import type { StageItem } from '../step/contracts.js';

/**
 * Deployments that register their revisions at once: half of what ECS lets an account register in a burst, 20, before it throttles
 * RegisterTaskDefinition to one a second (ECS API Reference, "Request throttling"): other releases and deployers share the bucket.
 */
const burst = 10;

/**
 * The services of a stage with the delay of each deployment. Only those that start together need one: a later one starts when
 * another ends, and those have been spread.
 */
export const paced = (deployments: readonly StageDeployment[], parallel: number): StageItem[] =>
  deployments.map((deployment, index) => ({ ...deployment, delaySeconds: index < parallel ? Math.max(0, index - burst + 1) : 0 }));
