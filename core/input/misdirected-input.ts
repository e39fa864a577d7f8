import { stackOf } from '../records/execution-name.js';
import { RejectedInput } from '../result/rejected-input.js';
import { type CommandName, controlExample } from './control-input.js';

type Machine = 'deployment' | 'release';

/** Keys that only an input of the other machine has. */
const foreignKeys: Readonly<Record<Machine, readonly string[]>> = {
  deployment: ['repository', 'tag', 'digest'],
  release: ['service', 'image', 'rollback', 'redeploy', 'taskDefinition', 'resume'],
};

const commandIn = (input: Readonly<Record<string, unknown>>): CommandName | undefined => {
  if ('hold' in input) return input.hold === false ? 'unhold' : 'hold';
  if ('cancel' in input) return 'cancel';
  return 'command' in input ? 'hold' : undefined;
};

/**
 * Rejects the input of `control` or of the other machine. `execution` is the ARN of the execution, from which their names follow.
 * @throws RejectedInput that names what the input is for
 */
export const rejectMisdirected = (input: unknown, machine: Machine, execution: string): void => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return;
  const stack = stackOf(execution);
  const command = commandIn(input as Record<string, unknown>);
  if (command !== undefined)
    throw new RejectedInput(`this is a command for the function ${stack}-control: invoke it with ${controlExample(command)}`);
  const key = foreignKeys[machine].find((one) => one in input);
  if (key === undefined || ('service' in input && 'repository' in input)) return;
  const [other, its] = machine === 'deployment' ? ['release', 'the image of a repository'] : ['deployment', 'one service'];
  throw new RejectedInput(`"${key}" is not a key of this machine's input: to deploy ${its}, start the machine ${stack}-${other} with it`);
};
