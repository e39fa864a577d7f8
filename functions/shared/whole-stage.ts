import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { DeploymentCandidate } from '../../core/lease/lease.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { ServiceState } from '../../core/records/records.js';
import * as messages from '../../core/release/messages.js';
import { isSplit, type ServiceSkip, skipsOf } from '../../core/release/whole-stage.js';
import { type Result, resultOf } from '../../core/result/result.js';

type Deps = { readonly states: Pick<ServiceStateRepository, 'of' | 'withholdUnder'> };

/** A stage that a release is about to begin, with the image. `now` is ISO 8601. */
type Beginning = {
  readonly release: RecordName;
  readonly stage: string;
  readonly services: readonly string[];
  readonly image: DeploymentCandidate;
  readonly now: string;
};

/** The services of a stage that would be skipped as things are, and their states. */
export const readSkips = async (
  { states }: { readonly states: Pick<ServiceStateRepository, 'of'> },
  { services, image, now }: Pick<Beginning, 'services' | 'image' | 'now'>,
): Promise<{ readonly skips: readonly ServiceSkip[]; readonly read: ReadonlyMap<string, ServiceState> }> => {
  const read = new Map(await Promise.all(services.map(async (service) => [service, await states.of(service)] as const)));
  const { hold } = await states.of('*');
  return { skips: skipsOf(read, hold, image, now), read };
};

/**
 * The result of a release before a stage that is deployed wholly or not at all, if some of its services would be skipped; undefined if it
 * may begin. What a hold keeps back is saved for its end. `changed`: a hold was released or set meanwhile.
 */
export const splitResult = async (deps: Deps, beginning: Beginning): Promise<Result | 'changed' | undefined> => {
  const { release, stage, image } = beginning;
  const { skips, read } = await readSkips(deps, beginning);
  const [first] = skips;
  if (!first || !isSplit(read, skips, image)) return undefined;
  const { repository, digest, tag, pushedAt } = image;
  for (const { service, hold } of skips) {
    if (!hold) continue;
    const kept = { digest, pushedAt, release, hold, ...(tag !== undefined && { tag }) };
    if (!(await deps.states.withholdUnder(service, repository, kept))) return 'changed';
  }
  return resultOf('SKIPPED', first.result.reason as 'ON_HOLD', messages.notWhole(stage, first.service, first.result.message));
};
