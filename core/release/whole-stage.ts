import { appliedHold, type DeploymentCandidate, leaseSkipReason } from '../lease/lease.js';
import { sourceOf } from '../lease/service-state.js';
import type { Hold, ServiceState } from '../records/records.js';
import * as messages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';

/** A service that a stage would skip as things are, and the hold that keeps it back, if one does. */
export type ServiceSkip = { readonly service: string; readonly result: Result; readonly hold?: Hold };

type States = ReadonlyMap<string, ServiceState>;

/** The services of a stage, by `cluster/service`, that an image would be kept from. `now` is ISO 8601. */
export const skipsOf = (states: States, holdOfAll: Hold | undefined, image: DeploymentCandidate, now: string): ServiceSkip[] =>
  [...states].flatMap(([service, state]): ServiceSkip[] => {
    const result = leaseSkipReason(state, image);
    if (result) return [{ service, result }];
    const hold = image.isByHand ? undefined : appliedHold(state, holdOfAll, now);
    return hold ? [{ service, result: resultOf('SKIPPED', 'ON_HOLD', messages.onHold(hold)), hold }] : [];
  });

/** Would some services of the stage get the image, and others not? */
export const isSplit = (states: States, skips: readonly ServiceSkip[], { repository, digest }: DeploymentCandidate): boolean => {
  const skipped = new Set(skips.map(({ service }) => service));
  const changed = [...states].some(
    ([service, state]) => !skipped.has(service) && sourceOf(state, repository).lastDeployed?.digest !== digest,
  );
  return skips.length > 0 && changed;
};
