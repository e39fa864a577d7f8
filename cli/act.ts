import { randomUUID } from 'node:crypto';
import { executionName, nameOf } from '../core/records/execution-name.js';
import type { Result } from '../core/result/result.js';
import { CommandError } from './command-error.js';
import type { Context } from './context.js';
import { type ExitStatus, exitStatuses, exitStatusOf } from './exit-status.js';
import { clean } from './render/clean.js';
import { jsonText } from './render/json.js';
import { commandsOf } from './render/style.js';
import type { StackClient } from './stack-client.js';

/**
 * Prints what a function of the stack did.
 * @throws CommandError with the status and the message of a result other than SUCCEEDED; with --json it is printed, too
 */
export const reportResult = (
  { terminal, options }: Pick<Context, 'terminal' | 'options'>,
  result: Result & { readonly started?: readonly string[] },
): ExitStatus => {
  const status = exitStatusOf(result);
  if (options.json) terminal.print(jsonText(result));
  if (status !== exitStatuses.ok && !options.json) throw new CommandError(clean(result).message, { status });
  if (!options.json) {
    terminal.print(clean(result).message);
    for (const execution of result.started ?? []) terminal.print(`started ${nameOf(execution)}`);
  }
  return status;
};

type Start = {
  readonly machine: 'release' | 'deployment';
  /** Of the execution's name, which is of this start alone: sent again after an answer that was lost, it starts nothing twice. */
  readonly words: readonly string[];
  readonly input: object;
  readonly wait?: boolean | undefined;
};

/** Starts an execution, and says how to follow it or waits for its result. */
export const start = async (context: Context, client: StackClient, { machine, words, input, wait }: Start): Promise<ExitStatus> => {
  const { terminal, options } = context;
  const execution = await client.start(machine, executionName(words, [randomUUID()]), input);
  const name = nameOf(execution);
  if (options.json) terminal.print(jsonText({ machine, name, execution, input }));
  else if (!wait) {
    terminal.print(`started ${name}`);
    terminal.note(`To see how it goes: ${commandsOf(client, options.profile)('show', name)}`);
  }
  if (!wait) return exitStatuses.ok;
  const [{ follow }, { isCi }] = await Promise.all([import('./follow/follow.js'), import('./verbs/follow.js')]);
  const target = machine === 'release' ? { release: execution } : { deployment: execution };
  return follow(context, target, { timeoutSeconds: hour, endsAtGates: isCi(context.environment) });
};

/** As by default of `follow`. Seconds. */
const hour = 3600;
