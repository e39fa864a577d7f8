import type { DeploymentSummary, InstallationAnswer, ServiceStatus, StageStatus } from '../../core/query/answers.js';
import type { Hold } from '../../core/records/records.js';
import type { RowState, ServiceKind, ServiceRow, SourceImage, TaskCounts } from '../api.js';
import { phaseKinds } from '../phase-kinds.js';
import { countTasks, type EcsCounts, type Movement, shortRevision, type TaskStates } from './moving-tasks.js';

/** What is known of one service. */
export type KnownService = {
  readonly status: ServiceStatus;
  /** The newest one that succeeded, or left the service in need of an operator: those between them changed nothing of that. */
  readonly decisive?: DeploymentSummary | undefined;
  /** `missing` if ECS has no such service; undefined while it has not been asked. */
  readonly counts?: EcsCounts | 'missing' | undefined;
  readonly states?: TaskStates | undefined;
  /** What its task definition names, of a service that Slipway has not deployed. */
  readonly images?: readonly SourceImage[] | undefined;
  readonly holdOfAll?: Hold | undefined;
  /** The stages before which a release waits. */
  readonly waits: readonly Wait[];
  readonly isProduction: boolean;
};

type Wait = NonNullable<StageStatus['waiting']>;

/** Does ECS start or stop tasks for it now? */
export const isMoving = (deployment: DeploymentSummary | undefined): deployment is DeploymentSummary =>
  deployment !== undefined && ['updating', 'rollingOut', 'verifying', 'rollingBack'].includes(deployment.phase);

export const isDecisive = ({ result }: DeploymentSummary): boolean =>
  result !== undefined && ['SUCCEEDED', 'ROLLBACK_FAILED', 'UNKNOWN'].includes(result.outcome);

const needsOperator = (deployment: DeploymentSummary | undefined): 'failed' | 'unknown' | undefined => {
  const outcome = deployment?.result?.outcome;
  return outcome === 'ROLLBACK_FAILED' ? 'failed' : outcome === 'UNKNOWN' ? 'unknown' : undefined;
};

const movementOf = (current: DeploymentSummary | undefined): Movement | undefined =>
  isMoving(current) && current.revision !== undefined
    ? { revision: current.revision, isRollback: current.phase === 'rollingBack' }
    : undefined;

export const rowOf = (known: KnownService): ServiceRow => {
  const { status, counts, decisive } = known;
  const slash = status.service.indexOf('/');
  const ecs = counts === 'missing' ? undefined : counts;
  const tasks = ecs && countTasks(ecs, movementOf(status.current), known.states);
  const state = stateOf(known, tasks);
  const target = targetOf(known, state.kind);
  const since = sinceOf(known);
  const last = status.last ?? decisive;
  return {
    id: status.service,
    cluster: status.service.slice(0, slash),
    name: status.service.slice(slash + 1),
    sources: sourcesOf(known),
    ...(target && { target }),
    ...(ecs && { revision: shortRevision(ecs.revision), desired: ecs.desired, running: ecs.running }),
    ...(since !== undefined && { since }),
    ...(tasks && { tasks }),
    state,
    quarantine: quarantineOf(status),
    isProduction: known.isProduction,
    ...(status.current && { current: status.current.id }),
    ...(last && { last: last.id }),
  };
};

/** Without a record, of the configured repositories alone: a sidecar's image is none of its sources. */
const sourcesOf = ({ status, images = [] }: KnownService): SourceImage[] => {
  const deployed = recordedImages(status);
  return deployed.length > 0
    ? deployed
    : images.filter((image) => status.sources.some(({ repository }) => repository === image.repository));
};

/** What runs by the records of Slipway; none after a rollback to what another deployer had deployed. */
export const recordedImages = ({ sources }: ServiceStatus): SourceImage[] => sources.flatMap(runsOf);

/** A task definition that was deployed as a whole has no digest of a source. */
const runsOf = ({ repository, lastDeployed, knownGood = [] }: ServiceStatus['sources'][number]): SourceImage[] => {
  const runs = lastDeployed ?? knownGood[0];
  return runs && runs.digest !== '' ? [imageOf(repository, runs)] : [];
};

const imageOf = (repository: string, { digest, tag }: { readonly digest: string; readonly tag?: string }): SourceImage => ({
  repository,
  ...(tag !== undefined && { tag }),
  digest,
});

/** What it is being taken to, or failed to be. */
const targetOf = ({ status, decisive }: KnownService, kind: ServiceKind): SourceImage | undefined => {
  const { image } = status.current ?? (kind === 'failed' || kind === 'unknown' ? decisive : undefined) ?? {};
  return image && imageOf(image.repository, image);
};

const sinceOf = ({ status, decisive, counts }: KnownService): string | undefined => {
  const proved = status.sources.flatMap(({ knownGood = [] }) => knownGood[0]?.at ?? []);
  const ended = decisive?.result?.outcome === 'SUCCEEDED' ? [decisive.endedAt ?? decisive.startedAt] : [];
  const [newest] = [...proved, ...ended].sort((one, other) => Date.parse(other) - Date.parse(one));
  return newest ?? (counts === 'missing' ? undefined : counts?.since);
};

const quarantineOf = ({ sources, last }: ServiceStatus): ServiceRow['quarantine'] =>
  sources.flatMap(({ repository, quarantine, knownGood = [] }) =>
    quarantine.map((one) => {
      const { tag } = [...knownGood, ...(last?.image ? [last.image] : [])].find(({ digest }) => digest === one.digest) ?? {};
      return { repository, ...one, ...(tag !== undefined && { tag }) };
    }),
  );

const stateOf = (known: KnownService, tasks: TaskCounts | undefined): RowState => {
  const { status } = known;
  if (status.unreadable !== undefined) return { kind: 'unreadable', message: status.unreadable };
  if (status.current && status.current.phase !== 'ended') return movingState(known, status.current, tasks);
  return inNeed(known) ?? decided(known) ?? waiting(known) ?? { kind: quietKind(known) };
};

const movingState = ({ counts }: KnownService, current: DeploymentSummary, tasks: TaskCounts | undefined): RowState => {
  const kind = current.phase === 'ended' ? 'steady' : phaseKinds[current.phase];
  const { by, reason } = current.trigger;
  const state = { kind, since: current.startedAt, ...(by !== undefined && { by }), ...(reason !== undefined && { message: reason }) };
  if (tasks === undefined || counts === undefined || counts === 'missing' || !isMoving(current)) return state;
  const isBack = kind === 'rollingBack';
  return {
    ...state,
    done: isBack ? tasks.old : tasks.new,
    of: counts.desired,
    starting: isBack ? tasks.oldStarting : tasks.newStarting,
    failed: tasks.failed,
  };
};

/** What is said before a hold and before a wait. */
const inNeed = ({ counts, decisive }: KnownService): RowState | undefined => {
  if (counts === 'missing') return { kind: 'missing' };
  const kind = needsOperator(decisive);
  if (kind === undefined || !decisive?.result) return undefined;
  const { outcome, reason, message } = decisive.result;
  return { kind, since: decisive.endedAt ?? decisive.startedAt, outcome, reason, message };
};

const decided = ({ status, holdOfAll }: KnownService): RowState | undefined => {
  const hold = status.hold ?? holdOfAll;
  if (!hold) return undefined;
  const { at, until, by, reason } = hold;
  return {
    kind: 'hold',
    since: at,
    ...(until !== undefined && { until }),
    ...(by !== undefined && { by }),
    ...(reason !== undefined && { message: reason }),
  };
};

const waiting = ({ status, waits }: KnownService): RowState | undefined => {
  const [wait] = waits;
  if (wait) {
    const { for: kind, since, until, image } = wait;
    return { kind, since, until, waits: image.tag ?? shortDigestOf(image.digest) };
  }
  const [queued] = status.queued;
  return queued && { kind: 'queued', since: queued.since };
};

const digestLetters = 12;
const shortDigestOf = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + digestLetters);

const quietKind = (known: KnownService): ServiceKind => {
  const { status, counts, decisive } = known;
  if (isChangedByOther(known)) return 'external';
  if (counts !== undefined && counts !== 'missing' && counts.desired === 0) return 'empty';
  const isKnown = status.last ?? decisive ?? status.sources.find(({ lastDeployed, knownGood }) => lastDeployed ?? knownGood?.[0]);
  return isKnown ? 'steady' : 'untouched';
};

/** Does ECS run a revision that no deployment of Slipway left there? Without a revision that is known, nothing says it. */
const isChangedByOther = ({ status, decisive, counts }: KnownService): boolean => {
  if (counts === undefined || counts === 'missing') return false;
  const ofDeployments = [status.last, decisive].flatMap((one) => [one?.revision ?? [], one?.previousRevision ?? []].flat());
  const left = [...ofDeployments, ...status.sources.flatMap(({ knownGood = [] }) => knownGood[0]?.revision ?? [])];
  return left.length > 0 && !left.includes(shortRevision(counts.revision));
};

/** Services of stages in which a rollback has its name typed. */
export const productionServices = ({ repositories }: Pick<InstallationAnswer, 'repositories'>): ReadonlySet<string> =>
  new Set(
    repositories.flatMap(({ stages }) =>
      stages.filter(({ isProduction }) => isProduction).flatMap(({ services }) => services.map(({ service }) => service)),
    ),
  );
