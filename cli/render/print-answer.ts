import type { Head } from '../../core/query/answers.js';
import type { Context } from '../context.js';
import { type ExitStatus, exitStatuses } from '../exit-status.js';
import { jsonText } from './json.js';
import { commandsOf, type Style } from './style.js';

/**
 * Prints an answer, for people or as JSON. Times are relative to that of the answer: the clock of the stack wrote all of them, and this
 * machine's may differ.
 */
export const printAnswer = (
  { terminal, options }: Pick<Context, 'terminal' | 'options'>,
  answer: Head,
  render: (style: Style) => readonly string[],
): ExitStatus => {
  const { width, colors, print } = terminal;
  if (options.json) print(jsonText(answer));
  else print(render({ width, colors, now: new Date(answer.at), command: commandsOf(answer.stack, options.profile) }).join('\n'));
  return exitStatuses.ok;
};
