import { CommandError } from './command-error.js';
import type { Context } from './context.js';
import { exitStatuses } from './exit-status.js';

/** What an operator is asked before something changes. */
export type Asked = {
  /** What would change, a line each. */
  readonly preview: readonly string[];
  readonly question: string;
  /** Of what is called production: the name to type. */
  readonly name?: string;
};

/** Goes on if the operator says yes. @throws CommandError if they do not; nothing was changed */
type Confirm = (asked: () => Promise<Asked>) => Promise<void>;

/**
 * How a verb that changes what runs is confirmed: by --yes, which asks nothing and reads nothing, or at the terminal.
 * @throws CommandError without a terminal and without --yes, before anything is requested
 */
export const confirming = ({ options, prompt, terminal }: Context, verb: string): Confirm => {
  if (options.yes) return async () => undefined;
  if (!prompt)
    throw new CommandError(`${verb} changes what runs, and there is no terminal to confirm it at: add --yes`, {
      status: exitStatuses.usage,
    });
  return async (asked) => {
    const { preview, question, name } = await asked();
    for (const line of preview) terminal.note(line);
    const isConfirmed =
      name === undefined ? await prompt.confirm(question) : (await prompt.type(`${question} Type ${name} to go on:`)).trim() === name;
    if (!isConfirmed) throw new CommandError('not confirmed: nothing was changed', { status: exitStatuses.notDeployed });
  };
};
