import type { Finding, Severity } from '../../core/doctor/finding.js';
import type { Terminal } from '../terminal.js';
import { wrap } from '../wrap.js';
import { clean } from './clean.js';

type Style = Pick<Terminal, 'width' | 'colors'>;

const colorOf = ({ red, yellow, dim }: Style['colors'], severity: Severity) => ({ error: red, warning: yellow, note: dim })[severity];

const capitalised = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}.`;

/** A command stays on one line, to be pasted. */
const linesOf = ({ severity, subject, message, toDo, command }: Finding, { width, colors }: Style): string[] => [
  `${colorOf(colors, severity)(severity.padEnd(7))}  ${colors.bold(subject)}`,
  wrap(`  ${capitalised(message)}`, width, '  '),
  wrap(`  ${capitalised(toDo)}`, width, '  '),
  ...(command === undefined ? [] : [`  ${colors.cyan(command)}`]),
  '',
];

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The findings, the worst first, and how many there are. */
export const findingLines = (findings: readonly Finding[], style: Style): string[] => {
  if (findings.length === 0) return ['Nothing was found: the installation is as it should be.'];
  const counts = (['error', 'warning', 'note'] as const)
    .map((severity) => ({ severity, count: findings.filter((one) => one.severity === severity).length }))
    .filter(({ count }) => count > 0);
  return [
    ...clean(findings).flatMap((finding) => linesOf(finding, style)),
    `${counts.map(({ severity, count }) => counted(count, severity)).join(', ')}.`,
  ];
};
