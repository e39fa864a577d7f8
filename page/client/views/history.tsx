import type { HistoryPage } from '../../api.js';
import { FilterBar } from '../history/filter-bar.js';
import { type FilterName, type Filters, filterNames, filtersOf, hrefWith, isFilterName, wordsOfFilter } from '../history/filters.js';
import { Records } from '../history/records.js';
import { useHistory } from '../history/use-history.js';
import { ErrorBanner, ProblemBanner } from '../parts/banner.js';
import { Button } from '../parts/button.js';
import { Skeleton } from '../parts/panel.js';
import { Link } from '../router.js';
import { serviceIds, serviceRow } from '../state.js';
import '../styles/views.css';

const whole = (number: number): string => number.toLocaleString('en-GB');

/** All records, newest first; the filters are those of the URL. */
export const HistoryView = ({ filters: query }: { filters: URLSearchParams }) => {
  const filters = filtersOf(query);
  const history = useHistory(filters);
  const { data, error, records, fresh } = history;
  const showFresh = () => {
    history.refresh();
    scrollTo(0, 0);
  };
  return (
    <div class="view history">
      <h1 class="visually-hidden">History</h1>
      <div class="filter-line">
        <FilterBar filters={filters} known={{ services: serviceIds.value, repositories: repositoriesOf(filters), who: data?.who ?? [] }} />
        {data && <Total page={data} />}
      </div>
      <div role="status" class="fresh">
        {fresh > 0 && <Button onClick={showFresh}>{fresh === 1 ? '1 change' : `${whole(fresh)} changes`} since this was read: show</Button>}
      </div>
      {error && <ErrorBanner error={error} />}
      {data?.problems.map((problem) => (
        <ProblemBanner key={problem.of + problem.reason} problem={problem} />
      ))}
      {!data && !error && <Skeleton rows={12} />}
      {data && records.length === 0 && <NothingMatches page={data} filters={filters} />}
      {data && records.length > 0 && (
        <div class="panel">
          <Records records={records} caption="Deployments and releases, newest first" />
          <footer class="more">
            <span class="quiet">
              {whole(records.length)} of {whole(data.total)}
            </span>
            {history.moreError && <ErrorBanner error={history.moreError} />}
            {history.next && (
              <Button kind="plain" aria-disabled={history.isBusy} onClick={history.more}>
                Show 100 more
              </Button>
            )}
          </footer>
        </div>
      )}
    </div>
  );
};

const Total = ({ page }: { page: HistoryPage }) => (
  <span class="quiet total">
    {whole(page.total)} of {whole(page.of)}
    {!page.isComplete && ', still reading'}
  </span>
);

const repositoriesOf = ({ repository }: Filters): readonly string[] =>
  [
    ...new Set([
      ...serviceIds.value.flatMap((id) => serviceRow(id)?.value.sources.map((source) => source.repository) ?? []),
      repository ?? '',
    ]),
  ]
    .filter(Boolean)
    .sort();

/** Which filter excludes most, the nearest name, and links that clear filters. */
const NothingMatches = ({ page, filters }: { page: HistoryPage; filters: Filters }) => {
  const set = filterNames.filter((name) => filters[name]);
  if (set.length === 0) return <p class="no-match">Nothing has been deployed yet.</p>;
  const named = page.nearest?.filter ?? '';
  const worst: FilterName | undefined = isFilterName(named) && filters[named] ? named : set[0];
  return (
    <div class="panel no-match">
      <h2>Nothing matches</h2>
      {worst && (
        <p>
          No record of {whole(page.of)} matches {wordsOfFilter(worst, filters[worst] ?? '')}.
        </p>
      )}
      {!page.isComplete && <p class="quiet">Older records are still being read.</p>}
      <p class="ways">
        {worst && page.nearest?.name && (
          <Link class="button" href={hrefWith(filters, worst, page.nearest.name)}>
            Did you mean {page.nearest.name}?
          </Link>
        )}
        {set.map((name) => (
          <Link key={name} class="button" href={hrefWith(filters, name, '')}>
            Clear {wordsOfFilter(name, filters[name] ?? '')}
          </Link>
        ))}
        {set.length > 1 && (
          <Link class="button" href="/history">
            Clear all
          </Link>
        )}
      </p>
    </div>
  );
};
