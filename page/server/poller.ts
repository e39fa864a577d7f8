import type { Overview, PageEvent } from '../api.js';
import { Budget } from './budget.js';
import type { Live } from './join-source.js';
import { changesOf } from './overview-changes.js';
import { Picture } from './picture.js';
import { type PollOptions, partsOf, type Reader } from './poller-parts.js';
import { areCredentials, problemOf } from './problems.js';
import type { Repeating } from './repeating.js';
import { Samples } from './samples.js';
import type { Watched } from './source.js';

/** Milliseconds in which changes of the emulator are one. */
const debounce = 200;

/** Milliseconds for which an overview without a connected page is good. */
const goodFor = 10_000;

/** Reads for all connected pages, and nothing without any. What was read last is answered even if the stack is gone. */
export class Poller implements Live {
  readonly #options: PollOptions;
  readonly #picture: Picture;
  readonly #samples = new Samples();
  readonly #listeners = new Set<(event: PageEvent) => void>();
  readonly #pages = new Map<symbol, Watched | undefined>();
  readonly #parts: ReturnType<typeof partsOf>;
  #published: Overview | undefined;
  #failure: unknown;
  #readAt = Number.NEGATIVE_INFINITY;
  #change: unknown;

  constructor(options: PollOptions) {
    this.#options = options;
    this.#picture = new Picture(options.mode, options.clock);
    this.#parts = partsOf({
      ...options,
      picture: this.#picture,
      budget: options.budget ?? new Budget(options.time),
      isConnected: () => this.#pages.size > 0,
      watched: () => [...this.#pages.values()].flatMap((watched) => watched ?? []),
      ended: (part, error) => this.#ended(part, error),
      published: () => this.#publish(),
      emit: (event) => this.#emit(event),
    });
  }

  readonly overview = async (): Promise<Overview> => {
    const { time } = this.#options;
    const isOld = this.#pages.size === 0 && time.now() - this.#readAt > goodFor;
    if (isOld || !this.#picture.isReady) {
      const { installation, status, progress } = this.#parts;
      await Promise.all([...(this.#picture.isReady ? [] : [installation.soon()]), status.soon(), progress.soon()]);
    }
    if (!this.#picture.isReady) throw this.#failure;
    return this.#picture.overview();
  };

  readonly listen = (listener: (event: PageEvent) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly connect = (watched?: Watched): (() => void) => {
    const page = Symbol();
    this.#pages.set(page, watched);
    if (this.#pages.size === 1) for (const part of this.#all) part.start();
    return () => {
      if (this.#pages.delete(page) && this.#pages.size === 0) this.#stop();
    };
  };

  readonly close = (): void => {
    this.#pages.clear();
    this.#stop();
  };

  /** Something has changed, by a command of the page or the emulator's log: reads at once, and once for changes close together. */
  readonly refresh = (): void => {
    if (this.#pages.size === 0 || this.#change !== undefined) return;
    this.#change = this.#options.time.setTimeout(() => {
      this.#change = undefined;
      const { status, progress, counts, tasks, lost, watched } = this.#parts;
      if (this.#pages.size > 0) for (const part of [progress, status, counts, tasks, lost, watched]) void part.soon();
    }, debounce);
  };

  /** Tasks of a deployment while a page watched, the oldest first. */
  readonly samples: Live['samples'] = (execution) => this.#samples.of(execution);

  get #all(): readonly Repeating[] {
    return Object.values(this.#parts);
  }

  #stop(): void {
    for (const part of this.#all) part.stop();
  }

  #ended(part: Reader, error: unknown): void {
    const { time, clock, profile } = this.#options;
    if (error === undefined) {
      this.#readAt = time.now();
      // Credentials that work again work for all reads. This part always reads.
      const isRenewed = part.name === 'progress' && this.#picture.problems.some(({ reason }) => areCredentials(reason));
      this.#picture.setProblem(part.name, undefined);
      if (isRenewed) this.#renew();
    } else {
      if (part.read.of === 'stack') this.#failure = error;
      this.#picture.setProblem(part.name, problemOf(error, part.read, { since: clock().now, profile }));
    }
    this.#publish();
  }

  #renew(): void {
    this.#picture.removeProblems(areCredentials);
    if (this.#pages.size > 0) for (const part of this.#all) void part.soon();
  }

  #publish(): void {
    if (!this.#picture.isReady) return;
    const overview = this.#picture.overview();
    const events = changesOf(this.#published, overview);
    this.#published = overview;
    for (const row of overview.services) this.#samples.add(row, overview.at);
    for (const event of events) {
      this.#emit(event);
      if (event.type === 'service' && event.data.current !== undefined)
        this.#emit({ type: 'deployment', data: { id: event.data.current } });
    }
  }

  #emit(event: PageEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
