import type { Clock } from './clock.js';

/** One entry, for the command line to show and for tests to assert on. `time` is virtual, in epoch milliseconds. */
export type LogEntry = {
  readonly time: number;
  /** `ecs`, `ecr`, `states`, `lambda`, `events`, `sns`, `sqs`, `slack` … */
  readonly source: string;
  /** kebab-case, past tense: `task-stopped`, `state-entered`, `image-pushed`. */
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

export class EventLog {
  readonly entries: LogEntry[] = [];
  #clock: Clock;
  #listeners = new Set<(entry: LogEntry) => void>();
  /** Entries by source and type: tests ask for them after every step of the clock. */
  #byType = new Map<string, LogEntry[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(source: string, type: string, detail: Record<string, unknown> = {}): void {
    const entry = { time: this.#clock.now, source, type, detail };
    this.entries.push(entry);
    const key = `${source} ${type}`;
    const ofType = this.#byType.get(key);
    if (ofType) ofType.push(entry);
    else this.#byType.set(key, [entry]);
    for (const listener of this.#listeners) listener(entry);
  }

  /** Returns the function that ends the subscription. */
  listen(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  of(source: string, type: string): LogEntry[] {
    return this.#byType.get(`${source} ${type}`)?.slice() ?? [];
  }
}
