import type { Account } from '../account.js';
import type { Permission } from '../operation.js';
import type { FunctionRegistry } from './function-registry.js';

/** Permissions of operations on one function, with the ARN of what was named. */
export const onFunction =
  (functions: FunctionRegistry, action: string) =>
  (
    { FunctionName, Qualifier }: { readonly FunctionName: string; readonly Qualifier?: string },
    _account: Account,
  ): readonly Permission[] => [{ action: `lambda:${action}`, resource: functions.arnOf(FunctionName, Qualifier) }];
