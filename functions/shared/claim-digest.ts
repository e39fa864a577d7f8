import type { Executions } from '../../aws/execution.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { type Configuration, repositoryOf } from '../../core/configuration/configuration.js';
import { isBefore } from '../../core/lease/priority.js';
import { sourceOf } from '../../core/lease/service-state.js';
import { nameOf } from '../../core/records/execution-name.js';
import type { RecordName } from '../../core/records/record-name.js';
import { type Image, isArrival, type ReleaseRecord, type ReleaseStage } from '../../core/records/records.js';
import {
  type Claim,
  canJoin,
  coversService,
  goesOn,
  hasStagesOf,
  laterPushes,
  type Pushes,
  passesMore,
  positionOf,
  pushBefore,
  pushesOf,
  pushOf,
  stageNamed,
  withStages,
} from '../../core/release/claim-digest.js';
import * as messages from '../../core/release/messages.js';
import { planWith } from '../../core/release/planned-stages.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';
import { readBlockingTask } from './stage-results.js';
import { untilUnchanged } from './until-unchanged.js';

type Deps = {
  readonly configuration: Configuration;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly records: Pick<
    RecordRepository,
    'claim' | 'takeOverClaim' | 'claimed' | 'recordLaterPushes' | 'joinStages' | 'release' | 'update' | 'deployment' | 'deploymentNamed'
  >;
  readonly states: Pick<ServiceStateRepository, 'of' | 'recordLaterPush'>;
};

export type Planned = ReleaseRecord & { readonly image: Image; readonly stages: readonly ReleaseStage[] };

/**
 * `release` is what it deploys now: without the stages that others in progress deploy. `to` is the ARN of the other's execution, `other`
 * its record, unless that could not be read.
 */
export type Claimed =
  | { readonly action: 'proceed'; readonly release: Planned }
  | { readonly action: 'leave' | 'join'; readonly to: string; readonly other?: RecordName };

/** Another release of the digest, with its record. */
type Other = { readonly name: RecordName; readonly record: ReleaseRecord };

/** A release that asks for its digest; `seen` are the pushes that were saved before its own. */
type Asking = { readonly name: RecordName; readonly release: Planned; readonly mine: Claim; readonly seen: Pushes };

/**
 * Decides between releases of one digest, such as three tags of one image, or an event delivered twice. A release that others in
 * progress stand for is left to them; stages that they do not have are added to one that comes to them later, or else deployed by this
 * one. All that is one write of the claim, or of the other's record: run again, it gives the same answer.
 */
export const claimDigest = async (deps: Deps, name: RecordName, release: Planned): Promise<Claimed> => {
  const joined = await joinedBefore(deps, release);
  if (joined) return coveredBy('join', joined);
  const { records } = deps;
  const { repository, image, execution } = release;
  const mine: Claim = { execution, record: name, pushes: pushesOf(release) };
  if (await records.claim(repository, image.digest, mine)) return { action: 'proceed', release };
  const claimed = await records.claimed(repository, image.digest);
  if (claimed?.execution === execution) return { action: 'proceed', release };
  await recordLaterPush(deps, release);
  const asking: Asking = { name, release, mine, seen: claimed?.pushes ?? {} };
  return untilUnchanged(() => attempt(deps, asking));
};

/** The release that its stages were added to by an earlier invocation, whose answer was lost. */
const joinedBefore = async ({ records }: Deps, { joining, stages }: Planned): Promise<Other | undefined> => {
  if (joining === undefined) return undefined;
  const other = await records.release(joining).catch(ignoreMissingRecord);
  const names = new Set(stages.flatMap(({ deployments }) => deployments.map((one) => one.name)));
  const hasJoined = other?.stages?.some(({ deployments }) => deployments.some((one) => names.has(one.name))) ?? false;
  return other && hasJoined ? { name: joining, record: other } : undefined;
};

const coveredBy = (action: 'leave' | 'join', { name, record }: Other): Claimed => ({ action, to: record.execution, other: name });

const attempt = async (deps: Deps, asking: Asking): Promise<Claimed | 'changed'> => {
  const { records } = deps;
  const { release, mine } = asking;
  const { repository, image, execution } = release;
  const claimed = await records.claimed(repository, image.digest);
  if (!claimed) return (await records.claim(repository, image.digest, mine)) ? { action: 'proceed', release } : 'changed';
  if (claimed.execution === execution) return { action: 'proceed', release };
  const others = await readOthers(deps, claimed);
  // The record is opened before the claim, so it is another version's: its plan is unknown.
  if (others === undefined) return { action: 'leave', to: claimed.execution };
  const isSamePush = ({ record }: Other): boolean => hasStagesOf(record, release, (its, wanted) => !isBefore(its, wanted));
  const same = isArrival(release.trigger) ? others.find(isSamePush) : undefined;
  return same ? coveredBy('leave', same) : divide(deps, asking, claimed, others);
};

/** The releases of the digest that run: the claim's holder, and those beside it; undefined if the holder runs without a record. */
const readOthers = async ({ records, executions }: Deps, { execution, record, beside = [] }: Claim): Promise<Other[] | undefined> => {
  const read = async (name: RecordName): Promise<Other[]> => {
    const found = await records.release(name).catch(ignoreMissingRecord);
    return found ? [{ name, record: found }] : [];
  };
  const isHeld = await executions.isRunning(execution);
  const holder = isHeld && record !== undefined ? await read(record) : [];
  if (isHeld && holder.length === 0) return undefined;
  const rest: Other[] = [];
  for (const other of (await Promise.all(beside.map(read))).flat())
    if (other.record.endedAt === undefined && (await executions.isRunning(other.record.execution))) rest.push(other);
  return [...holder, ...rest];
};

/** Leaves to the others what they stand for, and joins one of them with the rest or takes the claim over. */
const divide = async (deps: Deps, asking: Asking, claimed: Claim, others: readonly Other[]): Promise<Claimed | 'changed'> => {
  const { release } = asking;
  const active = others.filter(({ record }) => goesOn(record));
  const missing: ReleaseStage[] = [];
  let standsFor: Other | undefined;
  for (const stage of release.stages) {
    const having = active.filter(({ record }) => stageNamed(record, stage.name));
    const covering = await firstCovering(deps, asking, having, stage.name);
    // Another image has come in between: this push deploys the digest anew.
    if (having.length > 0 && !covering) return takeOver(deps, asking, claimed, active, release.stages);
    standsFor ??= covering;
    if (!covering) missing.push(stage);
  }
  if (missing.length === 0 && standsFor) return coveredBy('leave', standsFor);
  const order = (repositoryOf(deps.configuration, release.repository)?.stages ?? []).map(({ name }) => name);
  // A start by hand keeps its priority and its report: neither is a stage's.
  const joinable = active.find(({ record }) => !isByHand(release) && !isByHand(record) && canJoin(record, missing, order));
  return joinable ? join(deps, asking, joinable, missing, order) : takeOver(deps, asking, claimed, active, missing);
};

const isByHand = ({ trigger }: ReleaseRecord): boolean => trigger.kind === 'hand';

const firstCovering = async (deps: Deps, asking: Asking, having: readonly Other[], stage: string): Promise<Other | undefined> => {
  for (const other of having) if (await coversStage(deps, asking, other.record, stage)) return other;
  return undefined;
};

/** Asked after the later push is saved in the claim: a deployment in progress ends with that push time. */
const coversStage = async (
  { records, states }: Deps,
  { release: mine, seen }: Asking,
  release: ReleaseRecord,
  name: string,
): Promise<boolean> => {
  const position = positionOf(release, name);
  const stage = stageNamed(release, name);
  const hasGatesAhead = position === 'ahead' || position === 'waits';
  if (!stage || (hasGatesAhead && passesMore(mine, release))) return false;
  if (position === 'ahead') return true;
  const isDue = position !== 'behind';
  const blocking = isDue ? await readBlockingTask(records, release, name) : undefined;
  for (const { service, name: child } of stage.deployments) {
    // Before the state: one that has ended in between is seen in that.
    const itsDeployment = isDue ? (blocking?.record ?? (await records.deploymentNamed(service, child, release.startedAt))) : undefined;
    const state = await states.of(service);
    const present = [...Object.values(state.queued ?? {}), ...(state.lease ? [state.lease] : [])];
    const others = await Promise.all(present.map((one) => records.deployment(one.record).catch(ignoreMissingRecord)));
    const found = { state, others, child: itsDeployment, isDue };
    if (!coversService(found, mine.image, pushBefore(release, stage, seen))) return false;
  }
  return true;
};

/** Adds stages to the other release. Its record is named first: run again, also once that one has ended, this finds what it did. */
const join = async (
  { records }: Deps,
  { name, release }: Asking,
  other: Other,
  missing: readonly ReleaseStage[],
  order: readonly string[],
): Promise<Claimed | 'changed'> => {
  const { tag } = release.image;
  const { record } = other;
  await records.update(name, { joining: other.name });
  const added = missing.map((stage) => ({ ...stage, pushedAt: pushOf(release), ...(tag !== undefined && { tag }) }));
  const plan = {
    stages: withStages(record.stages ?? [], added, order),
    passedOver: (record.passedOver ?? []).filter(({ stage }) => !added.some((one) => one.name === stage)),
  };
  return (await records.joinStages(other.name, record, plan)) ? coveredBy('join', other) : 'changed';
};

/** From here on later pushes of the digest find this release; lease, priority and what runs keep it and the others apart. */
const takeOver = async (
  { records }: Deps,
  { name, release, mine }: Asking,
  claimed: Claim,
  active: readonly Other[],
  stages: readonly ReleaseStage[],
): Promise<Claimed | 'changed'> => {
  const { repository, image, passedOver = [] } = release;
  const left = release.stages.filter((stage) => !stages.includes(stage));
  const other = nameOf(active[0]?.record.execution ?? '');
  const plan = {
    ...planWith(stages),
    passedOver: [...passedOver, ...left.map((stage) => ({ stage: stage.name, message: messages.deployedElsewhere(other) }))],
  };
  await records.update(name, plan);
  const beside = active.map((one) => one.name);
  const taken = await records.takeOverClaim(repository, image.digest, mine, { execution: claimed.execution, beside });
  return taken ? { action: 'proceed', release: { ...release, ...plan } } : 'changed';
};

/**
 * A later push of the same digest, such as a tag moved back to it, makes it newer than what was pushed in between, in the stages that
 * its tag reaches. Saved at once for services that run it, and at the end of the deployment for services that get it now. Another
 * release may save its own push meanwhile: the latest stays.
 */
const recordLaterPush = async ({ records, states }: Deps, release: Planned): Promise<void> => {
  const {
    repository,
    image: { digest },
    stages,
  } = release;
  const later = pushOf(release);
  await untilDone(async () => {
    const claimed = await records.claimed(repository, digest);
    const later = claimed ? laterPushes(claimed.pushes, pushesOf(release)) : {};
    return !claimed || Object.keys(later).length === 0 || records.recordLaterPushes(repository, digest, claimed, later);
  });
  for (const { service } of stages.flatMap(({ deployments }) => deployments))
    await untilDone(async () => {
      const { lastDeployed } = sourceOf(await states.of(service), repository);
      if (lastDeployed?.digest !== digest || !isBefore(lastDeployed.pushedAt, later)) return true;
      return states.recordLaterPush(service, repository, lastDeployed, later);
    });
};

/** A write is refused only if another one has succeeded since the read, so this ends. */
const untilDone = async (attempt: () => Promise<boolean>): Promise<void> => {
  while (!(await attempt()));
};
