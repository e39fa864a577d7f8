import { randomUUID } from 'node:crypto';
import type { Invocation, Start } from '../core/commands/requests.js';
import { executionName, nameOf } from '../core/records/execution-name.js';
import type { Result } from '../core/result/result.js';
import { isCi } from './ci.js';
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

/** Invokes a function of the stack, and prints what it did. @throws CommandError as reportResult and `invoke` */
export const invoke = async (context: Context, client: StackClient, { name, input }: Invocation): Promise<ExitStatus> =>
  reportResult(context, await client.invoke(name, input));

/**
 * Starts an execution, and says how to follow it or waits for its result. Its name is of this start alone: sent again after an answer that
 * was lost, it starts nothing twice.
 */
export const start = async (
  context: Context,
  client: StackClient,
  { machine, words, input }: Start,
  wait: boolean | undefined,
): Promise<ExitStatus> => {
  const { terminal, options } = context;
  const execution = await client.start(machine, executionName(words, [randomUUID()]), input);
  const name = nameOf(execution);
  if (options.json) terminal.print(jsonText({ machine, name, execution, input }));
  else if (!wait) {
    terminal.print(`started ${name}`);
    terminal.note(`To see how it goes: ${commandsOf(client, options.profile)('show', name)}`);
  }
  if (!wait) return exitStatuses.ok;
  const { follow } = await import('./follow/follow.js');
  const target = machine === 'release' ? { release: execution } : { deployment: execution };
  return follow(context, target, { timeoutSeconds: hour, endsAtGates: isCi(context.environment) });
};

/** As by default of `follow`. Seconds. */
const hour = 3600;
