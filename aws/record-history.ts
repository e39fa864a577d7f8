import { type HistoryOf, historySince, historyUntil, isRecordOf, type Key, keyOf, type RecordName } from '../core/records/record-name.js';
import type { Table } from './table.js';

/** The records of the past and the present, for functions that only read them. Items are unparsed: another version may have written one. */
export class RecordHistory {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Undefined if there is none of this name. */
  async read(name: RecordName): Promise<Key | undefined> {
    return this.#table.get<Key>(keyOf(name));
  }

  /**
   * The records of a history that are older than the one with the sort key `before`, the newest first; read `pageSize` at a time, as far
   * as they are asked for. None for a key of something else.
   */
  async *newestFirst(of: HistoryOf, pageSize: number, before?: string): AsyncGenerator<Key> {
    const range = historyUntil(of, before);
    if (range === undefined) return;
    for await (const page of this.#table.pages<Key>({ range, ScanIndexForward: false, Limit: pageSize }))
      for (const item of page) if (item.sk !== before) yield item;
  }

  /** The record of the execution of this name, which started since then (ISO 8601); undefined if it has opened none. */
  async named(of: HistoryOf, execution: string, since: string): Promise<Key | undefined> {
    for await (const page of this.#table.pages<Key>({ range: historySince(of, since), Limit: 25 })) {
      const found = page.find((key) => isRecordOf(key, execution));
      if (found) return found;
    }
    return undefined;
  }

  /** The releases of a digest that started since then (ISO 8601), to the second. */
  async releasesOfDigest(repository: string, digest: string, since: string): Promise<Key[]> {
    return this.#table.query<Key>({
      range: historySince({ repository }, since),
      FilterExpression: '#image.#digest = :digest',
      ExpressionAttributeNames: { '#image': 'image', '#digest': 'digest' },
      values: { ':digest': digest },
    });
  }
}
