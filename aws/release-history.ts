import { firstSeenKey, type Key, nameOfKey, type RecordName, releasesSince } from '../core/records/record-name.js';
import { type ReleaseRecord, schema } from '../core/records/records.js';
import type { Table } from './table.js';

/** An attribute of the item that says since when the stages of a repository are known. */
const attributeOf = (stage: string): string => `stage#${stage}`;

/** The releases of a repository, and since when Slipway knows its stages. */
export class ReleaseHistory {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * When Slipway first saw each of these stages of a repository (ISO 8601, by name), by a push or by the reconciler; `now` for those that
   * it never saw before.
   */
  async firstSeenAt(repository: string, stages: readonly string[], now: string): Promise<ReadonlyMap<string, string>> {
    const key = firstSeenKey(repository);
    const item = await this.#table.get<Record<string, string>>(key);
    const missing = stages.filter((stage) => item?.[attributeOf(stage)] === undefined);
    if (missing.length === 0) return new Map(stages.map((stage) => [stage, item?.[attributeOf(stage)] ?? now]));
    // Refused only if another one has written some of them since the read.
    await this.#table.change(
      key,
      { set: { ...Object.fromEntries(missing.map((stage) => [attributeOf(stage), now])), schema } },
      {
        condition: missing.map((_, index) => `attribute_not_exists(#m${index})`).join(' AND '),
        names: Object.fromEntries(missing.map((stage, index) => [`#m${index}`, attributeOf(stage)])),
      },
    );
    return this.firstSeenAt(repository, stages, now);
  }

  /** The releases of a digest that started since then (ISO 8601), the oldest first. */
  async releasesOf(repository: string, digest: string, since: string): Promise<ReleaseRecord[]> {
    return this.#table.query<ReleaseRecord>({
      range: releasesSince(repository, since),
      FilterExpression: '#image.#digest = :digest',
      ExpressionAttributeNames: { '#image': 'image', '#digest': 'digest' },
      values: { ':digest': digest },
    });
  }

  /** Every release of a repository with its name, the newest first; read in pages, as far as it is asked for. */
  async *newestFirst(repository: string): AsyncGenerator<ReleaseRecord & { readonly name: RecordName }> {
    const query = { range: releasesSince(repository, ''), ScanIndexForward: false, Limit: 25 };
    for await (const page of this.#table.pages<ReleaseRecord & Key>(query))
      for (const record of page) yield { ...record, name: nameOfKey(record) };
  }
}
