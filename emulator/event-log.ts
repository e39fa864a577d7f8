import type { Clock } from './clock.js';
import { describeError } from './errors.js';

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
    this.#keep(entry);
    for (const listener of this.#listeners) this.#notify(listener, entry);
  }

  /** A listener that throws changes nothing of what the emulator does. */
  #notify(listener: (entry: LogEntry) => void, entry: LogEntry): void {
    try {
      listener(entry);
    } catch (error) {
      // Without the listeners, one of which would throw again.
      this.#keep({
        time: this.#clock.now,
        source: 'emulator',
        type: 'listener-failed',
        detail: { on: `${entry.source} ${entry.type}`, error: describeError(error) },
      });
      console.error(`emulator: a listener of the event log failed on ${entry.source} ${entry.type}: ${describeError(error)}`);
    }
  }

  #keep(entry: LogEntry): void {
    this.entries.push(entry);
    const key = `${entry.source} ${entry.type}`;
    const ofType = this.#byType.get(key);
    if (ofType) ofType.push(entry);
    else this.#byType.set(key, [entry]);
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
