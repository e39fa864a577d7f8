import { gateKey, type RecordName } from '../core/records/record-name.js';
import { schema } from '../core/records/records.js';
import { type Gate, readGate } from '../core/release/gate.js';
import { orderOf, type Visit } from '../core/step/visit.js';
import type { Change, Condition, Table } from './table.js';

/** A repository's stage. */
export type Place = { readonly repository: string; readonly stage: string };

/** An operator who decided, and why, as far as known. ISO 8601. */
export type Decided = { readonly at: string; readonly by?: string | undefined; readonly reason?: string | undefined };

/** The gates of stages. Each change is one conditional write: of an answer, a cancellation and a deadline, the first one holds. */
export class Gates {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** @throws Error `UnreadableGate` if the item is not one of this version */
  async of({ repository, stage }: Place): Promise<Gate | undefined> {
    const item = await this.#table.get<object>(gateKey(repository, stage));
    return item && readGate(item);
  }

  /** Takes the gate as it was read: free, or another release's. False if it has changed since. */
  async take(place: Place, gate: Gate, seen: Gate | undefined): Promise<boolean> {
    const item = { ...gateKey(place.repository, place.stage), schema, ...gate };
    if (!seen) return this.#table.putOnce(item);
    return this.#table.replace(item, {
      condition: `#release = :seen AND attribute_${seen.passedAt === undefined ? 'not_exists' : 'exists'}(passedAt)`,
      names: { '#release': 'release' },
      values: { ':seen': seen.release },
    });
  }

  /** Stores the token of a visit, before the visit looks. Undefined if the gate is another release's, or a later visit stored its own. */
  async storeToken(place: Place, release: RecordName, visit: Visit, token: string): Promise<Gate | undefined> {
    return this.#change(
      place,
      { set: { token, visit: orderOf(visit) } },
      {
        condition: '#release = :release AND #visit <= :visit',
        names: { '#release': 'release', '#visit': 'visit' },
        values: { ':release': release, ':visit': orderOf(visit) },
      },
    );
  }

  /** Asks for approval, once. Answers the gate as it is then; undefined if it is another release's. */
  async ask(place: Place, release: RecordName, deadline: string): Promise<Gate | undefined> {
    const asked = await this.#ofRelease(place, release, { set: { approval: 'AWAITING', deadline } }, 'attribute_not_exists(approval)');
    return asked ?? this.#mine(place, release);
  }

  /** Notes what was published of the request. */
  async note(place: Place, release: RecordName, published: Partial<Pick<Gate, 'requestedAt' | 'remindedAt' | 'announced'>>): Promise<void> {
    await this.#ofRelease(place, release, { set: published });
  }

  /** Notes the scans that the release waits for, once. Answers the gate as it is then; undefined if it is another release's. */
  async noteScan(place: Place, release: RecordName, scans: NonNullable<Gate['scans']>): Promise<Gate | undefined> {
    const noted = await this.#ofRelease(place, release, { set: { scans } }, 'attribute_not_exists(scans)');
    return noted ?? this.#mine(place, release);
  }

  /** Notes the event of a scan; undefined if the gate has passed, or is another release's. */
  async noteScanEvent(place: Place, release: RecordName, scanEvent: NonNullable<Gate['scanEvent']>): Promise<Gate | undefined> {
    return this.#ofRelease(place, release, { set: { scanEvent } }, 'attribute_not_exists(passedAt)');
  }

  /** Ends the wait for an answer; undefined if it has one, is cancelled, or the gate is another release's. */
  async decide(
    place: Place,
    release: RecordName,
    approval: Exclude<NonNullable<Gate['approval']>, 'AWAITING'>,
    { at, by, reason }: Decided,
  ): Promise<Gate | undefined> {
    return this.#ofRelease(
      place,
      release,
      { set: { approval, decidedAt: at, decidedBy: by, decisionReason: reason } },
      'approval = :awaiting AND attribute_not_exists(cancelledAt)',
      { ':awaiting': 'AWAITING' },
    );
  }

  /** Cancels a release that waits; undefined if it does not, has passed, or is cancelled. */
  async cancel(place: Place, release: RecordName, { at, by, reason }: Decided): Promise<Gate | undefined> {
    return this.#ofRelease(
      place,
      release,
      { set: { cancelledAt: at, cancelledBy: by, cancelReason: reason } },
      'attribute_not_exists(passedAt) AND attribute_not_exists(cancelledAt)',
    );
  }

  /** Passes the gate, if the release was not cancelled and has the approval `as` it was seen; true also if it has passed before. */
  async pass(place: Place, release: RecordName, at: string, as: Gate['approval']): Promise<boolean> {
    const passed = await this.#ofRelease(
      place,
      release,
      { set: { passedAt: at }, remove: ['token'] },
      `attribute_not_exists(cancelledAt) AND ${as === undefined ? 'attribute_not_exists(approval)' : 'approval = :as'}`,
      as === undefined ? {} : { ':as': as },
    );
    return passed !== undefined;
  }

  /** Leaves the gate; no-op if it is another release's. */
  async leave({ repository, stage }: Place, release: RecordName): Promise<void> {
    await this.#table.delete(gateKey(repository, stage), {
      condition: '#release = :release',
      names: { '#release': 'release' },
      values: { ':release': release },
    });
  }

  async #mine(place: Place, release: RecordName): Promise<Gate | undefined> {
    const gate = await this.of(place);
    return gate?.release === release ? gate : undefined;
  }

  async #ofRelease(place: Place, release: RecordName, change: Change, also?: string, values: object = {}): Promise<Gate | undefined> {
    return this.#change(place, change, {
      condition: ['#release = :release', ...(also ? [also] : [])].join(' AND '),
      names: { '#release': 'release' },
      values: { ':release': release, ...values },
    });
  }

  async #change({ repository, stage }: Place, change: Change, condition: Condition): Promise<Gate | undefined> {
    const item = await this.#table.change<object>(gateKey(repository, stage), change, condition);
    return item && readGate(item);
  }
}
