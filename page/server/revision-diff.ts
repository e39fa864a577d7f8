import { countFields, differencesOf } from '../../core/preflight/differences.js';
import type { DiffLine } from '../api.js';

/** Many more than those by which two revisions of one service differ. */
const mostDifferences = 200;

/**
 * How two revisions differ, by path, masked as in `slipway plan`; `fields` counts those that they have. None while one of them is not
 * known.
 */
export const diffOf = (
  before: object | undefined,
  after: object | undefined,
): { readonly diff: readonly DiffLine[]; readonly fields: number } => {
  if (!before || !after) return { diff: [], fields: 0 };
  const { shown } = differencesOf(before, after, mostDifferences);
  const diff = shown.flatMap(({ path, before: one, after: other }): DiffLine[] => [
    ...(one === undefined ? [] : [{ kind: 'removed', path, value: one } as const]),
    ...(other === undefined ? [] : [{ kind: 'added', path, value: other } as const]),
  ]);
  return { diff, fields: Math.max(countFields(before), countFields(after)) };
};
