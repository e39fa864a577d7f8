import { placeOf } from '../core/lease/priority.js';
import { attributeOf, attributesOf, readState, type StateChange } from '../core/lease/service-state.js';
import { serviceStateKey } from '../core/records/record-name.js';
import { type Hold, type QueueEntry, type ServiceState, type Source, schema, type Withheld } from '../core/records/records.js';
import { ServiceStates } from './service-states.js';
import type { Condition, Table } from './table.js';

type Lease = NonNullable<ServiceState['lease']>;

/** The fencing token is incremented each time that the lease is taken: unchanged, it was not taken since the read. */
const unchanged = (fencingToken: number | undefined): { condition: string; values: Record<string, number> } =>
  fencingToken === undefined
    ? { condition: 'attribute_not_exists(fencingToken)', values: {} }
    : { condition: 'fencingToken = :seen', values: { ':seen': fencingToken } };

const isPlaceFree = '(attribute_not_exists(#place) OR #place.execution = :me OR #place.execution = :replaceQueued)';

/** The states of services, one item a service, so that every decision is one conditional write. */
export class ServiceStateRepository extends ServiceStates {
  readonly #table: Table;

  constructor(table: Table) {
    super(table);
    this.#table = table;
  }

  /**
   * Takes the lease if it is free, its own or still held by `takeOverFrom`, and if its place in the queue is empty, its own or still
   * held by `replaceQueued`. Answers the new state; undefined if another execution was faster.
   */
  async takeLease(
    service: string,
    lease: Lease,
    {
      fencingToken,
      takeOverFrom,
      replaceQueued,
    }: { readonly fencingToken: number | undefined; readonly takeOverFrom?: string; readonly replaceQueued?: string },
  ): Promise<ServiceState | undefined> {
    const place = attributeOf('queued', placeOf(lease.priority));
    return this.#lease(service, lease, [place, 'cancel'], {
      condition: `${unchanged(fencingToken).condition} AND (attribute_not_exists(lease) OR lease.execution = :me OR lease.execution = :takeOverFrom) AND ${isPlaceFree}`,
      names: { '#place': place },
      values: {
        ...unchanged(fencingToken).values,
        ':me': lease.execution,
        ':takeOverFrom': takeOverFrom ?? lease.execution,
        ':replaceQueued': replaceQueued ?? lease.execution,
      },
    });
  }

  /** Moves the lease from an execution that has ended to the one that resumes its deployment; undefined if it was taken since. */
  async takeOverLease(
    service: string,
    lease: Lease,
    { fencingToken, from }: { readonly fencingToken: number | undefined; readonly from: string },
  ) {
    return this.#lease(service, lease, [], {
      condition: `${unchanged(fencingToken).condition} AND (attribute_not_exists(lease) OR lease.execution = :from)`,
      values: { ...unchanged(fencingToken).values, ':from': from },
    });
  }

  async #lease(service: string, lease: Lease, remove: readonly string[], condition: Condition): Promise<ServiceState | undefined> {
    const state = await this.#table.change<object>(
      serviceStateKey(service),
      { set: { lease, schema }, add: { fencingToken: 1 }, remove },
      condition,
    );
    return state === undefined ? undefined : readState(service, state);
  }

  /** Enters its place in the queue if it is empty, its own or still held by `replaceQueued`, and the lease was not taken since. */
  async enqueue(
    service: string,
    queued: QueueEntry,
    { fencingToken, replaceQueued }: { readonly fencingToken: number | undefined; readonly replaceQueued?: string },
  ): Promise<boolean> {
    const place = attributeOf('queued', placeOf(queued.priority));
    const state = await this.#table.change(
      serviceStateKey(service),
      { set: { [place]: queued, schema } },
      {
        condition: `${unchanged(fencingToken).condition} AND ${isPlaceFree}`,
        names: { '#place': place },
        values: { ...unchanged(fencingToken).values, ':me': queued.execution, ':replaceQueued': replaceQueued ?? queued.execution },
      },
    );
    return state !== undefined;
  }

  /** Leaves its place in the queue; no-op for other executions. */
  async dequeue(service: string, place: string, execution: string): Promise<void> {
    const attribute = attributeOf('queued', place);
    await this.#table.change(
      serviceStateKey(service),
      { remove: [attribute] },
      { condition: '#place.execution = :me', names: { '#place': attribute }, values: { ':me': execution } },
    );
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

  /** Releases the lease and saves what changes; no-op for other holders. */
  async releaseLease(service: string, execution: string, change: StateChange): Promise<void> {
    const { set, remove } = attributesOf(change);
    await this.#table.change(
      serviceStateKey(service),
      { set: { ...set, schema }, remove: ['lease', 'cancel', ...remove] },
      { condition: 'lease.execution = :me', values: { ':me': execution } },
    );
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
