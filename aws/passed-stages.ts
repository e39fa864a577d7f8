import { passedKey } from '../core/records/record-name.js';
import { schema } from '../core/records/records.js';
import type { Table } from './table.js';

/** The stages in which images have succeeded, one item a digest: what `requires` of a stage asks for. */
export class PassedStages {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Adds a stage; `expiresAt` is when the item expires, epoch seconds. One that is there already stays. */
  async add(repository: string, digest: string, stage: string, expiresAt: number): Promise<void> {
    await this.#table.change(passedKey(repository, digest), { set: { expiresAt, schema }, add: { stages: new Set([stage]) } });
  }

  /** The names of the stages; empty for a digest that has succeeded in none. */
  async of(repository: string, digest: string): Promise<ReadonlySet<string>> {
    return (await this.#table.get<{ stages?: ReadonlySet<string> }>(passedKey(repository, digest)))?.stages ?? new Set();
  }
}
