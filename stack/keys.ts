import type { Configuration, KeyUse } from '../core/configuration/configuration.js';
import type { Permission, Target } from '../functions/runtime/permissions.js';
import { allow, type Resource, type Statement } from './cloudformation.js';

type Encrypted = { readonly use: KeyUse; readonly service: string; readonly actions: readonly string[] };

// Amazon SNS and Amazon SQS ask for these of who sends: their guides' pages on key management.
const toSend = ['kms:Decrypt', 'kms:GenerateDataKey*'];
// DynamoDB asks for them of who reads or writes a table with a customer managed key: its guide's page on usage notes.
const toUseTable = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

const table: Encrypted = { use: 'table', service: 'dynamodb', actions: toUseTable };

/** What a key of the account's own may encrypt, by the target of the permissions that need it. */
const encrypted: Readonly<Partial<Record<Target, Encrypted>>> = {
  slackSecret: { use: 'slackSecret', service: 'secretsmanager', actions: ['kms:Decrypt'] },
  topic: { use: 'topic', service: 'sns', actions: toSend },
  deadLetterQueue: { use: 'queues', service: 'sqs', actions: toSend },
  unhandledEvents: { use: 'queues', service: 'sqs', actions: toSend },
  slackQueue: { use: 'queues', service: 'sqs', actions: ['kms:Decrypt'] },
  table,
  tableAndIndex: table,
};

/** The keys that a step's permissions need, each through the one service that encrypts with it. */
export const keyStatements = (
  permissions: readonly Permission[],
  { configuration }: { readonly configuration: Configuration },
): Statement[] => {
  const needed = new Set(permissions.flatMap(({ on }) => encrypted[on] ?? []));
  return [...needed].flatMap(({ use, service, actions }) => {
    const key = configuration.stack?.keys?.[use];
    if (key === undefined) return [];
    return allow([...actions], key, { StringLike: { 'kms:ViaService': { 'Fn::Sub': `${service}.\${AWS::Region}.*` } } });
  });
};

/** The properties with which the resources of the stack are encrypted, to merge with their others. */
export const encryptionProperties = ({ stack, notifications }: Configuration): Record<string, Pick<Resource, 'Properties'>> => {
  const { topic, queues, table } = stack?.keys ?? {};
  const allQueues = ['UndeliveredPushes', 'UnhandledEvents', ...(notifications.slack ? ['SlackQueue', 'UndeliveredMessages'] : [])];
  return {
    ...(topic && { Topic: { Properties: { KmsMasterKeyId: topic } } }),
    ...(queues && Object.fromEntries(allQueues.map((queue) => [queue, { Properties: { KmsMasterKeyId: queues } }]))),
    ...(table && { Table: { Properties: { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: table } } } }),
  };
};

/** Keys of another Region than the stack's, which no service of this one can use. */
export const foreignKeys = ({ stack }: Configuration, region: string): string[] =>
  Object.entries(stack?.keys ?? {})
    .filter(([, key]) => key.split(':')[3] !== region)
    .map(([use]) => `stack.keys.${use}`);
