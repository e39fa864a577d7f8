import type { InProgress } from '../../core/query/answers.js';
import type { Overview, PageEvent } from '../api.js';
import type { Budget, Time } from './budget.js';
import type { Picture } from './picture.js';
import { areCredentials, type Read } from './problems.js';
import type { PageReads } from './reads.js';
import { Repeating } from './repeating.js';
import type { Watched } from './source.js';

const seconds = 1000;

/** Milliseconds between two reads of each kind in an account; on the emulator its event log says when. */
export const periods = {
  progressMoving: 2 * seconds,
  progressIdle: 10 * seconds,
  status: 10 * seconds,
  countsMoving: 5 * seconds,
  countsSteady: 60 * seconds,
  tasks: 5 * seconds,
  watched: 5 * seconds,
  lostMessages: 60 * seconds,
  installation: 300 * seconds,
  identity: 3600 * seconds,
  /** Of one service after the other: those whose newest deployment says nothing of whether it is in need. */
  history: 1 * seconds,
  /** Of every read while the credentials do not work. */
  withoutCredentials: 60 * seconds,
} as const;

/** Services of which tasks are read one by one, with at most so many tasks. */
const detailed = { services: 8, tasks: 100 } as const;
/** Services of one DescribeServices (ECS API). */
const servicesPerCall = 10;
/** ListTasks and DescribeTasks, of running and of stopped tasks. */
const callsForTasks = 4;
/** Services that are asked for by name; of more, all are. */
const mostByName = 50;

export type PollOptions = {
  readonly reads: PageReads;
  readonly time: Time;
  readonly mode: Overview['mode'];
  readonly clock: () => Overview['clock'];
  /** Of the AWS configuration. */
  readonly profile?: string | undefined;
  readonly budget?: Budget | undefined;
};

type PartName = 'installation' | 'status' | 'progress' | 'counts' | 'images' | 'tasks' | 'watched' | 'lost' | 'history' | 'identity';

export type Reader = { readonly name: PartName; readonly read: Read };

type Context = Omit<PollOptions, 'budget'> & {
  readonly picture: Picture;
  readonly budget: Budget;
  readonly isConnected: () => boolean;
  readonly watched: () => readonly Watched[];
  readonly ended: (part: Reader, error: unknown) => void;
  readonly published: () => void;
  readonly emit: (event: PageEvent) => void;
};

const query: Read = { of: 'stack', permission: 'lambda:InvokeFunction' };

/** What is read, each with its own period. */
export const partsOf = (context: Context): Readonly<Record<PartName, Repeating>> => {
  const { reads, picture } = context;
  const part = (name: PartName, read: Read, period: number | (() => number), act: () => Promise<void>): Repeating =>
    new Repeating({
      time: context.time,
      act,
      period: () => periodOf(context, typeof period === 'number' ? period : period()),
      ended: (error) => context.ended({ name, read }, error),
    });
  const counts = new CountsReader(context);
  const status = new StatusReader(context, () => void parts.counts.soon());
  const parts = {
    installation: part('installation', query, periods.installation, async () => picture.setInstallation(await reads.installation())),
    status: part('status', query, periods.status, () => status.read()),
    progress: part(
      'progress',
      query,
      () => (picture.isMoving ? periods.progressMoving : periods.progressIdle),
      () => status.readProgress(),
    ),
    counts: part(
      'counts',
      { of: 'services', permission: 'ecs:DescribeServices' },
      () => (picture.moving.length > 0 ? periods.countsMoving : periods.countsSteady),
      async () => {
        await counts.read();
        if (picture.unknownRevisions.length > 0) void parts.images.soon();
      },
    ),
    images: part('images', { of: 'tasks', permission: 'ecs:DescribeTaskDefinition' }, periods.countsSteady, () => readImages(context)),
    tasks: part('tasks', { of: 'tasks', permission: 'ecs:ListTasks' }, periods.tasks, () => readTasks(context)),
    watched: part('watched', { of: 'machine', permission: 'states:GetExecutionHistory' }, periods.watched, async () =>
      emitWatched(context),
    ),
    lost: part('lost', { of: 'lostMessages', permission: 'sqs:GetQueueAttributes' }, periods.lostMessages, async () =>
      picture.setLostMessages(await reads.lostMessages()),
    ),
    history: part(
      'history',
      query,
      () => (picture.undecided.length > 0 ? periods.history : periods.countsSteady),
      () => readHistory(context),
    ),
    identity: part('identity', { of: 'identity', permission: 'sts:GetCallerIdentity' }, periods.identity, async () =>
      picture.setMe(await reads.identity()),
    ),
  };
  return parts;
};

const periodOf = ({ mode, picture }: Context, period: number): number => {
  if (picture.problems.some(({ reason }) => areCredentials(reason))) return Math.max(period, periods.withoutCredentials);
  return mode === 'emulator' ? Number.POSITIVE_INFINITY : period;
};

/** State items, and what is in progress. */
class StatusReader {
  readonly #context: Context;
  readonly #changed: () => void;
  /** Are the newest deployments of all services known? */
  #isLastKnown = false;

  /** `changed`: services begin or end to move, or are known at last. */
  constructor(context: Context, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
  }

  async read(): Promise<void> {
    const { reads, picture, isConnected } = this.#context;
    const last = !this.#isLastKnown;
    picture.setStatus(await reads.status({ last }), true);
    this.#isLastKnown = true;
    if (last && isConnected()) this.#changed();
  }

  /** A service whose deployment has begun or ended is read at once. */
  async readProgress(): Promise<void> {
    const { reads, picture } = this.#context;
    const { begun, ended, changed } = picture.setProgress(await reads.progress());
    if (!this.#isLastKnown) return;
    await this.#readServices(picture.servicesOf(begun, ended));
    this.#announce(begun, ended);
    if (isAny(begun) || isAny(ended)) this.#changed();
    for (const event of changed) this.#context.emit(event);
  }

  async #readServices(services: readonly string[]): Promise<void> {
    const { reads, picture } = this.#context;
    if (services.length === 0) return;
    // Should the read fail, the next one of all services makes up for it.
    this.#isLastKnown = false;
    if (services.length > mostByName) return this.read();
    picture.setStatus(await reads.status({ services, last: true }), false);
    this.#isLastKnown = true;
  }

  #announce(begun: InProgress, ended: InProgress): void {
    const { picture, emit } = this.#context;
    const record = (id: string, kind: 'deployment' | 'release', outcome = picture.outcomeOf(id)): void => {
      emit({ type: 'record', data: { id, kind, ...(outcome !== undefined && { outcome }) } });
      emit({ type: kind, data: { id } });
    };
    for (const { id } of [...begun.deployments, ...ended.deployments]) record(id, 'deployment');
    for (const { id } of [...begun.releases, ...ended.releases]) record(id, 'release');
  }
}

const isAny = ({ releases, deployments }: InProgress): boolean => releases.length + deployments.length > 0;

/** ECS's counts of services: of those that move often, of the others rarely. */
class CountsReader {
  readonly #context: Context;
  #allAt = Number.NEGATIVE_INFINITY;

  constructor(context: Context) {
    this.#context = context;
  }

  async read(): Promise<void> {
    const { reads, picture, budget, time, mode, isConnected, published } = this.#context;
    const isAll = mode === 'emulator' || time.now() - this.#allAt >= periods.countsSteady;
    for (const services of callsFor(isAll ? picture.services : picture.moving)) {
      await budget.take('ecsServices');
      if (!isConnected()) return;
      picture.setCounts(services, await reads.counts(services));
      published();
    }
    if (isAll && picture.isReady) this.#allAt = time.now();
  }
}

/** Ten services of one cluster a call. */
const callsFor = (services: readonly string[]): string[][] => {
  const byCluster = new Map<string, string[]>();
  for (const service of services) {
    const cluster = service.slice(0, service.indexOf('/'));
    byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), service]);
  }
  return [...byCluster.values()].flatMap((names) =>
    Array.from({ length: Math.ceil(names.length / servicesPerCall) }, (_, call) =>
      names.slice(call * servicesPerCall, (call + 1) * servicesPerCall),
    ),
  );
};

/** A revision never changes: each is read once. */
const readImages = async ({ reads, picture, budget, isConnected }: Context): Promise<void> => {
  for (const revision of picture.unknownRevisions) {
    await budget.take('ecsTaskDefinitions');
    if (!isConnected()) return;
    picture.setImages(revision, await reads.images(revision));
  }
};

const readTasks = async ({ reads, picture, budget, isConnected }: Context): Promise<void> => {
  const services = picture.movingWithAtMost(detailed.tasks).slice(0, detailed.services);
  picture.keepTasksOf(services);
  for (const service of services) {
    await budget.take('ecsTasks', callsForTasks);
    if (!isConnected()) return;
    picture.setTasks(service, await reads.tasks(service));
  }
};

const readHistory = async ({ reads, picture }: Context): Promise<void> => {
  const [service] = picture.undecided;
  if (service !== undefined) picture.setHistory(service, await reads.deployments(service));
};

/** A view of what is in progress reads its execution again. */
const emitWatched = ({ watched, picture, emit }: Context): void => {
  const seen = new Set(watched().flatMap((one) => (one.view === 'service' ? [] : [`${one.view} ${one.id}`])));
  for (const { kind, id } of picture.inProgress) if (seen.has(`${kind} ${id}`)) emit({ type: kind, data: { id } });
};
