import type { InstallationAnswer } from '../../core/query/answers.js';
import { mapInBatches } from '../../functions/runtime/map-in-batches.js';
import type { Overview } from '../api.js';
import type { Time } from './budget.js';
import { HistoryIndex, type Part, type ReadHistory } from './history-index.js';

/** Between reads in the background. Milliseconds. */
const spacing = 1000;

/** Reads that a page of older records waits for at most. */
const readsOfPage = 5;

/** What is in progress is read again after so long. Milliseconds. */
const freshness = 10_000;

type Repositories = InstallationAnswer['repositories'];

const partsOf = (repositories: Repositories): Part[] => {
  const services = repositories.flatMap(({ stages }) => stages.flatMap((stage) => stage.services.map(({ service }) => service)));
  return [...[...new Set(services)].map((service) => ({ service })), ...repositories.map(({ repository }) => ({ repository }))];
};

const nameOf = (part: Part): string => JSON.stringify(part);

/**
 * The records of the stack: read from the first use on, the newest of each part at once, older ones one by one in the background. Reads
 * that fail end the background, until the next use.
 */
export class HistoryRecords {
  readonly #read: ReadHistory;
  readonly #time: Time;
  readonly #refreshed = new Map<string, number>();
  readonly #looked = new Map<string, string>();
  #index: { readonly of: string; readonly index: HistoryIndex } | undefined;
  #isReading = false;
  #haveReleasesChanged = false;

  constructor(read: ReadHistory, time: Time) {
    this.#read = read;
    this.#time = time;
  }

  /** A release was begun or has ended. */
  releaseChanged(): void {
    this.#haveReleasesChanged = true;
  }

  /** What was read so far, if anything was. */
  get known(): HistoryIndex | undefined {
    return this.#index?.index;
  }

  /** With the newest records of each part; `error` is why those of some could not be read. */
  async current(repositories: Repositories, overview: Overview): Promise<{ readonly index: HistoryIndex; readonly error?: Error }> {
    const parts = partsOf(repositories);
    const index = this.#indexOf(parts);
    const stale = parts.filter((part) => !index.hasRead(part) || this.#isStale(part, index, overview));
    this.#haveReleasesChanged = false;
    const errors = await mapInBatches(
      stale,
      (part) => this.#refresh(part, index),
      (part, error) => {
        this.#refreshed.delete(nameOf(part));
        if ('service' in part) this.#looked.delete(part.service);
        else this.#haveReleasesChanged = true;
        return error;
      },
    );
    const error = errors.find((one) => one !== undefined);
    if (error === undefined) this.#readOn(index);
    return { index, ...(error && { error }) };
  }

  async #refresh(part: Part, index: HistoryIndex): Promise<undefined> {
    this.#refreshed.set(nameOf(part), this.#time.now());
    await index.refresh(part);
  }

  /** Reads older records until there are enough, all are read, or it takes too long for an answer. */
  async deepen(index: HistoryIndex, isEnough: () => boolean): Promise<void> {
    for (let reads = 0; reads < readsOfPage && !isEnough(); reads++) if (!(await index.readOlder())) return;
  }

  /** Another configuration has other parts. */
  #indexOf(parts: readonly Part[]): HistoryIndex {
    const of = JSON.stringify(parts);
    if (this.#index?.of !== of) this.#index = { of, index: new HistoryIndex(this.#read, parts) };
    return this.#index.index;
  }

  #isStale(part: Part, index: HistoryIndex, { services, releases }: Overview): boolean {
    if ('repository' in part)
      return this.#haveReleasesChanged || (releases.some(({ repository }) => repository === part.repository) && this.#isOld(part));
    const row = services.find(({ id }) => id === part.service);
    if (row?.current !== undefined && this.#isOld(part)) return true;
    const { last } = row ?? {};
    // A record that cannot be read is looked for once.
    const isNew = last !== undefined && this.#looked.get(part.service) !== last;
    if (last !== undefined) this.#looked.set(part.service, last);
    return isNew && !index.rows.some(({ id, endedAt }) => id === last && endedAt !== undefined);
  }

  #isOld(part: Part): boolean {
    return this.#time.now() - (this.#refreshed.get(nameOf(part)) ?? 0) >= freshness;
  }

  #readOn(index: HistoryIndex): void {
    if (this.#isReading || index.isComplete) return;
    this.#isReading = true;
    this.#time.setTimeout(() => void this.#step(index), spacing);
  }

  async #step(index: HistoryIndex): Promise<void> {
    this.#isReading = false;
    try {
      if (index === this.#index?.index && (await index.readOlder())) this.#readOn(index);
    } catch {
      // The next use reads again, and says why it cannot.
    }
  }
}
