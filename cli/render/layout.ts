import columnsOf from 'string-width';
import { pad, wrap } from '../wrap.js';

/** What a text gets at least, on however narrow a terminal. */
const leastWidth = 30;
const gap = '  ';

/** A text on as many lines as it needs, each after `indent`. */
export const paragraph = (text: string, width: number, indent = ''): string[] =>
  wrap(text, Math.max(width - indent.length, leastWidth), '')
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line));

/** `label   text`, the text on as many lines as it needs; nothing without a text. */
export const labelled = (label: string, text: string, width: number, indent = ''): string[] => {
  if (text === '') return [];
  const [first = '', ...rest] = paragraph(text, width, indent + ' '.repeat(labelWidth));
  return [indent + pad(label, labelWidth) + first.slice(indent.length + labelWidth), ...rest];
};

const labelWidth = 12;

/** Sections with an empty line between them; an empty one is left out. */
export const sections = (...all: readonly (readonly string[])[]): string[] =>
  all.filter((lines) => lines.length > 0).flatMap((lines, place) => (place === 0 ? [...lines] : ['', ...lines]));

/**
 * Rows whose cells are aligned. Where the widest cells do not fit beside each other they do not count: such a cell has its line to itself,
 * and the next one follows on a line below, at its place. No cell is cut; only the last one of a row is wrapped.
 */
export const table = (rows: readonly (readonly string[])[], width: number, indent = ''): string[] => tableRows(rows, width, indent).flat();

/** The same, with the lines of each row by themselves. */
export const tableRows = (rows: readonly (readonly string[])[], width: number, indent = ''): string[][] => {
  const widths = fitted(rows, width - indent.length);
  return rows.map((row) => rowLines(row, widths, width, indent));
};

/** The width of each column but the last, for which a third of the line remains, or what it needs. */
const fitted = (rows: readonly (readonly string[])[], width: number): number[] => {
  const count = Math.max(0, ...rows.map(({ length }) => length));
  const cells = Array.from({ length: count }, (_, column) =>
    rows.flatMap((row) => (column < row.length ? columnsOf(row[column] ?? '') : [])).toSorted((one, other) => other - one),
  );
  const last = Math.min(cells.pop()?.[0] ?? 0, Math.max(leastWidth, Math.floor(width / 3)));
  const sum = () => cells.reduce((total, [widest = 0]) => total + widest + gap.length, last);
  while (sum() > width) {
    const widest = cells.reduce((one, other) => ((other[0] ?? 0) > (one[0] ?? 0) ? other : one), []);
    const [size = 0] = widest;
    const next = widest.findIndex((one) => one < size);
    // The column has only cells of that width: each of them is on its own line.
    if (next < 0) widest.splice(0, widest.length, Math.min(size - 1, 4));
    else widest.splice(0, next);
    if (size <= 4) break;
  }
  return cells.map(([widest = 0]) => widest);
};

const rowLines = (row: readonly string[], widths: readonly number[], width: number, indent: string): string[] => {
  const lines: string[] = [];
  let line = indent;
  let start = indent.length;
  row.forEach((cell, column) => {
    const room = widths[column];
    if (room === undefined) {
      const [first = '', ...rest] = paragraph(cell, width, ' '.repeat(start));
      lines.push(line + first.slice(start), ...rest);
      line = '';
      return;
    }
    start += room + gap.length;
    if (columnsOf(cell) <= room) {
      line += pad(cell, room) + gap;
      return;
    }
    lines.push(line + cell);
    line = ' '.repeat(start);
  });
  return [...lines, line].map((one) => one.trimEnd()).filter((one) => one !== '');
};
