import { isBefore, laterOf } from '../lease/priority.js';
import { sourceOf } from '../lease/service-state.js';
import type { RecordName } from '../records/record-name.js';
import type { DeploymentRecord, Image, ReleaseRecord, ReleaseStage, ServiceState } from '../records/records.js';
import { isImageDeployment } from '../task-definition/revision-to-copy.js';

/** The release that deploys a digest. */
export type Claim = {
  readonly execution: string;
  readonly record?: RecordName;
  /** By stage, when the digest was last pushed with a tag that reaches it. ISO 8601. */
  readonly pushes: Pushes;
  /** Records of releases of the digest that were in progress when a later one took the claim over, the latest first. */
  readonly beside?: readonly RecordName[];
};

export type Pushes = Readonly<Record<string, string>>;

/** The pushes of a release: one for each stage of its plan. */
export const pushesOf = (release: ReleaseRecord): Pushes =>
  Object.fromEntries((release.stages ?? []).map((stage) => [stage.name, pushOf(release, stage)]));

/** When the digest was pushed with the tag that reaches a stage of a release, ISO 8601. */
export const pushOf = ({ pushedAt, startedAt }: Pick<ReleaseRecord, 'pushedAt' | 'startedAt'>, stage?: ReleaseStage): string =>
  stage?.pushedAt ?? pushedAt ?? startedAt;

/** The last push of a claimed digest to a stage. */
export const pushTo = ({ pushes }: Pick<Claim, 'pushes'>, stage: string): string | undefined =>
  Object.hasOwn(pushes, stage) ? pushes[stage] : undefined;

/** Of each stage that has a later push among `others`, that one. */
export const laterPushes = (pushes: Pushes, others: Pushes): Pushes =>
  Object.fromEntries(
    Object.entries(others).filter(([stage, at]) => {
      const before = pushTo({ pushes }, stage);
      return before === undefined || isBefore(before, at);
    }),
  );

/** The attribute of a claim's item for the last push to a stage: an attribute of its own, so that one conditional write changes it. */
export const pushAttribute = (stage: string): string => `${pushPrefix}${stage}`;

const pushPrefix = 'push#';

export const attributesOfPushes = (pushes: Pushes): Record<string, string> =>
  Object.fromEntries(Object.entries(pushes).map(([stage, at]) => [pushAttribute(stage), at]));

/** A claim from its item. */
export const readClaim = ({ execution, record, beside, ...rest }: Omit<Claim, 'pushes'>): Claim => ({
  execution,
  ...(record !== undefined && { record }),
  ...(beside !== undefined && { beside }),
  pushes: Object.fromEntries(
    Object.entries(rest as Record<string, string>).flatMap(([attribute, at]) =>
      attribute.startsWith(pushPrefix) ? [[attribute.slice(pushPrefix.length), at]] : [],
    ),
  ),
});

/** Can a release go on to its later stages? Not once it has been decided that it ends, or a service of its stage has failed. */
export const goesOn = ({ endedAt, decided, rollback, stageFailure }: ReleaseRecord): boolean =>
  endedAt === undefined && decided === undefined && rollback === undefined && stageFailure === undefined;

export const stageNamed = ({ stages = [] }: Pick<ReleaseRecord, 'stages'>, stage: string): ReleaseStage | undefined =>
  stages.find(({ name }) => name === stage);

/** Is every stage of one release in the plan of another, each for a push that `isPush` accepts of that one's? */
export const hasStagesOf = (other: ReleaseRecord, release: ReleaseRecord, isPush: (its: string, wanted: string) => boolean): boolean =>
  (release.stages ?? []).every((stage) => {
    const its = stageNamed(other, stage.name);
    return its !== undefined && isPush(pushOf(other, its), pushOf(release, stage));
  });

/** How far a release is with a stage of its plan: `waits` is at its gates. */
export const positionOf = ({ stages = [], stage, begun }: ReleaseRecord, name: string): 'ahead' | 'waits' | 'begun' | 'behind' => {
  const at = (one: string | undefined): number => stages.findIndex((other) => other.name === one);
  if (at(name) !== at(stage)) return at(name) > at(stage) ? 'ahead' : 'behind';
  return begun === name ? 'begun' : 'waits';
};

/** Does a start pass gates that the other release has to wait at? Then that one does not stand for it. */
export const passesMore = (one: ReleaseRecord, other: ReleaseRecord): boolean =>
  (['force', 'ignoreWindow', 'ignoreScan'] as const).some((ignored) => one[ignored] === true && other[ignored] !== true);

/** What is read of a service that another release of the same digest deploys. */
export type ReleasedService = {
  readonly state: ServiceState;
  /** The deployments of the lease holder and of the queued execution; undefined if the record is missing. */
  readonly others: readonly (DeploymentRecord | undefined)[];
  /** The record of the other release's own deployment of it, or of the before task that keeps its stage from beginning. */
  readonly child: DeploymentRecord | undefined;
  /** Is it in the current stage of the other release? */
  readonly isDue: boolean;
};

/**
 * Does the other release cover a service, so that no release of its own is needed? Only if no other digest of its source is deployed
 * there, or queued: otherwise a tag that was moved back to this digest is the later push. `pushedAt` is the push of the other
 * release.
 */
export const coversService = (
  { state, others, child, isDue }: ReleasedService,
  { repository, digest }: Pick<Image, 'repository' | 'digest'>,
  pushedAt: string,
): boolean => {
  const ofSource = others.filter((one) => !one?.image || !isImageDeployment(one) || one.image.repository === repository);
  if (ofSource.some((one) => one?.image?.digest !== digest || one.result !== undefined)) return false;
  const { lastDeployed } = sourceOf(state, repository);
  if (lastDeployed?.digest === digest) return true;
  // Something newer than its push runs: the other release may already have been skipped there.
  if (lastDeployed && !isBefore(lastDeployed.pushedAt, pushedAt)) return false;
  return ofSource.length > 0 || (isDue && child?.result === undefined);
};

/** Can these stages be added to a release, so that it deploys them after its current one? `order` has the stages of slipway.yml. */
export const canJoin = (release: ReleaseRecord, stages: readonly ReleaseStage[], order: readonly string[]): boolean => {
  const current = order.indexOf(release.stage ?? '');
  return current >= 0 && stages.every(({ name }) => order.indexOf(name) > current);
};

/** The stages of a release with others in their places. Those that slipway.yml no longer has stay where they are. */
export const withStages = (stages: readonly ReleaseStage[], added: readonly ReleaseStage[], order: readonly string[]): ReleaseStage[] => {
  const all = [...stages];
  for (const stage of added) {
    const next = all.findIndex(({ name }) => order.indexOf(name) > order.indexOf(stage.name));
    all.splice(next < 0 ? all.length : next, 0, stage);
  }
  return all;
};

/** The push that a guard compares with: of the other release, or a later one that was saved before this one's. */
export const pushBefore = (release: ReleaseRecord, stage: ReleaseStage, seen: Pushes): string =>
  laterOf(pushOf(release, stage), pushTo({ pushes: seen }, stage.name));
