import { firstSeenKey, releasesSince } from '../core/records/record-name.js';
import { type ReleaseRecord, schema } from '../core/records/records.js';
import type { Table } from './table.js';

/** The releases of a repository, and since when Slipway knows it. */
export class ReleaseHistory {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** When Slipway first saw the repository (ISO 8601), by a push or by the reconciler; `now` if it never did before. */
  async firstSeenAt(repository: string, now: string): Promise<string> {
    const key = firstSeenKey(repository);
    const found = await this.#table.get<{ at: string }>(key);
    if (found) return found.at;
    if (await this.#table.putOnce({ ...key, at: now, schema })) return now;
    return String((await this.#table.get<{ at: string }>(key))?.at);
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
}
