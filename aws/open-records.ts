import { type AttributeValue, DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { RecordName } from '../core/records.js';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './trouble.js';

const dynamodb = clientFor(DynamoDBClient);

const keyOf = (name: RecordName) => {
  const space = name.indexOf(' ');
  return marshall({ pk: name.slice(0, space), sk: name.slice(space + 1) });
};

/** Records of what has not noted its end, by the sparse index `open`. */
export class OpenRecords {
  readonly #settings: ClientSettings;
  readonly #table: string;

  constructor(settings: ClientSettings, table: string) {
    this.#settings = settings;
    this.#table = table;
  }

  /** An index may lag behind its table: what it names may be closed by now. */
  async names(): Promise<RecordName[]> {
    const names: RecordName[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await dynamodb(this.#settings).send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: 'open',
          KeyConditionExpression: '#open = :yes',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: marshall({ ':yes': 'yes' }),
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        }),
      );
      for (const item of Items) {
        const { pk, sk } = unmarshall(item);
        names.push(`${pk} ${sk}`);
      }
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return names;
  }

  /** The item as it is, whatever wrote it. */
  async read(name: RecordName): Promise<unknown> {
    const { Item } = await dynamodb(this.#settings).send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(name), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  }

  /** Of two sweeps at once one takes a record; one that died with it is followed after a while (`before`). */
  async take(name: RecordName, now: string, before: string): Promise<boolean> {
    try {
      await dynamodb(this.#settings).send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf(name),
          UpdateExpression: 'SET swept = :now',
          ConditionExpression: 'attribute_exists(#open) AND (attribute_not_exists(swept) OR swept < :before)',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: marshall({ ':now': now, ':before': before }),
        }),
      );
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }
}
