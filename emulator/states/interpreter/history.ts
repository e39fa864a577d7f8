import type { Clock } from '../../clock.js';
import { StateFailure } from './failure.js';

/** One event, as GetExecutionHistory shows it. */
export type HistoryEvent = {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: Date;
  readonly type: string;
  readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>>;
};

/** The last of 25,000 events is the one with the execution's end. */
const maximumEvents = 25_000;

/** The name of an event's `…EventDetails` member, which is not always named after its type. */
const detailsName = (type: string): `${string}EventDetails` => {
  if (/State(Entered|Exited)$/.test(type)) return type.endsWith('Entered') ? 'stateEnteredEventDetails' : 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
};

export class History {
  readonly events: HistoryEvent[] = [];
  #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the event's id. Members of `details` that are undefined are left out. */
  add(type: string, previousEventId: number, details?: Readonly<Record<string, unknown>>, { isLast = false } = {}): number {
    if (!isLast && this.events.length >= maximumEvents - 1) {
      throw new StateFailure('States.Runtime', `The execution reached the maximum number of history events (${maximumEvents}).`);
    }
    const id = this.events.length + 1;
    const given = details && Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
    this.events.push({
      id,
      previousEventId,
      timestamp: this.#clock.date(),
      type,
      ...(given && { [detailsName(type)]: given }),
    } as HistoryEvent);
    return id;
  }
}

export const notTruncated = { truncated: false } as const;
