import type { Terminal } from '../../cli/terminal.js';
import { pad, wrap } from '../../cli/wrap.js';
import type { Verdict } from './compare.js';
import type { Report } from './verify.js';

const STATUS_WIDTH = 'differs'.length + 2;

const paint = (colors: Terminal['colors'], status: Verdict['status']): ((text: string) => string) =>
  ({ ok: colors.green, differs: colors.yellow, failed: colors.red, skipped: colors.yellow })[status];

/** One line for each check, and its details below each other in a column of their own; then what stays in the account. */
export const reportText = ({ verdicts, stays }: Report, { colors, width }: Pick<Terminal, 'colors' | 'width'>): string => {
  const nameWidth = Math.max(...verdicts.map(({ name }) => name.length)) + 2;
  const indent = ' '.repeat(nameWidth + STATUS_WIDTH);
  const rows = verdicts.map(({ name, status, details }) => {
    const text = details.map((detail) => wrap(`${indent}${detail}`, width, `${indent}  `)).join('\n');
    const head = `${pad(name, nameWidth)}${paint(colors, status)(pad(status, STATUS_WIDTH))}`;
    return `${head}${text.slice(indent.length)}`.trimEnd();
  });
  const count = (wanted: Verdict['status']) => verdicts.filter(({ status }) => status === wanted).length;
  const summary = `${count('ok')} ok, ${count('differs')} differ, ${count('failed')} failed, ${count('skipped')} skipped`;
  return [...rows, '', summary, ...(stays.length > 0 ? ['', 'What stays:', ...stays.map((text) => `  ${text}`)] : [])].join('\n');
};

/** Whether nothing differs and nothing failed; what was skipped proves nothing, and is no failure. */
export const isPassed = ({ verdicts }: Report): boolean => verdicts.every(({ status }) => status === 'ok' || status === 'skipped');
