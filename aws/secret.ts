import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type ClientSettings, clientFor } from './client-settings.js';

const secretsManager = clientFor(SecretsManagerClient);

/** Secrets of AWS Secrets Manager. */
export class Secrets {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** The current value; empty for a binary secret. @throws ResourceNotFoundException if there is no such secret */
  async value(name: string): Promise<string> {
    const { SecretString } = await secretsManager(this.#settings).send(new GetSecretValueCommand({ SecretId: name }));
    return SecretString ?? '';
  }
}
