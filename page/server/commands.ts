import type { StackClient } from '../../cli/stack-client.js';
import { hold, type Invocation, type Operator, type Start } from '../../core/commands/requests.js';
import { executionName, nameOf } from '../../core/records/execution-name.js';
import type { Command, CommandAccepted, Me } from '../api.js';
import { deploymentHref, releaseHref } from '../client/routes.js';
import { checkResult, commandError } from './command-errors.js';
import { type ParsedCommand, parseCommand } from './command-input.js';
import { checkInput, checkNames, nameToTypeFor, requestOf } from './command-request.js';
import { PageError } from './page-error.js';
import { previewOf } from './preview.js';
import type { DesiredOf } from './preview-lines.js';
import type { Source } from './source.js';

type Client = Pick<StackClient, 'query' | 'invoke' | 'start'>;

type Parts = {
  readonly client: Client;
  /** Who acts: `by` of every command. */
  readonly me: () => Promise<Me | undefined>;
  readonly desiredOf: DesiredOf;
};

/** Answers that are remembered; the oldest are forgotten first. */
const remembered = 500;

/**
 * Commands of the page, as the command line gives them. A key that is sent again, also at the same time, gets the first answer; what has
 * failed is tried again: an execution's name is made of the key, so that nothing is started twice. Both throw PageErrors.
 */
export const createCommands = ({ client, me, desiredOf }: Parts): Pick<Source, 'run' | 'preview'> => {
  const answers = new Map<string, { readonly command: string; readonly answer: Promise<CommandAccepted> }>();
  const runOnce = (given: Command, key: string, command: string): Promise<CommandAccepted> => {
    const answer = me()
      .then((who) => carryOut(client, given, key, who))
      .catch((error: unknown) => {
        answers.delete(key);
        throw commandError(error);
      });
    answers.set(key, { command, answer });
    const [oldest] = answers.keys();
    if (answers.size > remembered && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
  return {
    preview: (command) => previewOf(client, command, desiredOf),
    run: async (given, key) => {
      const command = JSON.stringify(given);
      const known = answers.get(key);
      if (!known) return runOnce(given, key, command);
      if (known.command === command) return known.answer;
      const message = 'this Idempotency-Key was sent with another command; expected a new one for each command';
      throw new PageError(422, { reason: 'INVALID_INPUT', message });
    },
  };
};

const carryOut = async (client: Client, input: unknown, key: string, me: Me | undefined): Promise<CommandAccepted> => {
  const command = parseCommand(input);
  const installation = await client.query('installation', {});
  checkNames(command, installation);
  const operator = operatorOf(command, me);
  const request = requestOf(command, installation, operator);
  checkInput(request, installation);
  const later = command.command === 'rollback' && command.holdAfterwards ? hold(command.service, undefined, operator) : undefined;
  const name = nameToTypeFor(command, installation);
  if (name !== undefined && (!('confirm' in command) || command.confirm !== name))
    throw new PageError(422, {
      reason: 'NOT_CONFIRMED',
      message: `nothing was changed: "confirm" is not the name to type, which is ${name}`,
    });
  if ('name' in request) return invoke(client, request);
  const accepted = await start(client, request, key);
  return later ? { ...accepted, message: `${accepted.message}${await holdNow(client, later)}` } : accepted;
};

const operatorOf = ({ reason }: ParsedCommand, me: Me | undefined): Operator => ({
  ...(me && { by: me.name }),
  ...(reason !== undefined && { reason }),
});

const invoke = async (client: Client, { name, input }: Invocation): Promise<CommandAccepted> => {
  const { started = [], ...result } = await client.invoke(name, input);
  checkResult(result);
  const [first] = started;
  return { message: result.message, ...(first !== undefined && { execution: nameOf(first) }) };
};

const start = async (client: Client, { machine, words, input }: Start, key: string): Promise<CommandAccepted> => {
  const execution = nameOf(await client.start(machine, executionName(words, [key]), input));
  return { execution, message: `${execution} has started`, href: hrefOf(input, execution) };
};

const hrefOf = (input: object, execution: string): string => {
  const { service, repository } = input as { readonly service?: string; readonly repository?: string };
  return service === undefined ? releaseHref(repository ?? '', execution) : deploymentHref(service, execution);
};

/** After a rollback that was started. A hold that fails does not undo it: the message says so. */
const holdNow = async (client: Client, { name, input }: Invocation): Promise<string> => {
  try {
    const { outcome, message } = await client.invoke(name, input);
    return outcome === 'SUCCEEDED' ? `, and ${message}` : `, but the service is not on hold: ${message}`;
  } catch (error) {
    if (error instanceof Error) return `, but the service is not on hold: ${error.message}`;
    throw error;
  }
};
