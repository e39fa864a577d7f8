import { placeOf } from '../core/lease/priority.js';
import { attributeOf, attributesOf, readState, type StateChange } from '../core/lease/service-state.js';
import { serviceStateKey } from '../core/records/record-name.js';
import { type Hold, type QueueEntry, type ServiceState, type Source, schema, type Withheld } from '../core/records/records.js';
import { ServiceStates } from './service-states.js';
import type { Change, Condition, Table } from './table.js';

type Lease = NonNullable<ServiceState['lease']>;

/** Neither the lease nor the queue has changed since the read. */
const unchanged = (fencingToken: number | undefined): Condition =>
  fencingToken === undefined
    ? { condition: 'attribute_not_exists(fencingToken)' }
    : { condition: 'fencingToken = :seen', values: { ':seen': fencingToken } };

/** The states of services, one item a service, so that every decision is one conditional write. */
export class ServiceStateRepository extends ServiceStates {
  readonly #table: Table;

  constructor(table: Table) {
    super(table);
    this.#table = table;
  }

  /**
   * Takes the lease, and removes what is in its place in the queue. As every change of lease or queue, it answers the new state;
   * undefined, with nothing changed, if lease or queue have changed since `seen` was read.
   */
  async takeLease(service: string, lease: Lease, seen: ServiceState): Promise<ServiceState | undefined> {
    return this.#changeLease(service, seen, { set: { lease }, remove: [attributeOf('queued', placeOf(lease.priority)), 'cancel'] });
  }

  /** Moves the lease from an execution that has ended to the one that resumes its deployment. */
  async takeOverLease(service: string, lease: Lease, seen: ServiceState): Promise<ServiceState | undefined> {
    return this.#changeLease(service, seen, { set: { lease } });
  }

  /** Takes its place in the queue, or keeps it with another token. */
  async enqueue(service: string, entry: QueueEntry, seen: ServiceState): Promise<ServiceState | undefined> {
    return this.#changeLease(service, seen, { set: { [attributeOf('queued', placeOf(entry.priority))]: entry } });
  }

  /** Releases the lease if `change` says what to save, and leaves these places in the queue. */
  async leave(
    service: string,
    { change, places }: { readonly change?: StateChange | undefined; readonly places: readonly string[] },
    seen: ServiceState,
  ): Promise<ServiceState | undefined> {
    const { set, remove } = change ? attributesOf(change) : { set: {}, remove: [] };
    const left = places.map((place) => attributeOf('queued', place));
    return this.#changeLease(service, seen, { set, remove: [...(change ? ['lease', 'cancel'] : []), ...remove, ...left] });
  }

  async #changeLease(service: string, { fencingToken }: ServiceState, { set, remove }: Change): Promise<ServiceState | undefined> {
    const state = await this.#table.change<object>(
      serviceStateKey(service),
      { set: { ...set, schema }, add: { fencingToken: 1 }, ...(remove && { remove }) },
      unchanged(fencingToken),
    );
    return state === undefined ? undefined : readState(service, state);
  }

  /** Saves a later push of what a source deployed last; false if that has changed since it was read. */
  async recordLaterPush(
    service: string,
    repository: string,
    seen: NonNullable<Source['lastDeployed']>,
    pushedAt: string,
  ): Promise<boolean> {
    const attribute = attributeOf('lastDeployed', repository);
    const state = await this.#table.change(
      serviceStateKey(service),
      { set: { [attribute]: { ...seen, pushedAt } } },
      {
        condition: '#deployed.digest = :digest AND #deployed.pushedAt = :seen',
        names: { '#deployed': attribute },
        values: { ':digest': seen.digest, ':seen': seen.pushedAt },
      },
    );
    return state !== undefined;
  }

  /** Saves what a hold keeps back from the lease holder; no-op for other holders. */
  async withhold(service: string, execution: string, repository: string, withheld: Withheld): Promise<void> {
    await this.#table.change(
      serviceStateKey(service),
      { set: { [attributeOf('withheld', repository)]: withheld } },
      { condition: 'lease.execution = :me', values: { ':me': execution } },
    );
  }

  /** Saves what a hold of the service keeps back from a release; false if it is not on that hold any more. */
  async withholdUnder(service: string, repository: string, withheld: Withheld): Promise<boolean> {
    const state = await this.#table.change(
      serviceStateKey(service),
      { set: { [attributeOf('withheld', repository)]: withheld } },
      { condition: '#hold.#at = :at', names: { '#hold': 'hold', '#at': 'at' }, values: { ':at': withheld.hold.at } },
    );
    return state !== undefined;
  }

  /** Requests a rollback of the lease holder; false if it does not hold the lease any more. */
  async requestCancel(service: string, holder: string, cancel: NonNullable<ServiceState['cancel']>): Promise<boolean> {
    const state = await this.#table.change(
      serviceStateKey(service),
      { set: { cancel } },
      { condition: 'lease.execution = :holder', values: { ':holder': holder } },
    );
    return state !== undefined;
  }

  /** Sets an operator's hold; `*` is every service. One with an end is pending: the sweep ends it. */
  async hold(service: string, hold: Hold): Promise<void> {
    const [set, remove] = hold.until === undefined ? [{}, ['pending']] : [{ pending: 'yes' }, []];
    await this.#table.change(serviceStateKey(service), { set: { hold, schema, ...set }, remove });
  }

  /** Releases the hold of a service; `at` limits it to the hold that was set then. */
  async unhold(service: string, at?: string): Promise<void> {
    await this.#table.change(
      serviceStateKey(service),
      { set: { schema }, remove: ['hold', 'pending', 'sweepClaimedAt'] },
      at === undefined ? undefined : { condition: '#hold.#at = :at', names: { '#hold': 'hold', '#at': 'at' }, values: { ':at': at } },
    );
  }
}
