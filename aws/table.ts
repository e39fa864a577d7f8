import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key, KeyRange } from '../core/records/record-name.js';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './sdk-errors.js';

const dynamodb = clientFor(DynamoDBClient);

/** A condition expression of DynamoDB, which refers to `names` as `#name` and to `values` as `:name`. */
export type Condition = { readonly condition: string; readonly names?: Record<string, string>; readonly values?: object };

export type Change = {
  /** Attributes with their new values; undefined ones are left as they are. */
  readonly set?: object;
  readonly remove?: readonly string[];
  /** Numbers to add, to 0 if the attribute is absent; texts to add to a set, which is made if it is absent. */
  readonly add?: Readonly<Record<string, number | ReadonlySet<string>>>;
  /** Texts to take out of a set; without any, the set is removed. */
  readonly drop?: Readonly<Record<string, ReadonlySet<string>>>;
  /** Attributes that get the value that another one, named second, has before the change. */
  readonly copy?: Readonly<Record<string, string>>;
};

// Not the document client of lib-dynamodb: it adds 8 KB to every bundle, more than the budget of registerRevision allows.
const marshalled = (value: object): Record<string, AttributeValue> => marshall(value, { removeUndefinedValues: true });

const unlessRefused = <T>(write: Promise<T>): Promise<T | undefined> =>
  write.catch((error: unknown) => {
    if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
    throw error;
  });

type Options = Omit<QueryCommandInput, 'TableName' | 'ExpressionAttributeValues'>;
type Query = (Options & { readonly values: object }) | (Options & { readonly range: KeyRange; readonly values?: object });

const inRange = ({ range, values, ...rest }: Extract<Query, { range: KeyRange }>): Extract<Query, { values: object }> => ({
  KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
  ConsistentRead: true,
  ...rest,
  values: { ...values, ':pk': range.pk, ':from': range.from, ':to': range.to },
});

/** Slipway's table, with items as plain objects. A write whose condition fails is answered, not thrown. */
export class Table {
  readonly #settings: ClientSettings;
  readonly name: string;

  constructor(settings: ClientSettings, name: string) {
    this.#settings = settings;
    this.name = name;
  }

  /** The item, read consistently; undefined if it does not exist. */
  async get<T>(key: Key): Promise<T | undefined> {
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.name, Key: marshall(key), ConsistentRead: true }));
    return Item && (unmarshall(Item) as T);
  }

  /** All items of a query; a range of keys is read consistently. */
  async query<T>(query: Query): Promise<T[]> {
    const items: T[] = [];
    for await (const page of this.pages<T>(query)) items.push(...page);
    return items;
  }

  /** The same a page at a time, each read once it is asked for. */
  async *pages<T>(query: Query): AsyncGenerator<T[]> {
    const { values, ...rest } = 'range' in query ? inRange(query) : query;
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.name,
          ExpressionAttributeValues: marshalled(values),
          ...rest,
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        }),
      );
      yield (page.Items ?? []).map((item) => unmarshall(item) as T);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }

  /** Writes an item; false if it exists already. */
  async putOnce(item: object): Promise<boolean> {
    const write = this.#client.send(
      new PutItemCommand({ TableName: this.name, Item: marshalled(item), ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return (await unlessRefused(write)) !== undefined;
  }

  /** Writes an item as it is if the condition holds for the one that is there, if any; else false. */
  async replace(item: object, { condition, names, values }: Condition): Promise<boolean> {
    const written = await unlessRefused(
      this.#client.send(
        new PutItemCommand({
          TableName: this.name,
          Item: marshalled(item),
          ConditionExpression: condition,
          ...(names && { ExpressionAttributeNames: names }),
          ...(values && { ExpressionAttributeValues: marshalled(values) }),
        }),
      ),
    );
    return written !== undefined;
  }

  /** Changes attributes of an item. Answers the new item; undefined, with nothing changed, if the condition does not hold. */
  async change<T>(
    key: Key,
    { set = {}, remove = [], add = {}, drop = {}, copy = {} }: Change,
    { condition, names = {}, values = {} }: Partial<Condition> = {},
  ): Promise<T | undefined> {
    const sets = Object.entries(set).filter(([, value]) => value !== undefined);
    const adds = Object.entries(add);
    const drops = Object.entries(drop);
    const copies = Object.entries(copy);
    const settings = [...sets.map((_, index) => `#s${index} = :s${index}`), ...copies.map((_, index) => `#c${index} = #o${index}`)];
    const clauses = [
      ...(settings.length > 0 ? [`SET ${settings.join(', ')}`] : []),
      ...(remove.length > 0 ? [`REMOVE ${remove.map((_, index) => `#r${index}`).join(', ')}`] : []),
      ...(adds.length > 0 ? [`ADD ${adds.map((_, index) => `#a${index} :a${index}`).join(', ')}`] : []),
      ...(drops.length > 0 ? [`DELETE ${drops.map((_, index) => `#d${index} :d${index}`).join(', ')}`] : []),
    ];
    const attributeValues = {
      ...values,
      ...Object.fromEntries(sets.map(([, value], index) => [`:s${index}`, value])),
      ...Object.fromEntries(adds.map(([, value], index) => [`:a${index}`, value])),
      ...Object.fromEntries(drops.map(([, value], index) => [`:d${index}`, value])),
    };
    const write = this.#client.send(
      new UpdateItemCommand({
        TableName: this.name,
        Key: marshall(key),
        UpdateExpression: clauses.join(' '),
        ExpressionAttributeNames: {
          ...names,
          ...Object.fromEntries(sets.map(([name], index) => [`#s${index}`, name])),
          ...Object.fromEntries(remove.map((name, index) => [`#r${index}`, name])),
          ...Object.fromEntries(adds.map(([name], index) => [`#a${index}`, name])),
          ...Object.fromEntries(drops.map(([name], index) => [`#d${index}`, name])),
          ...Object.fromEntries(
            copies.flatMap(([to, from], index) => [
              [`#c${index}`, to],
              [`#o${index}`, from],
            ]),
          ),
        },
        ...(Object.keys(attributeValues).length > 0 && { ExpressionAttributeValues: marshalled(attributeValues) }),
        ...(condition !== undefined && { ConditionExpression: condition }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    const answer = await unlessRefused(write);
    return answer && (unmarshall(answer.Attributes ?? {}) as T);
  }

  /** Deletes an item if the condition holds. */
  async delete(key: Key, { condition, names, values = {} }: Condition): Promise<void> {
    await unlessRefused(
      this.#client.send(
        new DeleteItemCommand({
          TableName: this.name,
          Key: marshall(key),
          ConditionExpression: condition,
          ...(names && { ExpressionAttributeNames: names }),
          ExpressionAttributeValues: marshalled(values),
        }),
      ),
    );
  }

  get #client(): DynamoDBClient {
    return dynamodb(this.#settings);
  }
}
