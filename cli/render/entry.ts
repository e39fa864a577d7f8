import { paragraph } from './layout.js';
import { type Mark, markOf, paintOf } from './marks.js';
import type { Style } from './style.js';

/** One thing: a line with its mark, and what belongs to it. `commands` are whole lines, to paste. */
export type Entry = {
  readonly mark: Mark;
  readonly text: string;
  readonly details?: readonly string[];
  readonly commands?: readonly string[];
};

export const entryLines = ({ mark, text, details = [], commands = [] }: Entry, style: Style): string[] => {
  const [first = '', ...rest] = paragraph(text, style.width, '    ');
  return [
    `  ${markOf(mark, style)} ${paintOf(mark, style.colors)(first.slice(4))}`,
    ...rest.map(paintOf(mark, style.colors)),
    ...details.flatMap((detail) => paragraph(detail, style.width, '    ')),
    ...commands.map((command) => `    ${command}`),
  ];
};

/** A command line, if the reader of this style gets any. */
export const toPaste = ({ command: complete }: Style, ...words: readonly string[]): string[] => (complete ? [complete(...words)] : []);
