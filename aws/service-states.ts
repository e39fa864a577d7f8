import { type ServiceState, schema } from '../core/records.js';
import { readState } from '../core/service-state.js';
import type { Condition, Table } from './table.js';

type Lease = NonNullable<ServiceState['lease']>;
type Place = NonNullable<ServiceState['next']>;

const keyOf = (service: string) => ({ pk: `service#${service}`, sk: 'state' });

/** The fence counts every taking of the lease: unchanged, nobody has taken it since it was read, not even oneself. */
const unchanged = (fence: number | undefined): { condition: string; values: Record<string, number> } =>
  fence === undefined
    ? { condition: 'attribute_not_exists(fence)', values: {} }
    : { condition: 'fence = :seen', values: { ':seen': fence } };

/** What decides about each service, one item a service: every decision is one conditional write. */
export class ServiceStates {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** `*` is every service. @throws UnreadableState where nobody of ours wrote it. */
  async of(service: string): Promise<ServiceState> {
    return readState(service, await this.#table.get(keyOf(service)));
  }

  /**
   * Takes the lease where it is free, mine already, or still that of the dead `over`; and where the place in line is
   * empty, mine, or still that of `instead`. Answers the item as it is then; undefined when somebody was quicker.
   */
  async takeLease(
    service: string,
    lease: Lease,
    { fence, over, instead }: { readonly fence: number | undefined; readonly over?: string; readonly instead?: string },
  ): Promise<ServiceState | undefined> {
    return this.#lease(service, lease, ['next', 'cancel'], {
      condition: `${unchanged(fence).condition} AND (attribute_not_exists(lease) OR lease.execution = :me OR lease.execution = :over) AND (attribute_not_exists(#next) OR #next.execution = :me OR #next.execution = :instead)`,
      names: { '#next': 'next' },
      values: {
        ...unchanged(fence).values,
        ':me': lease.execution,
        ':over': over ?? lease.execution,
        ':instead': instead ?? lease.execution,
      },
    });
  }

  /** Hands the lease of a dead execution to the one that adopts its deployment, if nobody has taken it since it was seen. */
  async adoptLease(service: string, lease: Lease, { fence, from }: { readonly fence: number | undefined; readonly from: string }) {
    return this.#lease(service, lease, [], {
      condition: `${unchanged(fence).condition} AND (attribute_not_exists(lease) OR lease.execution = :from)`,
      values: { ...unchanged(fence).values, ':from': from },
    });
  }

  async #lease(service: string, lease: Lease, remove: readonly string[], condition: Condition): Promise<ServiceState | undefined> {
    const state = await this.#table.change<unknown>(keyOf(service), { set: { lease, schema }, add: { fence: 1 }, remove }, condition);
    return state === undefined ? undefined : readState(service, state);
  }

  /** Takes the one place in line, where it is empty, mine, or still that of `instead`, and nobody has taken the lease since. */
  async takePlace(
    service: string,
    next: Place,
    { fence, instead }: { readonly fence: number | undefined; readonly instead?: string },
  ): Promise<boolean> {
    const state = await this.#table.change(
      keyOf(service),
      { set: { next, schema } },
      {
        condition: `${unchanged(fence).condition} AND (attribute_not_exists(#next) OR #next.execution = :me OR #next.execution = :instead)`,
        names: { '#next': 'next' },
        values: { ...unchanged(fence).values, ':me': next.execution, ':instead': instead ?? next.execution },
      },
    );
    return state !== undefined;
  }

  /** Leaves the place in line, if it is one's own. */
  async leavePlace(service: string, execution: string): Promise<void> {
    await this.#table.change(
      keyOf(service),
      { remove: ['next'] },
      { condition: '#next.execution = :me', names: { '#next': 'next' }, values: { ':me': execution } },
    );
  }

  /** Notes a later push of what is deployed. */
  async renew(service: string, deployed: NonNullable<ServiceState['deployed']>): Promise<void> {
    await this.#table.change(
      keyOf(service),
      { set: { deployed } },
      { condition: 'deployed.digest = :digest', values: { ':digest': deployed.digest } },
    );
  }

  /** Gives the lease back with what was learned; a lease that is another's by now is left alone, and so is what he decides by. */
  async settle(
    service: string,
    execution: string,
    learned: Pick<ServiceState, 'deployed' | 'left' | 'lastGood' | 'goodBefore' | 'quarantine'>,
  ): Promise<void> {
    await this.#table.change(
      keyOf(service),
      { set: { ...learned, schema }, remove: ['lease', 'cancel'] },
      { condition: 'lease.execution = :me', values: { ':me': execution } },
    );
  }

  /** Tells the holder to take the service back, as long as he holds the lease. */
  async requestCancel(service: string, holder: string, cancel: NonNullable<ServiceState['cancel']>): Promise<boolean> {
    const state = await this.#table.change(
      keyOf(service),
      { set: { cancel } },
      { condition: 'lease.execution = :holder', values: { ':holder': holder } },
    );
    return state !== undefined;
  }

  /** Sets or releases a person's hold; `*` holds every service. */
  async hold(service: string, hold: ServiceState['hold']): Promise<void> {
    await this.#table.change(keyOf(service), { set: { hold, schema }, remove: hold ? [] : ['hold'] });
  }
}
