import type { Answered, LogAnswer } from '../../core/query/answers.js';
import { clean } from './clean.js';
import { paragraph, sections } from './layout.js';
import type { Style } from './style.js';

/** The last lines of each container, the oldest first. Lines are not wrapped: they are searched and pasted. */
export const logLines = (answer: Answered<LogAnswer>, style: Style): string[] => {
  const { service, logs } = clean(answer);
  if (logs.length === 0)
    return paragraph(
      `${service} has no task that runs, and none that ECS remembers: it forgets a task an hour after it has stopped.`,
      style.width,
    );
  return sections(...logs.map((log) => containerLines(log, style)));
};

const containerLines = ({ container, task, isStopped, lines, unread }: LogAnswer['logs'][number], { colors, width }: Style): string[] => [
  `${colors.bold(container)}  ${colors.dim(`task ${task}`)}${isStopped ? `  ${colors.red('stopped')}` : ''}`,
  ...lines.map((line) => `  ${line}`),
  ...(unread === undefined ? [] : paragraph(colors.yellow(unread), width, '  ')),
  ...(unread === undefined && lines.length === 0 ? [`  ${colors.dim('no lines')}`] : []),
];
