import { randomBytes } from 'node:crypto';
import type { PageEvent } from '../api.js';

/** An event with the ID that a client resumes by. */
export type NumberedEvent = PageEvent & { readonly id: string };

/** Events that are kept for clients that come back. */
const kept = 1000;

/** Milliseconds between two messages about the same thing: the newest wins. */
const spacing = 250;

export type Timers = {
  readonly setTimeout: (run: () => void, milliseconds: number) => unknown;
};

/** What an event is about. */
const subjectOf = (event: PageEvent): string =>
  event.type === 'service' || event.type === 'release' || event.type === 'deployment' || event.type === 'record'
    ? `${event.type} ${event.data.id}`
    : event.type;

/** Lines of a log are added up; of anything else the newest counts. */
const merged = (before: PageEvent | undefined, event: PageEvent): PageEvent =>
  before?.type === 'log' && event.type === 'log' ? { type: 'log', data: [...event.data, ...before.data] } : event;

/**
 * Events for all connected pages: at most four a second about one thing. IDs are of this process: a client that comes with one of another
 * process, or with one that is no longer kept, has to begin with a snapshot.
 */
export class EventHub {
  readonly #run = randomBytes(4).toString('hex');
  readonly #timers: Timers;
  readonly #listeners = new Set<(event: NumberedEvent) => void>();
  readonly #sent: NumberedEvent[] = [];
  readonly #waiting = new Map<string, PageEvent>();
  /** Subjects of which one was sent within the last `spacing`. */
  readonly #paused = new Set<string>();
  #sequence = 0;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** The ID of the newest event that was sent. */
  get lastId(): string {
    return `${this.#run}-${this.#sequence}`;
  }

  publish(event: PageEvent): void {
    const subject = subjectOf(event);
    if (!this.#paused.has(subject)) this.#send(subject, event);
    else this.#waiting.set(subject, merged(this.#waiting.get(subject), event));
  }

  /** Returns the function that ends the subscription. */
  listen(listener: (event: NumberedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a client that saw this ID last has missed; undefined if that is not known any more. */
  since(id: string): readonly NumberedEvent[] | undefined {
    const [, run, number] = /^([0-9a-f]+)-(\d+)$/.exec(id) ?? [];
    const seen = Number(number);
    const oldest = this.#sequence - this.#sent.length;
    if (run !== this.#run || seen < oldest || seen > this.#sequence) return undefined;
    return this.#sent.slice(seen - oldest);
  }

  #send(subject: string, event: PageEvent): void {
    const numbered = { ...event, id: `${this.#run}-${++this.#sequence}` } as NumberedEvent;
    this.#sent.push(numbered);
    if (this.#sent.length > kept) this.#sent.shift();
    this.#paused.add(subject);
    this.#timers.setTimeout(() => this.#resume(subject), spacing);
    for (const listener of this.#listeners) listener(numbered);
  }

  #resume(subject: string): void {
    this.#paused.delete(subject);
    const waiting = this.#waiting.get(subject);
    this.#waiting.delete(subject);
    if (waiting) this.#send(subject, waiting);
  }
}
