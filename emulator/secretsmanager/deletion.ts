import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { markedForDeletion, notFound, onSecret } from './secret-operations.js';
import type { Secret, SecretStore } from './secret-store.js';

const dayMs = 86_400_000;

type Named = { SecretId: string };
type DeleteInput = Named & { RecoveryWindowInDays?: number; ForceDeleteWithoutRecovery?: boolean };

/** @throws AwsError ResourceNotFoundException */
const secretOf = (secrets: SecretStore, { SecretId }: Named): Secret => {
  const secret = secrets.find(SecretId);
  if (!secret) throw notFound('secret.');
  return secret;
};

export const describeSecret = (secrets: SecretStore): Operation =>
  operation<Named, unknown>({
    service: 'secretsmanager',
    name: 'DescribeSecret',
    input: { SecretId: 'string' },
    required: ['SecretId'],
    permissions: onSecret(secrets, 'DescribeSecret'),
    run: (input) => {
      const { arn, name, versionId, createdAt, deletedAt, value } = secretOf(secrets, input);
      const hasValue = value.string !== undefined || value.binary !== undefined;
      return {
        ARN: arn,
        Name: name,
        CreatedDate: new Date(createdAt),
        LastChangedDate: new Date(createdAt),
        ...(deletedAt !== undefined && { DeletedDate: new Date(deletedAt) }),
        ...(hasValue && { VersionIdsToStages: { [versionId]: ['AWSCURRENT'] } }),
      };
    },
  });

/** The secret can be restored until the end of its recovery window, 30 days by default. It is then still there, marked. */
export const deleteSecret = (secrets: SecretStore): Operation =>
  operation<DeleteInput, unknown>({
    service: 'secretsmanager',
    name: 'DeleteSecret',
    input: { SecretId: 'string', RecoveryWindowInDays: 'number', ForceDeleteWithoutRecovery: 'boolean' },
    required: ['SecretId'],
    permissions: onSecret(secrets, 'DeleteSecret'),
    run: (input, { account }) => {
      const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: isForced = false } = input;
      const secret = secretOf(secrets, input);
      if (isForced && days !== undefined)
        throw new AwsError(
          'InvalidParameterException',
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        );
      if (days !== undefined && (days < 7 || days > 30))
        throw new AwsError('InvalidParameterException', 'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
      if (secret.deletedAt !== undefined) throw markedForDeletion();
      secret.deletedAt = account.clock.now + (isForced ? 0 : (days ?? 30) * dayMs);
      if (isForced) secrets.remove(secret);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(secret.deletedAt) };
    },
  });

export const restoreSecret = (secrets: SecretStore): Operation =>
  operation<Named, unknown>({
    service: 'secretsmanager',
    name: 'RestoreSecret',
    input: { SecretId: 'string' },
    required: ['SecretId'],
    permissions: onSecret(secrets, 'RestoreSecret'),
    run: (input) => {
      const secret = secretOf(secrets, input);
      secret.deletedAt = undefined;
      return { ARN: secret.arn, Name: secret.name };
    },
  });
