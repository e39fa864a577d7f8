import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Read, SecretFacts } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { isNamed } from '../sdk-errors.js';
import { read, readEach } from './read.js';

const secretsManager = clientFor(SecretsManagerClient);

/** Secrets by their names, without their values. */
export const readSecrets = (
  settings: ClientSettings,
  names: readonly string[],
): Promise<ReadonlyMap<string, Read<SecretFacts | undefined>>> =>
  readEach(names, (SecretId) =>
    read('secretsmanager:DescribeSecret', async () => {
      try {
        const { DeletedDate, VersionIdsToStages = {} } = await secretsManager(settings).send(new DescribeSecretCommand({ SecretId }));
        const hasValue = Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSCURRENT'));
        return { hasValue, ...(DeletedDate && { deletedAt: DeletedDate.toISOString() }) };
      } catch (error) {
        if (isNamed(error, 'ResourceNotFoundException')) return undefined;
        throw error;
      }
    }),
  );
