import { beforeTaskText } from '../../core/notification/wording.js';
import type { DeploymentView } from '../../core/query/answers.js';
import { nextStep } from '../../core/result/runbook.js';
import { labelled, paragraph } from './layout.js';
import type { Style } from './style.js';

/**
 * Why a deployment fails or has failed: what is said, what to do, the failed tasks, and the last lines of one of them. The message names
 * the first group of failed tasks.
 */
export const evidenceLines = (view: DeploymentView, style: Style, indent: string): string[] => {
  const { result, rollback, failures = [], log, events = [], alarms = [], beforeTask, warnings = [] } = view;
  const { width, colors } = style;
  const say = (text: string) => paragraph(text, width, indent);
  const hasSucceeded = result?.outcome === 'SUCCEEDED';
  const message = result?.message ?? rollback?.message;
  return [
    ...(message && !hasSucceeded ? say(message) : []),
    ...(result && nextStep(result) ? say(colors.bold(`To do: ${nextStep(result)}`)) : []),
    ...(beforeTask && beforeTask.outcome !== 'SUCCEEDED' ? say(beforeTaskText(beforeTask)) : []),
    ...(message && failures.length === 1 ? [] : failures).flatMap(({ count, description }) => say(`${count} × ${description}`)),
    ...alarms.flatMap((alarm) => say(`alarm ${alarm}`)),
    ...events.flatMap((event) => labelled('ECS', event, width, indent)),
    ...(beforeTask && beforeTask.log.length > 0 ? logTail(beforeTask.container, beforeTask.log, style, indent) : []),
    ...(log ? logTail(log.container, log.lines, style, indent) : []),
    ...warnings.flatMap((warning) => say(colors.yellow(warning))),
  ];
};

/** Lines of a log are not wrapped: they are searched and pasted. */
const logTail = (container: string, lines: readonly string[], { colors }: Style, indent: string): string[] => [
  `${indent}${colors.dim(`last lines of ${container}:`)}`,
  ...lines.map((line) => `${indent}${colors.dim('│')} ${line}`),
];
