import type { Account } from '../../account.js';
import type { Permission } from '../../operation.js';

/** The permission for an action on a stack, given by its name or ID; `*` for all stacks. */
export const onStack =
  (action: string) =>
  ({ StackName }: { readonly StackName?: string }, account: Account): Permission[] => {
    const name = StackName?.startsWith('arn:') ? StackName : account.arn('cloudformation', `stack/${StackName}/*`);
    return [{ action: `cloudformation:${action}`, resource: StackName === undefined ? '*' : name }];
  };
