import type { Account } from '../account.js';
import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation, type Permission } from '../operation.js';
import type { SecretStore } from './secret-store.js';

type CreateInput = {
  Name: string;
  SecretString?: string;
  SecretBinary?: Uint8Array | string;
  Description?: string;
  ClientRequestToken?: string;
  KmsKeyId?: string;
};

export const createSecret = (secrets: SecretStore): Operation =>
  operation<CreateInput, unknown>({
    service: 'secretsmanager',
    name: 'CreateSecret',
    input: {
      Name: 'string',
      ClientRequestToken: 'string',
      Description: 'string',
      KmsKeyId: 'string',
      SecretString: 'string',
      SecretBinary: 'blob',
    },
    required: ['Name'],
    permissions: ({ Name }, account) => [
      { action: 'secretsmanager:CreateSecret', resource: account.arn('secretsmanager', `secret:${Name}-??????`) },
    ],
    run: ({ Name, SecretString, SecretBinary, ClientRequestToken, KmsKeyId }, { account }) => {
      if (SecretString !== undefined && SecretBinary !== undefined)
        throw new AwsError(
          'InvalidParameterException',
          "You can't specify both a binary secret value and a string secret value in the same secret.",
        );
      const { arn, versionId } = secrets.create(
        Name,
        { string: SecretString, binary: SecretBinary },
        ClientRequestToken === undefined ? {} : { versionId: ClientRequestToken },
      );
      account.services.iam.encrypt(arn, KmsKeyId);
      return { ARN: arn, Name, ...(SecretString === undefined && SecretBinary === undefined ? {} : { VersionId: versionId }) };
    },
  });

export const notFound = (message: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${message}`);

export const markedForDeletion = (): AwsError =>
  new AwsError('InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion.");

/** IAM checks the full ARN of an existing secret, and otherwise the given ID. */
export const onSecret =
  (secrets: SecretStore, action: string) =>
  ({ SecretId }: { readonly SecretId: string }, account: Account): readonly Permission[] => [
    {
      action: `secretsmanager:${action}`,
      resource:
        secrets.find(SecretId)?.arn ?? (SecretId.startsWith('arn:') ? SecretId : account.arn('secretsmanager', `secret:${SecretId}`)),
    },
  ];

type GetInput = { SecretId: string; VersionId?: string; VersionStage?: string };

export const getSecretValue = (secrets: SecretStore): Operation =>
  operation<GetInput, unknown>({
    service: 'secretsmanager',
    name: 'GetSecretValue',
    input: { SecretId: 'string', VersionId: 'string', VersionStage: 'string' },
    required: ['SecretId'],
    permissions: onSecret(secrets, 'GetSecretValue'),
    run: ({ SecretId, VersionId, VersionStage = 'AWSCURRENT' }) => {
      const secret = secrets.find(SecretId);
      if (!secret) throw notFound('secret.');
      if (secret.deletedAt !== undefined) throw markedForDeletion();
      const { string, binary } = secret.value;
      if (VersionStage !== 'AWSCURRENT') throw new NotEmulated(`stage ${VersionStage} of a secret`);
      if (string === undefined && binary === undefined) throw notFound(`secret value for staging label: ${VersionStage}`);
      if (VersionId !== undefined && VersionId !== secret.versionId) throw notFound(`secret value for VersionId: ${VersionId}`);
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: secret.versionId,
        ...(string === undefined ? { SecretBinary: binary } : { SecretString: string }),
        VersionStages: ['AWSCURRENT'],
        CreatedDate: new Date(secret.createdAt),
      };
    },
  });
