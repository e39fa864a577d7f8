import { readState } from '../core/lease/service-state.js';
import { serviceStateKey } from '../core/records/record-name.js';
import { type ServiceState, schema } from '../core/records/records.js';
import type { Condition, Table } from './table.js';

type Lease = NonNullable<ServiceState['lease']>;
type Place = NonNullable<ServiceState['queued']>;

/** The fence counts every taking of the lease: unchanged, nobody has taken it since it was read, not even oneself. */
const unchanged = (fencingToken: number | undefined): { condition: string; values: Record<string, number> } =>
  fencingToken === undefined
    ? { condition: 'attribute_not_exists(fencingToken)', values: {} }
    : { condition: 'fencingToken = :seen', values: { ':seen': fencingToken } };

/** What decides about each service, one item a service: every decision is one conditional write. */
export class ServiceStateRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** `*` is every service. @throws UnreadableState where nobody of ours wrote it. */
  async of(service: string): Promise<ServiceState> {
    return readState(service, await this.#table.get(serviceStateKey(service)));
  }

  /**
   * Takes the lease where it is free, mine already, or still that of the dead `over`; and where the place in line is
   * empty, mine, or still that of `instead`. Answers the item as it is then; undefined when somebody was quicker.
   */
  async takeLease(
    service: string,
    lease: Lease,
    { fencingToken, over, instead }: { readonly fencingToken: number | undefined; readonly over?: string; readonly instead?: string },
  ): Promise<ServiceState | undefined> {
    return this.#lease(service, lease, ['queued', 'cancel'], {
      condition: `${unchanged(fencingToken).condition} AND (attribute_not_exists(lease) OR lease.execution = :me OR lease.execution = :over) AND (attribute_not_exists(#queued) OR #queued.execution = :me OR #queued.execution = :instead)`,
      names: { '#queued': 'queued' },
      values: {
        ...unchanged(fencingToken).values,
        ':me': lease.execution,
        ':over': over ?? lease.execution,
        ':instead': instead ?? lease.execution,
      },
    });
  }

  /** Hands the lease of a dead execution to the one that resumes its deployment, if nobody has taken it since it was seen. */
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

  /** Takes the one place in line, where it is empty, mine, or still that of `instead`, and nobody has taken the lease since. */
  async enqueue(
    service: string,
    queued: Place,
    { fencingToken, instead }: { readonly fencingToken: number | undefined; readonly instead?: string },
  ): Promise<boolean> {
    const state = await this.#table.change(
      serviceStateKey(service),
      { set: { queued, schema } },
      {
        condition: `${unchanged(fencingToken).condition} AND (attribute_not_exists(#queued) OR #queued.execution = :me OR #queued.execution = :instead)`,
        names: { '#queued': 'queued' },
        values: { ...unchanged(fencingToken).values, ':me': queued.execution, ':instead': instead ?? queued.execution },
      },
    );
    return state !== undefined;
  }

  /** Leaves the place in line, if it is one's own. */
  async dequeue(service: string, execution: string): Promise<void> {
    await this.#table.change(
      serviceStateKey(service),
      { remove: ['queued'] },
      { condition: '#queued.execution = :me', names: { '#queued': 'queued' }, values: { ':me': execution } },
    );
  }

  /** Notes a later push of what is deployed. */
  async recordLaterPush(service: string, lastDeployed: NonNullable<ServiceState['lastDeployed']>): Promise<void> {
    await this.#table.change(
      serviceStateKey(service),
      { set: { lastDeployed } },
      { condition: 'lastDeployed.digest = :digest', values: { ':digest': lastDeployed.digest } },
    );
  }

  /** Gives the lease back with what was learned; a lease that is another's by now is left alone, and so is what he decides by. */
  async releaseLease(
    service: string,
    execution: string,
    learned: Pick<ServiceState, 'lastDeployed' | 'expectedRevisions' | 'lastGood' | 'previousGood' | 'quarantine'>,
  ): Promise<void> {
    await this.#table.change(
      serviceStateKey(service),
      { set: { ...learned, schema }, remove: ['lease', 'cancel'] },
      { condition: 'lease.execution = :me', values: { ':me': execution } },
    );
  }

  /** Tells the holder to take the service back, as long as he holds the lease. */
  async requestCancel(service: string, holder: string, cancel: NonNullable<ServiceState['cancel']>): Promise<boolean> {
    const state = await this.#table.change(
      serviceStateKey(service),
      { set: { cancel } },
      { condition: 'lease.execution = :holder', values: { ':holder': holder } },
    );
    return state !== undefined;
  }

  /** Sets or releases a person's hold; `*` holds every service. */
  async hold(service: string, hold: ServiceState['hold']): Promise<void> {
    await this.#table.change(serviceStateKey(service), { set: { hold, schema }, remove: hold ? [] : ['hold'] });
  }
}
