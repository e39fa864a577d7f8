import type { Executions } from '../../aws/execution.js';
import type { Gates, Place } from '../../aws/gates.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { TaskTokens } from '../../aws/task-tokens.js';
import { laterOf } from '../../core/lease/priority.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { Image, ReleaseRecord } from '../../core/records/records.js';
import { pushOf, pushTo } from '../../core/release/claim-digest.js';
import { type Arrival, decideArrival, type Gate } from '../../core/release/gate.js';
import * as messages from '../../core/release/messages.js';
import { type Result, resultOf } from '../../core/result/result.js';
import type { StageGateInput } from '../../core/step/contracts.js';
import { orderOf } from '../../core/step/visit.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';
import { retryTransient } from './retry-transient.js';
import { untilUnchanged } from './until-unchanged.js';

type Deps = {
  readonly gates: Pick<Gates, 'of' | 'take' | 'storeToken'>;
  readonly records: Pick<RecordRepository, 'release' | 'update' | 'noteBegun' | 'claimed'>;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
  /** Does the stage take a tag now? */
  readonly takes: (tag: string) => boolean;
  readonly compareVersions: (one: string, other: string) => number | undefined;
};

/** `isLate`: a later visit of the release has stored its token, so nothing waits for the answer of this one. */
export type Taken = { readonly gate: Gate } | { readonly ended: Result } | { readonly isLate: true };

/**
 * Takes the gate of a stage for a release, or finds it its own, with the token of this visit stored. Of two releases the newer one gets
 * it: the older one is woken, and finds it taken.
 */
export const takeGate = (deps: Deps, place: Place, arrival: Arrival, input: StageGateInput): Promise<Taken> =>
  untilUnchanged(() => attempt(deps, place, arrival, input));

const attempt = async (deps: Deps, place: Place, arrival: Arrival, input: StageGateInput): Promise<Taken | 'changed'> => {
  const { gates, records, tokens } = deps;
  const seen = await gates.of(place);
  if (seen?.release === arrival.release) {
    const gate = await gates.storeToken(place, arrival.release, input.visit, input.token);
    if (gate) return { gate };
    return (await gates.of(place))?.release === arrival.release ? { isLate: true } : 'changed';
  }
  // Read after the gate: it was saved before the gate was taken. The newer release may have passed and left the gate since.
  const superseded = displacedResult(await records.release(arrival.release), place.stage);
  if (superseded) return { ended: superseded };
  const other = await waitingAt(deps, place, seen, arrival);
  const decision = decideArrival(other, arrival, deps);
  if (other && decision.action === 'superseded') return { ended: supersededBy(other, place.stage) };
  if (other && decision.action === 'refused')
    return { ended: resultOf('SKIPPED', 'GATE_TAKEN', messages.gateTaken(place.stage, { ...other, tag: other.tag })) };
  if (other) await records.update(other.release, { displaced: displacedBy(arrival, place.stage) }).catch(ignoreMissingRecord);
  const gate = gateOf(arrival, input);
  if (!(await gates.take(place, gate, seen))) return 'changed';
  const { token } = other ?? {};
  if (token !== undefined) await retryTransient(() => tokens.wake(token));
  return { gate };
};

const displacedBy = ({ release, tag }: Arrival, stage: string): NonNullable<ReleaseRecord['displaced']> => ({
  stage,
  release,
  ...(tag !== undefined && { tag }),
});

const supersededBy = ({ release, tag }: { readonly release: RecordName; readonly tag?: string }, stage: string): Result =>
  resultOf('SUPERSEDED', 'NEWER_RELEASE', messages.newerRelease(stage, { release, tag }));

/** The result of a release whose gate before a stage a newer one has taken; undefined if none has. */
export const displacedResult = ({ displaced }: Pick<ReleaseRecord, 'displaced'>, stage: string): Result | undefined =>
  displaced?.stage === stage ? supersededBy(displaced, stage) : undefined;

/**
 * The release that waits at the gate, if it still does. One that has passed may not know it yet, if its answer was lost: that is written
 * into its record before the gate is another's.
 */
const waitingAt = async (
  { records, executions }: Deps,
  { repository, stage }: Place,
  seen: Gate | undefined,
  { digest }: Arrival,
): Promise<Gate | undefined> => {
  if (!seen) return undefined;
  if (seen.passedAt !== undefined) {
    await records.noteBegun(seen.release, stage);
    return undefined;
  }
  if (!(await executions.isRunning(seen.execution))) return undefined;
  // Its digest may have been pushed again while it waits: of two releases of one digest, the later one is newer all the same.
  const claimed = seen.digest === digest ? undefined : await records.claimed(repository, seen.digest);
  return { ...seen, pushedAt: laterOf(seen.pushedAt, claimed && pushTo(claimed, stage)) };
};

const gateOf = (arrival: Arrival, { execution, visit, token, now }: StageGateInput): Gate => ({
  release: arrival.release,
  execution,
  digest: arrival.digest,
  ...(arrival.tag !== undefined && { tag: arrival.tag }),
  pushedAt: arrival.pushedAt,
  ...(arrival.isVersioned && { isVersioned: true }),
  takenAt: now,
  visit: orderOf(visit),
  token,
});

/** How a release arrives at a stage: with the tag that reaches it, and the last push of its digest with such a tag. */
export const arrivalOf = async (
  records: Pick<RecordRepository, 'claimed'>,
  name: RecordName,
  release: ReleaseRecord & { readonly image: Image },
  stage: string,
): Promise<Arrival> => {
  const { repository, image } = release;
  const its = release.stages?.find((one) => one.name === stage);
  const claimed = await records.claimed(repository, image.digest);
  const tag = its?.tag ?? image.tag;
  return {
    release: name,
    digest: image.digest,
    pushedAt: laterOf(pushOf(release, its), claimed && pushTo(claimed, stage)),
    ...(tag !== undefined && { tag }),
    // An operator may start an older version over a newer one.
    ...(its?.isVersioned && release.trigger.kind !== 'hand' && { isVersioned: true }),
  };
};

/** Leaves the gates that an ended release has passed, or waits at. */
export const leaveGates = async (
  gates: Pick<Gates, 'leave'>,
  name: RecordName,
  { repository, stages = [], stage }: Pick<ReleaseRecord, 'repository' | 'stages' | 'stage'>,
): Promise<void> => {
  const reached = stages.slice(0, stages.findIndex((one) => one.name === stage) + 1);
  for (const one of reached) await gates.leave({ repository, stage: one.name }, name);
};
