import type { EmulatedAccount } from '../emulated-account.js';
import type { Secrets } from './api.js';
import { createSecret, getSecretValue } from './secret-operations.js';
import { SecretStore } from './secret-store.js';

/** AWS Secrets Manager: secrets that are created and read. */
export const createSecrets = (account: EmulatedAccount): Secrets => {
  const secrets = new SecretStore(account);
  account.add([createSecret(secrets), getSecretValue(secrets)]);
  return {
    createSecret: ({ name, arn, value }) => {
      secrets.create(name, { string: value, binary: undefined }, { arn });
    },
    exists: (secretId) => secrets.find(secretId) !== undefined,
  };
};
