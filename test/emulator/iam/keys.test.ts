import type { Caller } from '../../../emulator/caller.js';
import { createEmulator, type Emulator } from '../../../emulator/emulator.js';
import type { PolicyStatement } from '../../../emulator/iam/api.js';

const key = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
const reader: Caller = { arn: 'arn:aws:iam::123456789012:role/reader', kind: 'role' };
const everythingElse: PolicyStatement = { Effect: 'Allow', Action: ['secretsmanager:*', 'sns:*', 'sqs:*', 'dynamodb:*'], Resource: '*' };

const allowKey = (Action: string | string[], viaService: string, Resource = key): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition: { StringLike: { 'kms:ViaService': viaService } },
});

let emulator: Emulator;

beforeAll(async () => {
  emulator = createEmulator();
  const KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' }];
  const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'S' }];
  const SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key };
  await emulator.deploy({
    stackName: 'letters',
    template: {
      Resources: {
        Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'secret', SecretString: 'x', KmsKeyId: key } },
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'letters', KmsMasterKeyId: key } },
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters', KmsMasterKeyId: key } },
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: { TableName: 'letters', BillingMode: 'PAY_PER_REQUEST', KeySchema, AttributeDefinitions, SSESpecification },
        },
        Plain: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'plain' } },
      },
    },
  });
});

afterAll(() => emulator.close());

const ask = (statement: PolicyStatement, service: string, operation: string, input: object) => {
  const { account } = emulator;
  account.services.iam.putRole({ arn: reader.arn, trust: { Statement: [] }, policies: [{ Statement: [everythingElse, statement] }] });
  return account.clock.during(() => account.request(reader, service, operation, input));
};

const urlOf = (name: string) => emulator.account.services.sqs.urlOf(emulator.account.arn('sqs', name));
const decrypt = 'kms:Decrypt';
const send = ['kms:Decrypt', 'kms:GenerateDataKey*'];

describe.each<[string, string, () => object, string | string[], string]>([
  ['secretsmanager', 'GetSecretValue', () => ({ SecretId: 'secret' }), decrypt, 'AccessDeniedException'],
  ['sns', 'Publish', () => ({ TopicArn: emulator.account.arn('sns', 'letters'), Message: 'x' }), send, 'KMSAccessDenied'],
  ['sqs', 'SendMessage', () => ({ QueueUrl: urlOf('letters'), MessageBody: 'x' }), send, 'KMS.AccessDeniedException'],
  ['sqs', 'ReceiveMessage', () => ({ QueueUrl: urlOf('letters') }), decrypt, 'KMS.AccessDeniedException'],
  ['dynamodb', 'GetItem', () => ({ TableName: 'letters', Key: { pk: { S: 'x' } } }), decrypt, 'AccessDeniedException'],
])('with a key of its own, %s %s', (service, operation, input, actions, code) => {
  test('needs permissions on the key, by way of that service', async () => {
    await expect(ask(allowKey(actions, `${service}.eu-west-1.amazonaws.com`), service, operation, input())).resolves.toBeDefined();
    await expect(ask(allowKey(actions, 'ec2.eu-west-1.amazonaws.com'), service, operation, input())).rejects.toMatchObject({ code });
    await expect(ask(allowKey(actions, '*', `${key}0`), service, operation, input())).rejects.toMatchObject({ code });
    await expect(ask(allowKey('kms:Encrypt', '*'), service, operation, input())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`on resource: ${key}`),
    });
  });
});

test('without a key of its own, a resource needs no permission on a key', async () => {
  await expect(ask(everythingElse, 'sqs', 'SendMessage', { QueueUrl: urlOf('plain'), MessageBody: 'x' })).resolves.toBeDefined();
});

test('a key by its alias is not emulated, except those that AWS manages', () => {
  const { iam } = emulator.account.services;

  expect(() => iam.encrypt('arn:aws:sqs:eu-west-1:123456789012:other', 'alias/own')).toThrow('alias/own');
  expect(() => iam.encrypt('arn:aws:sqs:eu-west-1:123456789012:other', 'alias/aws/sqs')).not.toThrow();
});
