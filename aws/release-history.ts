import { firstSeenKey, releasesSince } from '../core/records/record-name.js';
import { type ReleaseRecord, schema } from '../core/records/records.js';
import type { Table } from './table.js';

/** What was released of a repository, and since when Slipway knows it. */
export class ReleaseHistory {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** From when on the repository is known, which may be `now`: its first push that was heard of, or when it was first asked about. */
  async firstSeenAt(repository: string, now: string): Promise<string> {
    const key = firstSeenKey(repository);
    const found = await this.#table.get<{ at: string }>(key);
    if (found) return found.at;
    if (await this.#table.putOnce({ ...key, at: now, schema })) return now;
    return String((await this.#table.get<{ at: string }>(key))?.at);
  }

  /** Every release of a digest that was started since then, the oldest first. */
  async releasesOf(repository: string, digest: string, since: string): Promise<ReleaseRecord[]> {
    return this.#table.query<ReleaseRecord>({
      range: releasesSince(repository, since),
      FilterExpression: '#image.#digest = :digest',
      ExpressionAttributeNames: { '#image': 'image', '#digest': 'digest' },
      values: { ':digest': digest },
    });
  }
}
