import { outcomes } from '../../../core/result/result.js';
import { historyHref } from '../routes.js';

/** What the history is restricted to. `since` is a number of days as `7d`, or a time. */
export type Filters = Partial<Record<FilterName, string>>;

export const filterNames = ['service', 'repository', 'outcome', 'who', 'since', 'q'] as const;
export type FilterName = (typeof filterNames)[number];

export const periods = [
  { key: '1d', text: '24 hours' },
  { key: '7d', text: '7 days' },
  { key: '30d', text: '30 days' },
  { key: '365d', text: 'a year' },
] as const;

/** Of the page's URL; what is no filter, or is empty, is left out. */
export const filtersOf = (query: URLSearchParams): Filters =>
  Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = query.get(name)?.trim();
      return value ? [[name, value]] : [];
    }),
  );

/** The page's URL with one filter changed; an empty value clears it. */
export const hrefWith = (filters: Filters, name: FilterName, value: string): string => hrefOf({ ...filters, [name]: value.trim() });

export const hrefOf = (filters: Filters): string =>
  historyHref(
    Object.fromEntries(
      filterNames.flatMap((name) => {
        const value = filters[name];
        return value ? [[name, value]] : [];
      }),
    ),
  );

const day = 24 * 60 * 60 * 1000;

/** Of GET /api/history. `now` in milliseconds: days are counted back from it. A period that cannot be read is left to the server, which says so. */
export const apiPathOf = (filters: Filters, now: number, after?: string): string => {
  const { since, ...rest } = filters;
  const days = /^(\d{1,4})d$/.exec(since ?? '')?.[1];
  const from = days ? new Date(now - Number(days) * day).toISOString() : since;
  const query = new URLSearchParams({ ...rest, ...(from && { since: from }), ...(after && { after }) }).toString();
  return query ? `/api/history?${query}` : '/api/history';
};

export const outcomeOptions: readonly string[] = outcomes;

const words: Readonly<Record<FilterName, string>> = {
  service: 'service',
  repository: 'repository',
  outcome: 'outcome',
  who: 'who',
  since: 'since',
  q: 'search',
};

/** `service production/web` */
export const wordsOfFilter = (name: FilterName, value: string): string =>
  `${words[name]} ${name === 'since' ? (periods.find(({ key }) => key === value)?.text ?? value) : `“${value}”`}`;

export const isFilterName = (name: string): name is FilterName => filterNames.some((known) => known === name);
