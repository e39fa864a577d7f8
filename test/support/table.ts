import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Pipeline } from './pipeline.js';

const TableName = 'slipway-dev';
const client = ({ emulator }: Pipeline) => new DynamoDBClient(emulator.clientConfig());

export type Item = { readonly pk: string; readonly sk: string; readonly [attribute: string]: unknown };

/** All items of the table. */
export const itemsOf = async (pipeline: Pipeline): Promise<Item[]> => {
  const { Items = [] } = await client(pipeline).send(new ScanCommand({ TableName }));
  return Items.map((item) => unmarshall(item) as Item);
};

/** Records under this key, the oldest first. */
export const records = async (pipeline: Pipeline, pk: string, prefix: string) => {
  const { Items = [] } = await client(pipeline).send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': pk, ':prefix': prefix }),
    }),
  );
  return Items.map((item) => unmarshall(item));
};

/** Deployments of a service, the oldest first. */
export const deploymentsOf = (pipeline: Pipeline, service = 'production/web') => records(pipeline, `service#${service}`, 'deployment#');

/** The state item of a service. */
export const stateOf = async (pipeline: Pipeline, service = 'production/web'): Promise<Record<string, unknown>> => {
  const { Item } = await client(pipeline).send(new GetItemCommand({ TableName, Key: marshall({ pk: `service#${service}`, sk: 'state' }) }));
  return Item ? unmarshall(Item) : {};
};

export const writeItem = async (pipeline: Pipeline, item: object): Promise<void> => {
  await client(pipeline).send(new PutItemCommand({ TableName, Item: marshall(item, { removeUndefinedValues: true }) }));
};

/** Writes into the state of a service, as no version of Slipway does. */
export const writeState = async (pipeline: Pipeline, changes: object, service = 'production/web'): Promise<void> =>
  writeItem(pipeline, { ...(await stateOf(pipeline, service)), ...changes, pk: `service#${service}`, sk: 'state' });
