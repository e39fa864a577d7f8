import type { EmulatedAccount } from '../emulated-account.js';
import { operation } from '../operation.js';

/** A role acts as an assumed role: `arn:aws:sts::…:assumed-role/<role>/<session>`. */
const assumed = (arn: string): string =>
  arn.replace(/^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/, 'arn:$1:sts::$2:assumed-role/$3/emulator');

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
        Arn: caller.kind === 'role' ? assumed(caller.arn) : caller.arn,
        UserId: caller.kind === 'role' ? 'AROAEMULATOR:emulator' : 'AIDAEMULATOR',
      }),
    }),
  ]);
};
