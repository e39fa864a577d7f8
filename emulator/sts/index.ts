import type { EmulatedAccount } from '../emulated-account.js';
import { operation } from '../operation.js';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.js';
import { assumedRole } from './assumed-role.js';

export const createSts = (account: EmulatedAccount): void => {
  account.add([
    operation<object, { Account: string; Arn: string; UserId: string }>({
      service: 'sts',
      name: 'GetCallerIdentity',
      input: {},
      // Needs no permission: IAM cannot deny it.
      permissions: () => [],
      run: (_input, { caller }) => ({
        Account: account.accountId,
        Arn: caller.kind === 'role' ? assumedRole(caller.arn, 'emulator') : caller.arn,
        UserId: caller.kind === 'role' ? 'AROAEMULATOR:emulator' : 'AIDAEMULATOR',
      }),
    }),
    assumeRoleWithWebIdentity(account),
  ]);
};
