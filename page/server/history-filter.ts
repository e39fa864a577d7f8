import { closest } from 'fastest-levenshtein';
import type { HistoryPage, HistoryRecord } from '../api.js';
import type { HistoryQuery } from './source.js';

type Filters = Omit<HistoryQuery, 'after'>;
type FilterName = keyof Filters;

const whoOf = ({ trigger }: HistoryRecord): string | undefined => trigger.by;

const text = (row: HistoryRecord): string =>
  [
    row.id,
    row.service,
    row.repository,
    row.stage,
    row.image?.tag,
    row.image?.digest,
    row.image?.commit,
    row.reason,
    row.message,
    whoOf(row),
  ]
    .filter((one) => one !== undefined)
    .join('\n')
    .toLowerCase();

const isMatch: Readonly<Record<FilterName, (row: HistoryRecord, value: string) => boolean>> = {
  service: (row, value) => row.service === value,
  repository: (row, value) => row.repository === value,
  outcome: (row, value) => value.split(',').includes(row.outcome ?? ''),
  who: (row, value) => whoOf(row) === value,
  since: (row, value) => row.startedAt >= value,
  q: (row, value) => text(row).includes(value.toLowerCase()),
};

const given = (query: Filters): (readonly [FilterName, string])[] =>
  (Object.keys(isMatch) as FilterName[]).flatMap((name) => {
    const value = query[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });

export const filtered = (rows: readonly HistoryRecord[], query: Filters): readonly HistoryRecord[] => {
  const filters = given(query);
  return filters.length === 0 ? rows : rows.filter((row) => filters.every(([name, value]) => isMatch[name](row, value)));
};

/** Names that a filter could have been. */
const names: Readonly<Partial<Record<FilterName, (row: HistoryRecord) => string | undefined>>> = {
  service: ({ service }) => service,
  repository: ({ repository }) => repository,
  outcome: ({ outcome }) => outcome,
  who: whoOf,
  q: ({ image }) => image?.tag,
};

/** Of filters that nothing matches together: the one that matches the fewest by itself, and the nearest name that exists. */
export const nearestOf = (rows: readonly HistoryRecord[], query: Filters): HistoryPage['nearest'] => {
  const counted = given(query).map(([filter, value]) => ({ filter, value, count: filtered(rows, { [filter]: value }).length }));
  const [least] = counted.toSorted((one, other) => one.count - other.count);
  if (!least) return undefined;
  const nameIn = names[least.filter];
  const known = nameIn ? [...new Set(rows.flatMap((row) => nameIn(row) ?? []))].filter((name) => name !== least.value) : [];
  return { filter: least.filter, ...(known.length > 0 && least.count === 0 && { name: closest(least.value, known) }) };
};

/** Who has started something, in the order of the alphabet. */
export const operatorsIn = (rows: readonly HistoryRecord[]): string[] => [...new Set(rows.flatMap((row) => whoOf(row) ?? []))].sort();
