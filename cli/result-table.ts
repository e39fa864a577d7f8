import Table from 'cli-table3';
import columns from 'string-width';
import type { ExecutionView, States } from '../emulator/states/api.js';
import { executionResult } from './execution-result.js';
import { paint, subjectOf } from './summary.js';
import type { Terminal } from './terminal.js';
import { wrap } from './wrap.js';

/** One execution that has ended. `seconds` are virtual. */
export type Row = {
  readonly what: string;
  readonly outcome: string;
  readonly reason: string;
  readonly seconds: number;
  readonly transitions: number;
  readonly message: string;
};

export const rowOf = (states: States, execution: ExecutionView): Row => {
  const { outcome, reason, message } = executionResult(states, execution);
  return {
    what: subjectOf(execution.machineArn, execution.input),
    outcome,
    reason,
    seconds: Math.round(((execution.stopTime ?? execution.startTime) - execution.startTime) / 1000),
    transitions: states.transitions(execution.arn),
    message,
  };
};

/** The rows of one release and its services. A release that failed because of a service repeats that service's message: one is enough. */
export const withoutRepetition = ([release, ...services]: readonly Row[]): Row[] => {
  if (!release) return [];
  const failed = services.filter(({ outcome }) => outcome === release.outcome);
  if (failed.length === 0 || release.outcome === 'SUCCEEDED') return [release, ...services];
  return [{ ...release, message: `see ${failed.map(({ what }) => what).join(', ')}` }, ...services];
};

const HEAD = ['what', 'outcome', 'reason', 'virtual time', 'transitions', 'why'];
/** Where `why` has less than this, it gets lines of its own. */
const LEAST_WHY = 40;

const cells = ({ what, outcome, reason, seconds, transitions }: Row): string[] => [
  what,
  outcome,
  reason,
  `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2)} s`,
  String(transitions),
];

const noBorders = Object.fromEntries(
  [
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ]
    .flat()
    .map((name) => [name, '']),
);

/** The rows as a table, in which `why` is a column if the terminal is wide enough for it. */
export const resultTable = (rows: readonly Row[], { colors, width }: Terminal): string => {
  const widths = HEAD.map((head, index) => 2 + Math.max(head.length, ...rows.map((row) => columns(cells(row)[index] ?? ''))));
  const fixed = widths.slice(0, -1).reduce((sum, one) => sum + one, 0);
  const isWide = width - fixed >= LEAST_WHY;
  const whyWidth = Number.isFinite(width) ? width - fixed : 2 + Math.max(...rows.map(({ message }) => columns(message)), 3);
  const head = isWide ? HEAD : HEAD.slice(0, -1);
  const table = new Table({
    head: head.map((name) => colors.bold(name)),
    colWidths: isWide ? [...widths.slice(0, -1), whyWidth] : widths.slice(0, -1),
    colAligns: ['left', 'left', 'left', 'right', 'right', 'left'],
    chars: { ...noBorders, middle: '' },
    // Colours are ours: the library does not know NO_COLOR.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    wordWrap: true,
  });
  for (const row of rows) {
    const shown = cells(row).map((cell, index) => (index === 1 ? paint(colors, row.outcome)(cell) : cell));
    if (isWide) table.push([...shown, row.message]);
    else
      table.push(shown, [{ colSpan: shown.length, content: colors.dim(wrap(`  ${row.message}`, Math.max(fixed - 2, LEAST_WHY), '  ')) }]);
  }
  return table.toString().replace(/ +$/gm, '');
};
