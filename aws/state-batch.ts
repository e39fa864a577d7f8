import { BatchGetItemCommand, type BatchGetItemCommandOutput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Key, nameOfKey, serviceStateKey } from '../core/records/record-name.js';
import { type ClientSettings, clientFor } from './client-settings.js';
import { TransientAwsError } from './sdk-errors.js';

const dynamodb = clientFor(DynamoDBClient);

/** Items of one BatchGetItem (DynamoDB API). */
const itemsPerCall = 100;

/** Calls that may follow one whose keys DynamoDB did not all read: an answer has 16 MB at most, and a busy table answers a part. */
const repeats = 5;

type Keys = NonNullable<BatchGetItemCommandOutput['UnprocessedKeys']>;

/** Items of services' states, a hundred a call: by GetItem two hundred services would be two hundred calls. */
export class StateBatch {
  readonly #settings: ClientSettings;
  readonly #table: string;

  constructor(settings: ClientSettings, table: string) {
    this.#settings = settings;
    this.#table = table;
  }

  /** The items that exist, unparsed, by service; read consistently. @throws TransientAwsError if DynamoDB reads some keys in no call */
  async of(services: readonly string[]): Promise<ReadonlyMap<string, object>> {
    const serviceOf = new Map(services.map((service) => [nameOfKey(serviceStateKey(service)), service]));
    const found = new Map<string, object>();
    const unique = [...serviceOf.values()];
    for (let start = 0; start < unique.length; start += itemsPerCall)
      for (const item of await this.#batch(unique.slice(start, start + itemsPerCall).map(serviceStateKey))) {
        const service = serviceOf.get(nameOfKey(item));
        if (service !== undefined) found.set(service, item);
      }
    return found;
  }

  async #batch(keys: readonly Key[]): Promise<Key[]> {
    const items: Key[] = [];
    let unread: Keys = { [this.#table]: { Keys: keys.map((key) => marshall(key)), ConsistentRead: true } };
    for (let left = repeats; Object.keys(unread).length > 0; left--) {
      if (left === 0) throw new TransientAwsError(`DynamoDB did not read all of ${keys.length} items in ${repeats} calls`);
      const { Responses, UnprocessedKeys = {} } = await dynamodb(this.#settings).send(new BatchGetItemCommand({ RequestItems: unread }));
      items.push(...(Responses?.[this.#table] ?? []).map((item) => unmarshall(item) as Key));
      unread = UnprocessedKeys;
    }
    return items;
  }
}
