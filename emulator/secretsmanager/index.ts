import type { EmulatedAccount } from '../emulated-account.js';
import type { Secrets } from './api.js';
import { deleteSecret, describeSecret, restoreSecret } from './deletion.js';
import { createSecret, getSecretValue } from './secret-operations.js';
import { SecretStore } from './secret-store.js';

/** AWS Secrets Manager: secrets that are created, read, deleted and restored. */
export const createSecrets = (account: EmulatedAccount): Secrets => {
  const secrets = new SecretStore(account);
  account.add([createSecret(secrets), getSecretValue(secrets), describeSecret(secrets), deleteSecret(secrets), restoreSecret(secrets)]);
  return {
    createSecret: ({ name, arn, value }) => {
      secrets.create(name, { string: value, binary: undefined }, { arn });
    },
    exists: (secretId) => secrets.find(secretId) !== undefined,
  };
};
