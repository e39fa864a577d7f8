import type { StackClient } from '../../cli/stack-client.js';
import { hold, type Invocation, type Operator, type Start } from '../../core/commands/requests.js';
import { executionName, nameOf } from '../../core/records/execution-name.js';
import type { CommandAccepted, Me } from '../api.js';
import { deploymentHref, releaseHref } from '../client/routes.js';
import { checkResult, commandError } from './command-errors.js';
import { type ParsedCommand, parseCommand } from './command-input.js';
import { checkInput, checkNames, nameToTypeFor, requestOf } from './command-request.js';
import { PageError } from './page-error.js';

/** Carries out a command once for each key. @throws PageError */
export type RunCommand = (input: unknown, key: string, me: Me | undefined) => Promise<CommandAccepted>;

/** Answers that are remembered; the oldest are forgotten first. */
const remembered = 500;

/**
 * Commands of the page, as the command line gives them. A key that is sent again, also at the same time, gets the first answer; what has
 * failed is tried again: an execution's name is made of the key, so that nothing is started twice. `changed` is called after each.
 */
export const createCommands = (client: Pick<StackClient, 'query' | 'invoke' | 'start'>, changed: () => void = () => {}): RunCommand => {
  const answers = new Map<string, { readonly command: string; readonly answer: Promise<CommandAccepted> }>();
  return async (input, key, me) => {
    const command = JSON.stringify(input);
    const known = answers.get(key);
    if (known && known.command !== command)
      throw new PageError(422, {
        reason: 'INVALID_INPUT',
        message: 'this Idempotency-Key was sent with another command; expected a new one for each command',
      });
    if (known) return known.answer;
    const answer = carryOut(client, input, key, me)
      .catch((error: unknown) => {
        answers.delete(key);
        throw commandError(error);
      })
      .finally(changed);
    answers.set(key, { command, answer });
    const [oldest] = answers.keys();
    if (answers.size > remembered && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
};

type Client = Pick<StackClient, 'query' | 'invoke' | 'start'>;

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

/** After a rollback that was started. A hold that fails does not undo it: the operator is told. */
const holdNow = async (client: Client, { name, input }: Invocation): Promise<string> => {
  try {
    const { outcome, message } = await client.invoke(name, input);
    return outcome === 'SUCCEEDED' ? `, and ${message}` : `, but the service is not on hold: ${message}`;
  } catch (error) {
    if (error instanceof Error) return `, but the service is not on hold: ${error.message}`;
    throw error;
  }
};
