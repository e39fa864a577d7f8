import { isPasteable } from './plain-text.js';

/** A line to paste into a shell; `to` is what it does, as an infinitive: `roll production/web back`. */
export type ToPaste = { readonly to: string; readonly line: string };

/** Lines of a mail. One that would not be shown as it is is left out. */
export const pasteLines = (lines: readonly ToPaste[]): string[] =>
  lines.flatMap(({ to, line }) => (isPasteable(line) ? [`To ${to}:`, line, ''] : []));
