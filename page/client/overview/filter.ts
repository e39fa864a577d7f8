import type { ServiceRow } from '../../api.js';
import { isMoving, isSteady } from '../format/state.js';
import { match } from '../palette/fuzzy.js';

export type Shown = 'all' | 'moving' | 'notSteady';

const isShown = (shown: Shown, { state }: ServiceRow): boolean =>
  shown === 'all' || (shown === 'moving' ? isMoving(state.kind) : !isSteady(state.kind));

/** Every word that was typed is in the service's name, or in that of an image that it runs. */
const hasText = (text: string, row: ServiceRow): boolean => {
  const all = [row.id, ...row.sources.flatMap(({ repository, tag, digest }) => [repository, tag ?? '', digest])].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
};

export const filtered = (rows: readonly ServiceRow[], shown: Shown, text: string): readonly ServiceRow[] =>
  rows.filter((row) => isShown(shown, row) && hasText(text, row));

export const countOf = (rows: readonly ServiceRow[], shown: Shown): number => rows.filter((row) => isShown(shown, row)).length;

/** The service whose name is nearest to what was typed: as letters in their order, of as much of its begin as matches one. */
export const nearest = (rows: readonly ServiceRow[], text: string): string | undefined => {
  for (let end = text.length; end > 1; end--) {
    const hits = rows.flatMap(({ id }) => match(text.slice(0, end), id) ?? []);
    const best = Math.max(...hits.map(({ score }) => score));
    const found = rows.find(({ id }) => match(text.slice(0, end), id)?.score === best);
    if (found) return found.id;
  }
  return undefined;
};

/** IDs of services, the first `atMost` of all to be drawn; `all` is the whole cluster. */
type Cluster = { readonly name: string; readonly all: readonly string[]; readonly drawn: readonly string[] };

const clusterOf = (id: string): string => id.slice(0, id.indexOf('/'));

/** Clusters in the order of the services. */
export const byCluster = (ids: readonly string[], atMost: number): readonly Cluster[] => {
  let left = atMost;
  return [...new Set(ids.map(clusterOf))].flatMap((name) => {
    const all = ids.filter((id) => clusterOf(id) === name);
    const drawn = all.slice(0, left);
    left -= drawn.length;
    return drawn.length > 0 ? [{ name, all, drawn }] : [];
  });
};
