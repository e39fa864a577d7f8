import type { History } from '../../core/query/answers.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { HistoryPage, HistoryRecord } from '../api.js';
import { filtered, nearestOf, operatorsIn } from './history-filter.js';
import { type IndexedRecord, rowsOf } from './history-row.js';
import type { HistoryQuery } from './source.js';

/** What has a history of its own. */
export type Part = { readonly service: string } | { readonly repository: string };

/** Up to `limit` records of a part, the newest first; `next` continues. */
export type ReadHistory = (part: Part, limit: number, next?: string) => Promise<History>;

/** Records of one read (docs/query.md), and rows of one page. */
const readSize = 100;
const pageSize = 100;

type Progress = { readonly part: Part; readonly next?: string; readonly oldest: string; readonly isComplete: boolean };

/** After every time in ISO 8601. */
const unread = '~';

const nameOf = (part: Part): string => ('service' in part ? `service ${part.service}` : `repository ${part.repository}`);

/** The records of all services and repositories that were read so far, merged, the newest first. */
export class HistoryIndex {
  readonly #read: ReadHistory;
  readonly #parts = new Map<string, Progress>();
  readonly #records = new Map<RecordName, IndexedRecord>();
  #rows: readonly HistoryRecord[] | undefined;
  /** Changes with every read. */
  version = 0;

  constructor(read: ReadHistory, parts: readonly Part[]) {
    this.#read = read;
    for (const part of parts) this.#parts.set(nameOf(part), { part, oldest: unread, isComplete: false });
  }

  get isComplete(): boolean {
    return [...this.#parts.values()].every(({ isComplete }) => isComplete);
  }

  /** Reads older records of the part that lacks the newest ones. False once all were read. */
  async readOlder(): Promise<boolean> {
    const [first] = [...this.#parts.values()]
      .filter(({ isComplete }) => !isComplete)
      .toSorted((one, other) => (one.oldest < other.oldest ? 1 : one.oldest > other.oldest ? -1 : 0));
    if (!first) return false;
    await this.#readPage(first);
    return true;
  }

  /** Reads the newest records of a part again, which may have changed or be new. */
  async refresh(part: Part): Promise<void> {
    const known = this.#parts.get(nameOf(part));
    if (known === undefined || known.oldest === unread) return this.#readPage(known ?? { part, oldest: unread, isComplete: false });
    this.#add(await this.#read(part, readSize));
  }

  /** Has this part been read at all? */
  hasRead(part: Part): boolean {
    return (this.#parts.get(nameOf(part))?.oldest ?? unread) !== unread;
  }

  async #readPage({ part, next }: Progress): Promise<void> {
    const answer = await this.#read(part, readSize, next);
    const rows = this.#add(answer);
    const oldest = [unread, ...rows.map(({ row }) => row.startedAt)].sort()[0] ?? unread;
    this.#parts.set(nameOf(part), {
      part,
      // A part without records is known since ever.
      oldest: answer.next === undefined ? '' : oldest,
      isComplete: answer.next === undefined,
      ...(answer.next !== undefined && { next: answer.next }),
    });
  }

  #add(answer: History): IndexedRecord[] {
    const rows = rowsOf(answer);
    for (const one of rows) this.#records.set(one.row.name, one);
    this.#rows = undefined;
    this.version++;
    return rows;
  }

  /** All rows, the newest first. */
  get rows(): readonly HistoryRecord[] {
    this.#rows ??= this.#merged();
    return this.#rows;
  }

  /** A release is a row if it has ended and deployed nothing; before its services were read back to it, that is not known. */
  #merged(): HistoryRecord[] {
    const releases = new Set([...this.#records.values()].map(({ release }) => release));
    const services = [...this.#parts.values()].filter(({ part }) => 'service' in part);
    const horizon =
      services
        .map(({ oldest }) => oldest)
        .sort()
        .at(-1) ?? '';
    const isRow = ({ row }: IndexedRecord): boolean =>
      row.kind === 'deployment' ||
      row.unreadable !== undefined ||
      (row.endedAt !== undefined && !releases.has(row.name) && row.startedAt >= horizon);
    return [...this.#records.values()]
      .filter(isRow)
      .map(({ row }) => row)
      .sort(newestFirst);
  }

  /** A page of the rows that the filters leave; `after` is the `next` of the page before it. */
  page({ after, ...filters }: HistoryQuery, at: string): HistoryPage {
    const { rows } = this;
    const found = filtered(rows, filters);
    // By place and not by index: newer rows may have come meanwhile.
    const start = after === undefined ? 0 : found.findIndex((row) => cursorOf(row) < after);
    const records = start < 0 ? [] : found.slice(start, start + pageSize);
    const last = records.at(-1);
    const nearest = found.length === 0 ? nearestOf(rows, filters) : undefined;
    return {
      at,
      records,
      ...(last && start + pageSize < found.length && { next: cursorOf(last) }),
      total: found.length,
      of: rows.length,
      isComplete: this.isComplete,
      who: operatorsIn(rows),
      ...(nearest && { nearest }),
      problems: [],
    };
  }
}

/** A row's place: newer rows have greater ones. */
const cursorOf = ({ startedAt, name }: HistoryRecord): string => `${startedAt} ${name}`;

const newestFirst = (one: HistoryRecord, other: HistoryRecord): number => {
  const [a, b] = [cursorOf(one), cursorOf(other)];
  return a < b ? 1 : a > b ? -1 : 0;
};
