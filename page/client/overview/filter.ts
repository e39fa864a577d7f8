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

type Cluster = { readonly name: string; readonly all: readonly ServiceRow[]; readonly drawn: readonly ServiceRow[] };

/** Clusters in the order of the rows, with the first `atMost` rows of all to be drawn. */
export const byCluster = (rows: readonly ServiceRow[], atMost: number): readonly Cluster[] => {
  let left = atMost;
  const names = [...new Set(rows.map(({ cluster }) => cluster))];
  return names.flatMap((name) => {
    const all = rows.filter(({ cluster }) => cluster === name);
    const drawn = all.slice(0, left);
    left -= drawn.length;
    return drawn.length > 0 ? [{ name, all, drawn }] : [];
  });
};
