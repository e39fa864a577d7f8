import { type AttributeValue, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type ReleaseRecord, schema } from '../core/records.js';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './trouble.js';

const dynamodb = clientFor(DynamoDBClient);

/** What was released of a repository, and since when Slipway knows it. */
export class ReleaseHistory {
  readonly #settings: ClientSettings;
  readonly #table: string;

  constructor(settings: ClientSettings, table: string) {
    this.#settings = settings;
    this.#table = table;
  }

  /** When the repository was first asked about, which may be now. */
  async installedAt(repository: string, now: string): Promise<string> {
    const key = { pk: `repository#${repository}`, sk: 'installation' };
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: marshall({ ...key, at: now, schema }),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return now;
    } catch (error) {
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
    const { Item = {} } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key: marshall(key), ConsistentRead: true }));
    return String(unmarshall(Item).at);
  }

  /** Every release of a digest that was started since then, the oldest first. */
  async releasesOf(repository: string, digest: string, since: string): Promise<ReleaseRecord[]> {
    const releases: ReleaseRecord[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :since AND :end',
          FilterExpression: '#image.#digest = :digest',
          ExpressionAttributeNames: { '#image': 'image', '#digest': 'digest' },
          ExpressionAttributeValues: marshall({
            ':pk': `repository#${repository}`,
            ':since': `release#${since}`,
            ':end': 'release#~',
            ':digest': digest,
          }),
          ConsistentRead: true,
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        }),
      );
      releases.push(...Items.map((item) => unmarshall(item) as ReleaseRecord));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return releases;
  }

  get #client(): DynamoDBClient {
    return dynamodb(this.#settings);
  }
}
