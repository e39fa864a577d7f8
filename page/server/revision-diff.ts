import { differencesOf } from '../../core/preflight/differences.js';
import type { DiffLine } from '../api.js';

/** How two revisions differ, by path, masked as in `slipway plan`; `fields` counts the paths. None while one of them is not known. */
export const diffOf = (
  before: object | undefined,
  after: object | undefined,
): { readonly diff: readonly DiffLine[]; readonly fields: number } => {
  if (!before || !after) return { diff: [], fields: 0 };
  const { shown, more } = differencesOf(before, after);
  const diff = shown.flatMap(({ path, before: one, after: other }): DiffLine[] => [
    ...(one === undefined ? [] : [{ kind: 'removed', path, value: one } as const]),
    ...(other === undefined ? [] : [{ kind: 'added', path, value: other } as const]),
  ]);
  return { diff, fields: shown.length + more };
};
