import { registryOf } from '../../core/image/image-reference.js';
import type { DeploymentSummary, Head, InProgress, InstallationAnswer, ServiceStatus, Status } from '../../core/query/answers.js';
import type { Outcome } from '../../core/result/result.js';
import type { ClockState, FirstDay, Me, Overview, PageEvent, Problem, ProblemReason, ServiceRow, SourceImage } from '../api.js';
import { attentionOf } from './attention.js';
import type { EcsCounts, TaskStates } from './moving-tasks.js';
import { inOrder, releaseRow } from './overview.js';
import { isDecisive, productionServices, recordedImages, rowOf } from './rows.js';

/** What is known of the stack: each read replaces its part, and all else stays as it was last read. */
export class Picture {
  #installation: (Head & InstallationAnswer) | undefined;
  #status: (Head & Status) | undefined;
  #progress: InProgress = { releases: [], deployments: [] };
  readonly #services = new Map<string, ServiceStatus>();
  readonly #last = new Map<string, DeploymentSummary>();
  readonly #decisive = new Map<string, DeploymentSummary>();
  readonly #counts = new Map<string, EcsCounts | 'missing'>();
  readonly #states = new Map<string, TaskStates>();
  readonly #images = new Map<string, readonly SourceImage[]>();
  readonly #lost = new Map<string, { readonly count: number; readonly since: string }>();
  readonly #problems = new Map<string, Problem>();
  readonly #seen = new Map<string, string>();
  #me: Me | undefined;

  readonly #mode: Overview['mode'];
  readonly #clock: () => ClockState;

  constructor(mode: Overview['mode'], clock: () => ClockState) {
    this.#mode = mode;
    this.#clock = clock;
  }

  get isReady(): boolean {
    return this.#installation !== undefined && this.#status !== undefined;
  }

  get services(): readonly string[] {
    return [...this.#services.keys()];
  }

  /** Services that hold their lease for a deployment which has not ended. */
  get moving(): readonly string[] {
    return [...new Set(this.#progress.deployments.map(({ service }) => service))];
  }

  get isMoving(): boolean {
    return this.#progress.deployments.length > 0 || this.#progress.releases.some(({ waiting }) => waiting === undefined);
  }

  /** Services whose newest deployment says nothing of whether they are in need of an operator. */
  get undecided(): readonly string[] {
    return [...this.#last].flatMap(([service]) => (this.#decisive.has(service) ? [] : [service]));
  }

  /** Of what moves, those with at most so many tasks. */
  movingWithAtMost(tasks: number): readonly string[] {
    return this.moving.filter((service) => {
      const counts = this.#counts.get(service);
      return counts !== undefined && counts !== 'missing' && counts.tasks.reduce((sum, one) => sum + one.running + one.pending, 0) <= tasks;
    });
  }

  get inProgress(): readonly { readonly kind: 'release' | 'deployment'; readonly id: string }[] {
    const { releases, deployments } = this.#progress;
    return [
      ...releases.map(({ id }) => ({ kind: 'release' as const, id })),
      ...deployments.map(({ id }) => ({ kind: 'deployment' as const, id })),
    ];
  }

  /** Services of deployments, and of the stages of releases that have ended. */
  servicesOf(begun: InProgress, ended: InProgress): readonly string[] {
    const repositories = new Set(ended.releases.map(({ repository }) => repository));
    const stages = this.#status?.repositories.filter(({ repository }) => repositories.has(repository)).flatMap((one) => one.stages) ?? [];
    const named = [...begun.deployments, ...ended.deployments].map(({ service }) => service);
    return [...new Set([...named, ...stages.flatMap(({ services }) => services)])];
  }

  /** How a deployment ended, if it is the newest of its service. */
  outcomeOf(id: string): Outcome | undefined {
    return [...this.#last.values()].find((one) => one.id === id)?.result?.outcome;
  }

  setMe(me: Me): void {
    this.#me = me;
  }

  setInstallation(installation: Head & InstallationAnswer): void {
    this.#installation = installation;
  }

  /** Of the whole stack, or, with `some`, of some services alone. */
  setStatus(status: Head & Status, isWhole: boolean): void {
    if (isWhole) {
      this.#status = status;
      this.#services.clear();
    }
    for (const service of status.services) {
      this.#services.set(service.service, service);
      if (service.last) this.setEnded(service.last);
    }
  }

  /** A deployment that has ended: the newest of its service. */
  setEnded(ended: DeploymentSummary): void {
    this.#last.set(ended.service, ended);
    if (isDecisive(ended)) this.#decisive.set(ended.service, ended);
  }

  /** The newest of these that decides whether its service is in need; undefined: none of them does, so it is not. */
  setHistory(service: string, newestFirst: readonly DeploymentSummary[]): void {
    const found = newestFirst.find(isDecisive) ?? this.#last.get(service);
    if (found) this.#decisive.set(service, found);
  }

  /** Answers what was not in progress before, what is no more, and events of what has changed. */
  setProgress(progress: InProgress): Progressed {
    const before = this.#progress;
    this.#progress = progress;
    return { begun: without(progress, before), ended: without(before, progress), changed: changed(before, progress) };
  }

  setCounts(asked: readonly string[], counts: ReadonlyMap<string, EcsCounts>): void {
    for (const service of asked) this.#counts.set(service, counts.get(service) ?? 'missing');
  }

  /** Revisions whose images are not known, of services whose records name none. */
  get unknownRevisions(): readonly string[] {
    const revisions = [...this.#services.values()].flatMap((status) => {
      const counts = this.#counts.get(status.service);
      return recordedImages(status).length > 0 || counts === undefined || counts === 'missing' ? [] : [counts.revision];
    });
    return [...new Set(revisions)].filter((revision) => !this.#images.has(revision));
  }

  setImages(revision: string, images: readonly SourceImage[]): void {
    this.#images.set(revision, images);
  }

  setTasks(service: string, states: TaskStates | undefined): void {
    if (states) this.#states.set(service, states);
    else this.#states.delete(service);
  }

  /** Tasks one by one are known of services that move, and only while they do. */
  keepTasksOf(services: readonly string[]): void {
    for (const service of this.#states.keys()) if (!services.includes(service)) this.#states.delete(service);
  }

  setLostMessages(counts: ReadonlyMap<string, number>): void {
    for (const [queue, count] of counts) {
      if (count === 0) this.#lost.delete(queue);
      else this.#lost.set(queue, { count, since: this.#lost.get(queue)?.since ?? this.#clock().now });
    }
  }

  /** Of one read; undefined: it works. A problem that lasts is there since it began. */
  setProblem(read: string, problem: Problem | undefined): void {
    const before = this.#problems.get(read);
    if (problem === undefined) this.#problems.delete(read);
    else this.#problems.set(read, before?.reason === problem.reason ? { ...problem, since: before.since } : problem);
  }

  removeProblems(isOver: (reason: ProblemReason) => boolean): void {
    for (const [read, { reason }] of this.#problems) if (isOver(reason)) this.#problems.delete(read);
  }

  /** One of each panel and reason. */
  get problems(): readonly Problem[] {
    const all = [...this.#problems.values()];
    return all.filter((one, index) => all.findIndex(({ of, reason }) => of === one.of && reason === one.reason) === index);
  }

  /** @throws Error before the first status and the installation are known */
  overview(): Overview {
    const [status, installation] = [this.#status, this.#installation];
    if (!status || !installation) throw new Error('the stack has not been read');
    const services = inOrder(this.#rows(status, installation));
    const rows = new Map(services.map((row) => [row.id, row]));
    const { stage, account, region, version } = installation.stack;
    const lastEndedAt = this.#lastEndedAt();
    const firstDay = this.#firstDay(installation);
    return {
      at: this.#clock().now,
      mode: this.#mode,
      stack: { stage, account, region, version },
      ...(this.#me && { me: this.#me }),
      clock: this.#clock(),
      services,
      releases: this.#progress.releases.map((release) =>
        releaseRow(release, { repositories: status.repositories, deployments: this.#progress.deployments, rows }),
      ),
      attention: attentionOf({
        rows: services,
        decisive: this.#decisive,
        repositories: status.repositories,
        lost: [...this.#lost].map(([queue, lost]) => ({ queue, ...lost })),
        seenAt: (id) => this.#seenAt(id),
      }),
      ...(status.holdOfAll && { holdOfAll: status.holdOfAll }),
      ...(firstDay && { firstDay }),
      problems: this.problems,
      ...(lastEndedAt !== undefined && { lastEndedAt }),
    };
  }

  #rows({ holdOfAll, repositories }: Status, installation: InstallationAnswer): ServiceRow[] {
    const production = productionServices(installation);
    const waits = repositories.flatMap(({ stages }) => stages.filter(({ waiting }) => waiting !== undefined));
    return [...this.#services.values()].map((status) => {
      const { service } = status;
      const current = this.#progress.deployments.find((one) => one.service === service && one.id === status.current?.id) ?? status.current;
      return rowOf({
        status: { ...status, ...(current && { current }), ...this.#lastOf(service) },
        decisive: this.#decisive.get(service),
        counts: this.#counts.get(service),
        states: this.#states.get(service),
        images: this.#imagesOf(service),
        holdOfAll,
        waits: waits.flatMap(({ services, waiting }) => (waiting && services.includes(service) ? [waiting] : [])),
        isProduction: production.has(service),
      });
    });
  }

  #imagesOf(service: string): readonly SourceImage[] | undefined {
    const counts = this.#counts.get(service);
    return counts === undefined || counts === 'missing' ? undefined : this.#images.get(counts.revision);
  }

  #lastOf(service: string): { readonly last?: DeploymentSummary } {
    const last = this.#last.get(service);
    return last ? { last } : {};
  }

  #seenAt(id: string): string {
    const at = this.#seen.get(id) ?? this.#clock().now;
    this.#seen.set(id, at);
    return at;
  }

  #lastEndedAt(): string | undefined {
    const ends = [...this.#last.values()].flatMap(({ endedAt }) => endedAt ?? []);
    return ends.sort((one, other) => Date.parse(other) - Date.parse(one))[0];
  }

  #firstDay({ repositories, stack }: Head & InstallationAnswer): FirstDay | undefined {
    const isUnused = [...this.#services.values()].every((status) => status.unreadable === undefined && !isDeployed(status));
    if (!isUnused || this.#last.size > 0 || this.#progress.releases.length > 0 || this.#progress.deployments.length > 0) return undefined;
    return {
      registry: registryIn(stack),
      repositories: repositories.map(({ repository, tags, stages }) => ({
        repository,
        tags,
        stages: stages.map(({ name, hasApproval, hasWindow }) => ({ name, hasApproval, hasWindow })),
        exampleTag: (tags[0] ?? '*').replaceAll('*', '1'),
      })),
    };
  }
}

/** Has Slipway deployed to it? */
const isDeployed = ({ sources }: ServiceStatus): boolean =>
  sources.some(({ lastDeployed, knownGood = [] }) => lastDeployed !== undefined || knownGood.length > 0);

/** The host of the account's registry: the machines are in its account and Region. */
const registryIn = ({ machines }: Head['stack']): string => registryOf(machines.release);

type Progressed = { readonly begun: InProgress; readonly ended: InProgress; readonly changed: readonly PageEvent[] };

/** Of releases and deployments that were in progress before, too. */
const changed = (before: InProgress, after: InProgress): PageEvent[] =>
  (['release', 'deployment'] as const).flatMap((type) => {
    const known = new Map([...before[`${type}s`]].map((one) => [one.id, JSON.stringify(one)]));
    return [...after[`${type}s`]].flatMap((one) => {
      const was = known.get(one.id);
      return was === undefined || was === JSON.stringify(one) ? [] : [{ type, data: { id: one.id } }];
    });
  });

const without = (one: InProgress, other: InProgress): InProgress => {
  const names = new Set([...other.releases, ...other.deployments].map(({ name }) => name));
  return {
    releases: one.releases.filter(({ name }) => !names.has(name)),
    deployments: one.deployments.filter(({ name }) => !names.has(name)),
  };
};
