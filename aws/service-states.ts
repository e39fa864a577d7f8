import { readState } from '../core/lease/service-state.js';
import { serviceStateKey } from '../core/records/record-name.js';
import type { ServiceState } from '../core/records/records.js';
import type { Table } from './table.js';

/** The states of services, for steps that only read them: their bundles have none of the writes. */
export class ServiceStates {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The state of a service; `*` is every service. @throws UnreadableState if the item is not one of this version */
  async of(service: string): Promise<ServiceState> {
    return readState(service, await this.#table.get(serviceStateKey(service)));
  }
}
