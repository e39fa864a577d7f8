import { stackOf } from '../records/execution-name.js';
import { RejectedInput } from '../result/rejected-input.js';
import { cancelReleaseExample, controlExample } from './control-input.js';
import { decideExample, decisions } from './decide-input.js';

type Machine = 'deployment' | 'release';

/** Keys that only an input of the other machine has. */
const foreignKeys: Readonly<Record<Machine, readonly string[]>> = {
  deployment: ['repository', 'tag', 'digest'],
  release: ['service', 'image', 'rollback', 'redeploy', 'taskDefinition', 'resume'],
};

/** The function that a command is for, and an example of its input. */
const commandFor = (input: Readonly<Record<string, unknown>>): readonly [name: string, example: string] | undefined => {
  if (decisions.some((one) => one === input.command)) return ['decide', decideExample];
  if (input.command === 'cancel' && 'repository' in input) return ['control', cancelReleaseExample];
  if ('hold' in input) return ['control', controlExample(input.hold === false ? 'unhold' : 'hold')];
  if ('cancel' in input) return ['control', controlExample('cancel')];
  return 'command' in input ? ['control', controlExample('hold')] : undefined;
};

/**
 * Rejects the input of `control`, of `decide` or of the other machine. `execution` is the ARN of the execution, from which their names follow.
 * @throws RejectedInput that names what the input is for
 */
export const rejectMisdirected = (input: unknown, machine: Machine, execution: string): void => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return;
  const stack = stackOf(execution);
  const [name, example] = commandFor(input as Record<string, unknown>) ?? [];
  if (name !== undefined) throw new RejectedInput(`this is a command for the function ${stack}-${name}: invoke it with ${example}`);
  // Both machines roll back: one a service, the other a release.
  const isRollback = (one: string): boolean => one === 'rollback' && !('service' in input);
  const key = foreignKeys[machine].find((one) => one in input && !isRollback(one));
  if (key === undefined || ('service' in input && 'repository' in input)) return;
  const [other, its] = machine === 'deployment' ? ['release', 'the image of a repository'] : ['deployment', 'one service'];
  throw new RejectedInput(`"${key}" is not a key of this machine's input: to deploy ${its}, start the machine ${stack}-${other} with it`);
};
