import { type Key, keyOf, nameOfKey, type RecordName } from '../core/records/record-name.js';
import type { Table } from './table.js';

/** Records with unfinished work, a result, a lease or a notification: the sparse index `pending`. */
export class PendingRecords {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Names of the pending records. The index is eventually consistent: a record may be done by now. */
  async names(): Promise<RecordName[]> {
    const items = await this.#table.query<Key>({
      IndexName: 'pending',
      KeyConditionExpression: '#pending = :yes',
      ExpressionAttributeNames: { '#pending': 'pending' },
      values: { ':yes': 'yes' },
    });
    return items.map(nameOfKey);
  }

  /** The item, unparsed; undefined if it does not exist. */
  async read(name: RecordName): Promise<unknown> {
    return this.#table.get(keyOf(name));
  }

  /** Claims a record for a sweep. False if another sweep has claimed it since `before` (ISO 8601), or it is not pending. */
  async claimForSweep(name: RecordName, now: string, before: string): Promise<boolean> {
    const claimed = await this.#table.change(
      keyOf(name),
      { set: { sweepClaimedAt: now } },
      {
        condition: 'attribute_exists(#pending) AND (attribute_not_exists(sweepClaimedAt) OR sweepClaimedAt < :before)',
        names: { '#pending': 'pending' },
        values: { ':before': before },
      },
    );
    return claimed !== undefined;
  }

  /** Releases a claim, so that the next sweep can claim the record at once. */
  async unclaim(name: RecordName, claimedAt: string): Promise<void> {
    await this.#table.change(
      keyOf(name),
      { remove: ['sweepClaimedAt'] },
      { condition: 'sweepClaimedAt = :claimedAt', values: { ':claimedAt': claimedAt } },
    );
  }
}
