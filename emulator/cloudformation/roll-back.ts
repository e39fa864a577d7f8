import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { resourceTypes } from './resource-types.js';
import type { Stack, StackResource } from './stack.js';

/**
 * After a failed deployment: resources that it changed get their former properties, and those that it created are deleted
 * unless they are retained. One that cannot be deleted is left in the account, no longer part of the stack, as CloudFormation
 * does after three attempts.
 */
export const rollBack = async (account: Account, stack: Stack, before: ReadonlyMap<string, StackResource>): Promise<void> => {
  const { log } = account;
  log.add('cloudformation', 'stack-rolled-back', { stack: stack.name });
  for (const [logicalId, resource] of [...stack.resources].reverse()) {
    const previous = before.get(logicalId);
    if (previous === resource) continue;
    if (previous) await restore(account, stack, logicalId, previous);
    else await discard(account, stack, logicalId, resource);
  }
};

const restore = async (account: Account, stack: Stack, logicalId: string, previous: StackResource): Promise<void> => {
  const { artifactsDir, properties, type } = previous;
  await resourceTypes.get(type)?.deploy(properties as never, { account, stack, logicalId, artifactsDir });
  stack.resources.set(logicalId, previous);
};

const discard = async (account: Account, stack: Stack, logicalId: string, resource: StackResource): Promise<void> => {
  const { deletionPolicy, ref, type } = resource;
  const definition = resourceTypes.get(type);
  if (deletionPolicy !== 'Retain') {
    if (!definition?.remove) return;
    try {
      await definition.remove(ref, account);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      account.log.add('cloudformation', 'resource-left', { resource: ref, error: error.message });
    }
  }
  stack.resources.delete(logicalId);
};
