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

  /** Takes stages away: the digest was rolled back from them. */
  async remove(repository: string, digest: string, stages: readonly string[]): Promise<void> {
    if (stages.length === 0) return;
    await this.#table.change(passedKey(repository, digest), { drop: { stages: new Set(stages) } }, { condition: 'attribute_exists(pk)' });
  }

  /** The names of the stages; empty for a digest that has succeeded in none. */
  async of(repository: string, digest: string): Promise<ReadonlySet<string>> {
    return (await this.#table.get<{ stages?: ReadonlySet<string> }>(passedKey(repository, digest)))?.stages ?? new Set();
  }
}
