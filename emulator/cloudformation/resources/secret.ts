import { tags } from '../properties.js';
import { physicalName, resourceType } from '../resource-type.js';

type Properties = { Name?: string; SecretString: string; KmsKeyId?: string };

export const secret = resourceType<Properties>({
  type: 'AWS::SecretsManager::Secret',
  shapes: { Name: 'string', SecretString: 'string', Description: 'string', KmsKeyId: 'string', Tags: tags },
  required: ['SecretString'],
  update: 'refused',
  deploy: ({ Name, SecretString, KmsKeyId }, deploying) => {
    const { account } = deploying;
    const name = Name ?? physicalName(deploying);
    const arn = account.arn('secretsmanager', `secret:${name}-${physicalName(deploying).slice(-6)}`);
    account.services.secrets.createSecret({ name, arn, value: SecretString });
    account.services.iam.encrypt(arn, KmsKeyId);
    return { ref: arn, attributes: { Id: arn } };
  },
});
