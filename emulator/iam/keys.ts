import type { Account } from '../account.js';
import { NotEmulated } from '../errors.js';
import type { Permission } from './api.js';

/**
 * What a service does with the key of an encrypted resource on behalf of its caller: Secrets Manager guide "Permissions for the
 * KMS key", SNS guide "Key management", SQS guide "Key management", DynamoDB guide "Authorizing use of your customer managed key".
 */
const keyActions: Readonly<Record<string, readonly string[]>> = {
  'secretsmanager:GetSecretValue': ['kms:Decrypt'],
  'sns:Publish': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
  ...Object.fromEntries(
    ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem'].map((name) => [
      `dynamodb:${name}`,
      ['kms:Decrypt'],
    ]),
  ),
};

/** The keys with which resources are encrypted. Key policies are not emulated: services may use every key. */
export class Keys {
  #account: Account;
  #keys = new Map<string, string>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** A key that AWS manages (`alias/aws/…`) admits every principal of the account. @throws NotEmulated for another alias or a key's ID */
  set(resourceArn: string, key: string | undefined): void {
    if (key === undefined || /^alias\/aws\//.test(key)) return;
    if (!/^arn:[^:]+:kms:[^:]*:\d{12}:key\//.test(key)) throw new NotEmulated(`the KMS key ${key}, which is not a key's ARN,`);
    this.#keys.set(resourceArn, key);
  }

  /** The permissions on the key of its resource that a permission needs in addition. */
  permissionsFor({ action, resource }: Permission): Permission[] {
    const key = this.#keys.get(resource.replace(/\/index\/.*$/, ''));
    if (key === undefined) return [];
    const service = action.split(':')[0];
    const context = { 'kms:ViaService': `${service}.${this.#account.region}.amazonaws.com` };
    return (keyActions[action] ?? []).map((keyAction) => ({ action: keyAction, resource: key, context }));
  }
}
