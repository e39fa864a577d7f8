import type { Secrets } from '../services.js';
import type { World } from '../world.js';
import { createSecret, getSecretValue } from './secret-operations.js';
import { SecretStore } from './secret-store.js';

/** AWS Secrets Manager: secrets that are created and read. */
export const createSecrets = (world: World): Secrets => {
  const secrets = new SecretStore(world);
  world.add([createSecret(secrets), getSecretValue(secrets)]);
  return {
    createSecret: ({ name, arn, value }) => {
      secrets.create(name, { string: value, binary: undefined }, { arn });
    },
  };
};
