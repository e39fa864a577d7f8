import { deployStack, type Where } from './commands.js';
import type { MachineFacts, Read } from './facts.js';
import { type Found, found, notChecked } from './finding.js';
import * as messages from './messages.js';

/**
 * One state machine, by its ARN. `published` are what it may invoke: the ARNs of the functions' versions that the stack published last,
 * and the names of its functions. An approval may wait for days, and is invoked without a version then.
 */
export const machineFindings = (
  where: Where,
  arn: string,
  read: Read<MachineFacts | undefined>,
  published: ReadonlySet<string>,
): Found[] => {
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  if ('unread' in read) return [notChecked(name, read.unread)];
  const machine = read.value;
  const command = deployStack(where);
  if (!machine) return [found('MACHINE_MISSING', 'error', name, messages.resourceMissing(), { command })];
  if (machine.status !== 'ACTIVE')
    return [found('MACHINE_NOT_ACTIVE', 'error', name, messages.machineNotActive(machine.status), { command })];
  const others = machine.functions
    .filter((one) => !published.has(one))
    .map((one) => one.replace(/^.*:function:/, ''))
    .filter((one) => !published.has(one));
  return others.length > 0 ? [found('MACHINE_CHANGED', 'warning', name, messages.machineChanged(others), { command })] : [];
};
