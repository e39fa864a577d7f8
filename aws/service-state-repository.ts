import type { ServiceStateUpdate } from '../core/lease/next-service-state.js';
import { readState } from '../core/lease/service-state.js';
import { serviceStateKey } from '../core/records/record-name.js';
import { type ServiceState, schema } from '../core/records/records.js';
import type { Condition, Table } from './table.js';

type Lease = NonNullable<ServiceState['lease']>;
type QueueEntry = NonNullable<ServiceState['queued']>;

/** The fencing token is incremented each time that the lease is taken: unchanged, it was not taken since the read. */
const unchanged = (fencingToken: number | undefined): { condition: string; values: Record<string, number> } =>
  fencingToken === undefined
    ? { condition: 'attribute_not_exists(fencingToken)', values: {} }
    : { condition: 'fencingToken = :seen', values: { ':seen': fencingToken } };

/** The states of services, one item a service, so that every decision is one conditional write. */
export class ServiceStateRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The state of a service; `*` is every service. @throws UnreadableState if the item is not one of this version */
  async of(service: string): Promise<ServiceState> {
    return readState(service, await this.#table.get(serviceStateKey(service)));
  }

  /**
   * Takes the lease if it is free, its own or still held by `takeOverFrom`, and if the queue is empty, its own or still held by
   * `replaceQueued`. Answers the new state; undefined if another execution was faster.
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
    return this.#lease(service, lease, ['queued', 'cancel'], {
      condition: `${unchanged(fencingToken).condition} AND (attribute_not_exists(lease) OR lease.execution = :me OR lease.execution = :takeOverFrom) AND (attribute_not_exists(#queued) OR #queued.execution = :me OR #queued.execution = :replaceQueued)`,
      names: { '#queued': 'queued' },
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
    const state = await this.#table.change<unknown>(
      serviceStateKey(service),
      { set: { lease, schema }, add: { fencingToken: 1 }, remove },
      condition,
    );
    return state === undefined ? undefined : readState(service, state);
  }

  /** Enters the queue if it is empty, its own or still held by `replaceQueued`, and the lease was not taken since. */
  async enqueue(
    service: string,
    queued: QueueEntry,
    { fencingToken, replaceQueued }: { readonly fencingToken: number | undefined; readonly replaceQueued?: string },
  ): Promise<boolean> {
    const state = await this.#table.change(
      serviceStateKey(service),
      { set: { queued, schema } },
      {
        condition: `${unchanged(fencingToken).condition} AND (attribute_not_exists(#queued) OR #queued.execution = :me OR #queued.execution = :replaceQueued)`,
        names: { '#queued': 'queued' },
        values: { ...unchanged(fencingToken).values, ':me': queued.execution, ':replaceQueued': replaceQueued ?? queued.execution },
      },
    );
    return state !== undefined;
  }

  /** Leaves the queue; no-op for other executions. */
  async dequeue(service: string, execution: string): Promise<void> {
    await this.#table.change(
      serviceStateKey(service),
      { remove: ['queued'] },
      { condition: '#queued.execution = :me', names: { '#queued': 'queued' }, values: { ':me': execution } },
    );
  }

  /** Saves a later push of the deployed digest; no-op if another digest was deployed since. */
  async recordLaterPush(service: string, lastDeployed: NonNullable<ServiceState['lastDeployed']>): Promise<void> {
    await this.#table.change(
      serviceStateKey(service),
      { set: { lastDeployed } },
      { condition: 'lastDeployed.digest = :digest', values: { ':digest': lastDeployed.digest } },
    );
  }

  /** Releases the lease and saves the next state; no-op for other holders. */
  async releaseLease(service: string, execution: string, update: ServiceStateUpdate): Promise<void> {
    await this.#table.change(
      serviceStateKey(service),
      { set: { ...update, schema }, remove: ['lease', 'cancel'] },
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

  /** Sets an operator's hold, or releases it if undefined; `*` is every service. */
  async hold(service: string, hold: ServiceState['hold']): Promise<void> {
    await this.#table.change(serviceStateKey(service), { set: { hold, schema }, remove: hold ? [] : ['hold'] });
  }
}
