import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { WatchItems } from '../../aws/watch-items.js';
import { nextServiceState } from '../../core/lease/next-service-state.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord } from '../../core/records/records.js';
import { pushTo } from '../../core/release/claim-digest.js';
import type { Result } from '../../core/result/result.js';
import { publishMetrics } from '../runtime/metrics.js';
import { expiryOf } from './expiry.js';
import { type FailStageDeps, failStage, stopStage } from './fail-stage.js';
import { untilUnchanged } from './until-unchanged.js';
import { wakeQueue } from './wake-queue.js';

type Deps = FailStageDeps & {
  readonly records: Pick<RecordRepository, 'close' | 'claimed'>;
  readonly states: Pick<ServiceStateRepository, 'leave'>;
  readonly watch: Pick<WatchItems, 'close'>;
};

/**
 * Closes the record, releases the lease or leaves the queue, saves the new service state, wakes whose turn it is, and stops the stage of
 * its release if it failed. Safe to run twice, also by the sweep after a failure in between: the record is pending until its result is reported, which comes after this.
 */
export const finalizeDeployment = async (
  deps: Deps,
  { name, record, result, now }: { name: RecordName; record: DeploymentRecord; result: Result; now: string },
): Promise<void> => {
  const { records, states, watch, tokens } = deps;
  const { service, execution, release = '', endedAt = now } = record;
  // First: no step can enter the record any more. Then the state is written in any case: an AcquireLease that entered before
  // decided on the state as it was, so its write is refused, or is undone here.
  await records.close(name, { result, endedAt }, expiryOf(now));
  if (record.endedAt === undefined) publishMetrics(record, result, endedAt);
  // Before the lease is free: a deployment of the stage that looks from now on does not begin.
  const failed = await failStage(deps, { name, release, service, result, endedAt });
  const left = await untilUnchanged(async () => {
    const state = await states.of(service);
    const places = Object.entries(state.queued ?? {}).flatMap(([place, queued]) => (queued.execution === execution ? [place] : []));
    const isHolder = state.lease?.record === name;
    const claimed = isHolder && record.image ? await records.claimed(record.image.repository, record.image.digest) : undefined;
    const change = isHolder ? nextServiceState(record, result, state, endedAt, claimed && pushTo(claimed, record.stage)) : undefined;
    return (await states.leave(service, { change, places }, state)) ?? 'changed';
  });
  await watch.close(service, name);
  await wakeQueue(tokens, left);
  if (failed) await stopStage(deps, failed);
};
