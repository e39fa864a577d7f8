import { type Key, keyOf, nameOfKey, type RecordName } from '../core/records/record-name.js';
import type { Table } from './table.js';

/** Records of which something is owed yet: an end, a lease, a message. By the sparse index `open`. */
export class PendingRecords {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** An index may lag behind its table: what it names may be closed by now. */
  async names(): Promise<RecordName[]> {
    const items = await this.#table.query<Key>({
      IndexName: 'pending',
      KeyConditionExpression: '#pending = :yes',
      ExpressionAttributeNames: { '#pending': 'pending' },
      values: { ':yes': 'yes' },
    });
    return items.map(nameOfKey);
  }

  /** The item as it is, whatever wrote it. */
  async read(name: RecordName): Promise<unknown> {
    return this.#table.get(keyOf(name));
  }

  /** Of two sweeps at once one takes a record; one that died with it is followed after a while (`before`). */
  async take(name: RecordName, now: string, before: string): Promise<boolean> {
    const taken = await this.#table.change(
      keyOf(name),
      { set: { sweepClaimedAt: now } },
      {
        condition: 'attribute_exists(#pending) AND (attribute_not_exists(sweepClaimedAt) OR sweepClaimedAt < :before)',
        names: { '#pending': 'pending' },
        values: { ':before': before },
      },
    );
    return taken !== undefined;
  }

  /** Lets the next sweep, or this one's next attempt, take it at once. */
  async unclaim(name: RecordName, taken: string): Promise<void> {
    await this.#table.change(
      keyOf(name),
      { remove: ['sweepClaimedAt'] },
      { condition: 'sweepClaimedAt = :taken', values: { ':taken': taken } },
    );
  }
}
