import { AwsError } from '../../errors.js';
import { tags } from '../properties.js';
import { alreadyExists, physicalName, resourceType } from '../resource-type.js';

type Properties = Readonly<Record<string, unknown>> & {
  readonly TableName?: string;
  readonly SSESpecification?: { readonly SSEEnabled: boolean; readonly KMSMasterKeyId?: string };
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
};

const keySchema = { list: { members: { AttributeName: 'string', KeyType: { oneOf: ['HASH', 'RANGE'] } } } } as const;
const projection = {
  members: { ProjectionType: { oneOf: ['ALL', 'KEYS_ONLY', 'INCLUDE'] }, NonKeyAttributes: { list: 'string' } },
} as const;
const throughput = { members: { ReadCapacityUnits: 'number', WriteCapacityUnits: 'number' } } as const;

export const dynamodbTable = resourceType<Properties>({
  type: 'AWS::DynamoDB::Table',
  shapes: {
    TableName: 'string',
    BillingMode: { oneOf: ['PAY_PER_REQUEST', 'PROVISIONED'] },
    AttributeDefinitions: { list: { members: { AttributeName: 'string', AttributeType: { oneOf: ['S', 'N', 'B'] } } } },
    KeySchema: keySchema,
    ProvisionedThroughput: throughput,
    GlobalSecondaryIndexes: {
      list: { members: { IndexName: 'string', KeySchema: keySchema, Projection: projection, ProvisionedThroughput: throughput } },
    },
    LocalSecondaryIndexes: { list: { members: { IndexName: 'string', KeySchema: keySchema, Projection: projection } } },
    TimeToLiveSpecification: { members: { AttributeName: 'string', Enabled: 'boolean' } },
    DeletionProtectionEnabled: 'boolean',
    Tags: tags,
    // No effect in the emulator: there are no backups.
    PointInTimeRecoverySpecification: { members: { PointInTimeRecoveryEnabled: 'boolean', RecoveryPeriodInDays: 'number' } },
    SSESpecification: { members: { SSEEnabled: 'boolean', SSEType: 'string', KMSMasterKeyId: 'string' } },
    TableClass: { oneOf: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] },
  },
  required: ['KeySchema', 'AttributeDefinitions'],
  update: 'refused',
  deploy: async (properties, deploying) => {
    const { account } = deploying;
    const { dynamodb } = account.services;
    const { TableName = physicalName(deploying, 255), TimeToLiveSpecification, ...others } = properties;
    const { PointInTimeRecoverySpecification, SSESpecification, TableClass, ...members } = others;
    try {
      await dynamodb.createTable({ ...members, TableName });
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ResourceInUseException') throw alreadyExists('AWS::DynamoDB::Table', TableName);
      throw error;
    }
    account.services.iam.encrypt(account.arn('dynamodb', `table/${TableName}`), SSESpecification?.KMSMasterKeyId);
    if (TimeToLiveSpecification?.Enabled) await dynamodb.setTimeToLive(TableName, TimeToLiveSpecification.AttributeName);
    return { ref: TableName, attributes: { Arn: account.arn('dynamodb', `table/${TableName}`) } };
  },
  remove: (ref, { services }) => services.dynamodb.deleteTable(ref),
});
