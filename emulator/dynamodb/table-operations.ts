import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation, type Permission } from '../operation.js';
import type { Shape } from '../shape.js';
import type { Attributes, Tables } from './tables.js';

type TableInput = { readonly TableName: string };

/** dynalite checks the members' contents. */
export const anyOf = (...members: readonly string[]): Record<string, Shape> =>
  Object.fromEntries(members.map((member) => [member, member === 'TableName' ? 'string' : 'any']));

export const onTable =
  (name: string) =>
  ({ TableName }: TableInput, account: Account): Permission[] => [
    { action: `dynamodb:${name}`, resource: account.arn('dynamodb', `table/${TableName}`) },
  ];

const onArn =
  (name: string) =>
  ({ ResourceArn }: { ResourceArn: string }): Permission[] => [{ action: `dynamodb:${name}`, resource: ResourceArn }];

const tableMembers = ['TableName', 'BillingMode', 'ProvisionedThroughput', 'DeletionProtectionEnabled'];

const timeToLive = (tables: Tables): Operation[] => [
  operation<TableInput & { TimeToLiveSpecification: { AttributeName: string; Enabled: boolean } }, Attributes>({
    service: 'dynamodb',
    name: 'UpdateTimeToLive',
    input: { TableName: 'string', TimeToLiveSpecification: { members: { AttributeName: 'string', Enabled: 'boolean' } } },
    required: ['TableName', 'TimeToLiveSpecification'],
    permissions: onTable('UpdateTimeToLive'),
    run: ({ TableName, TimeToLiveSpecification }) => {
      const { AttributeName, Enabled } = TimeToLiveSpecification;
      if ((tables.timeToLiveOf(TableName) !== undefined) === Enabled) {
        throw new AwsError('ValidationException', `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
      }
      tables.setTimeToLive(TableName, Enabled ? AttributeName : undefined);
      return { TimeToLiveSpecification };
    },
  }),
  operation<TableInput, Attributes>({
    service: 'dynamodb',
    name: 'DescribeTimeToLive',
    input: { TableName: 'string' },
    required: ['TableName'],
    permissions: onTable('DescribeTimeToLive'),
    run: ({ TableName }) => {
      const attribute = tables.timeToLiveOf(TableName);
      return {
        TimeToLiveDescription: attribute ? { TimeToLiveStatus: 'ENABLED', AttributeName: attribute } : { TimeToLiveStatus: 'DISABLED' },
      };
    },
  }),
];

/** Operations on tables as a whole. */
export const tableOperations = (tables: Tables): Operation[] => [
  operation<TableInput & Attributes, Attributes>({
    service: 'dynamodb',
    name: 'CreateTable',
    input: anyOf(...tableMembers, 'AttributeDefinitions', 'KeySchema', 'LocalSecondaryIndexes', 'GlobalSecondaryIndexes', 'Tags'),
    permissions: onTable('CreateTable'),
    run: (input) => tables.create(input),
  }),
  operation<TableInput, Attributes>({
    service: 'dynamodb',
    name: 'DescribeTable',
    input: anyOf('TableName'),
    permissions: onTable('DescribeTable'),
    run: (input) => tables.describe(input),
  }),
  operation<TableInput & Attributes, Attributes>({
    service: 'dynamodb',
    name: 'UpdateTable',
    input: anyOf(...tableMembers, 'GlobalSecondaryIndexUpdates'),
    permissions: onTable('UpdateTable'),
    run: (input) => tables.update(input),
  }),
  operation<TableInput, Attributes>({
    service: 'dynamodb',
    name: 'DeleteTable',
    input: anyOf('TableName'),
    permissions: onTable('DeleteTable'),
    run: (input) => tables.delete(input),
  }),
  operation<Attributes, Attributes>({
    service: 'dynamodb',
    name: 'ListTables',
    input: anyOf('Limit', 'ExclusiveStartTableName'),
    run: (input) => tables.dynalite.request('ListTables', input),
  }),
  ...['TagResource', 'UntagResource', 'ListTagsOfResource'].map((name) =>
    operation<{ ResourceArn: string } & Attributes, Attributes>({
      service: 'dynamodb',
      name,
      input: anyOf('ResourceArn', ...(name === 'TagResource' ? ['Tags'] : name === 'UntagResource' ? ['TagKeys'] : [])),
      required: ['ResourceArn'],
      permissions: onArn(name),
      run: (input) => tables.dynalite.request(name, input),
    }),
  ),
  ...timeToLive(tables),
];
