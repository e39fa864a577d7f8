import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation, type Permission } from '../operation.js';
import { checkComparisons } from './check-comparisons.js';
import { anyOf, onTable } from './table-operations.js';
import type { Attributes, Tables } from './tables.js';

type ItemInput = Attributes & { readonly TableName: string };

const names = ['ExpressionAttributeNames', 'ReturnConsumedCapacity'];
const conditions = ['ConditionExpression', 'ExpressionAttributeValues', 'Expected', 'ConditionalOperator'];
const returned = ['ReturnValues', 'ReturnItemCollectionMetrics', 'ReturnValuesOnConditionCheckFailure'];
const filters = ['FilterExpression', 'ExpressionAttributeValues', 'ConditionalOperator', 'ProjectionExpression', 'AttributesToGet'];
const pages = ['IndexName', 'Select', 'Limit', 'ExclusiveStartKey', 'ConsistentRead'];

const members: Readonly<Record<string, readonly string[]>> = {
  GetItem: ['TableName', 'Key', 'ConsistentRead', 'ProjectionExpression', 'AttributesToGet', ...names],
  PutItem: ['TableName', 'Item', ...conditions, ...returned, ...names],
  UpdateItem: ['TableName', 'Key', 'UpdateExpression', 'AttributeUpdates', ...conditions, ...returned, ...names],
  DeleteItem: ['TableName', 'Key', ...conditions, ...returned, ...names],
  Query: ['TableName', 'KeyConditionExpression', 'KeyConditions', 'QueryFilter', 'ScanIndexForward', ...filters, ...pages, ...names],
  Scan: ['TableName', 'ScanFilter', 'Segment', 'TotalSegments', ...filters, ...pages, ...names],
};

const onTableOrIndex =
  (name: string) =>
  ({ TableName, IndexName }: { TableName: string; IndexName?: string }, account: Account): Permission[] => [
    { action: `dynamodb:${name}`, resource: account.arn('dynamodb', `table/${TableName}${IndexName ? `/index/${IndexName}` : ''}`) },
  ];

const onTables =
  (name: string) =>
  ({ RequestItems }: { RequestItems?: object }, account: Account): Permission[] =>
    Object.keys(RequestItems ?? {}).flatMap((TableName) => onTable(name)({ TableName }, account));

/** dynalite lacks ReturnValuesOnConditionCheckFailure: adds the present item to the error. */
const withItem = async (tables: Tables, { TableName, Key, Item }: ItemInput, error: AwsError): Promise<AwsError> => {
  const key = Key ?? tables.keyOf(TableName, Item as Attributes);
  const { Item: found } = await tables.dynalite.request('GetItem', { TableName, Key: key, ConsistentRead: true });
  return new AwsError(error.code, error.message, { status: error.status, ...(found ? { Item: found } : {}) });
};

/** Operations on items, answered by dynalite. */
export const itemOperations = (tables: Tables): Operation[] => [
  ...Object.entries(members).map(([name, known]) =>
    operation<ItemInput, Attributes>({
      service: 'dynamodb',
      name,
      input: anyOf(...known),
      permissions: onTableOrIndex(name) as never,
      run: async ({ ReturnValuesOnConditionCheckFailure, ...input }) => {
        checkComparisons(input);
        await tables.sweep(input.TableName as string);
        try {
          return await tables.dynalite.request(name, input);
        } catch (error) {
          if (ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') throw error;
          if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') throw error;
          throw await withItem(tables, input as ItemInput, error);
        }
      },
    }),
  ),
  ...['BatchGetItem', 'BatchWriteItem'].map((name) =>
    operation<Attributes, Attributes>({
      service: 'dynamodb',
      name,
      input: anyOf('RequestItems', 'ReturnConsumedCapacity', ...(name === 'BatchWriteItem' ? ['ReturnItemCollectionMetrics'] : [])),
      required: ['RequestItems'],
      permissions: onTables(name),
      run: async (input) => {
        for (const table of Object.keys(input.RequestItems as object)) await tables.sweep(table);
        return tables.dynalite.request(name, input);
      },
    }),
  ),
];
