import { CommandError } from './command-error.js';
import type { Prompt } from './context.js';
import { exitStatuses } from './exit-status.js';

const answered = <Answer>(answer: Answer): Exclude<Answer, symbol> => {
  if (typeof answer !== 'symbol') return answer as Exclude<Answer, symbol>;
  throw new CommandError('interrupted: nothing was changed', { status: exitStatuses.interrupted, code: 'INTERRUPTED' });
};

/** Questions at the terminal; undefined if no terminal is there to answer at. Standard output is left to answers. */
export const promptOf = (stdin: NodeJS.ReadStream, stderr: NodeJS.WriteStream): Prompt | undefined => {
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  const streams = { input: stdin, output: stderr };
  return {
    confirm: async (message) => answered(await (await import('@clack/prompts')).confirm({ message, initialValue: false, ...streams })),
    type: async (message) => answered(await (await import('@clack/prompts')).text({ message, ...streams })) ?? '',
  };
};
