import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type DeploymentRecord, type RecordName, type ReleaseRecord, type ServiceState, schema } from '../core/records.js';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './trouble.js';

const dynamodb = clientFor(DynamoDBClient);

const keyOf = (name: RecordName): { pk: string; sk: string } => {
  const space = name.indexOf(' ');
  return { pk: name.slice(0, space), sk: name.slice(space + 1) };
};

/** The fence counts every taking of the lease: unchanged, nobody has taken it since it was read, not even oneself. */
const unchanged = (fence: number | undefined): { condition: string; values: Record<string, number> } =>
  fence === undefined
    ? { condition: 'attribute_not_exists(fence)', values: {} }
    : { condition: 'fence = :seen', values: { ':seen': fence } };

const stateKey = (service: string) => ({ pk: `service#${service}`, sk: 'state' });

const marshalled = (value: object): Record<string, AttributeValue> => marshall(value, { removeUndefinedValues: true });

/** Names of records: `<pk> <sk>`. */
export const deploymentName = (service: string, startedAt: string, execution: string): RecordName =>
  `service#${service} deployment#${startedAt}#${execution.split(':').at(-1)}`;
export const releaseName = (repository: string, startedAt: string, execution: string): RecordName =>
  `repository#${repository} release#${startedAt}#${execution.split(':').at(-1)}`;

/** The one table: what was done, and what decides about each service. */
export class Ledger {
  readonly #settings: ClientSettings;
  readonly #table: string;

  constructor(settings: ClientSettings, table: string) {
    this.#settings = settings;
    this.#table = table;
  }

  /** Opens a record; opened before by the same execution, it is left as it is. */
  async open(name: RecordName, record: DeploymentRecord | ReleaseRecord): Promise<void> {
    await this.#putOnce({ ...keyOf(name), schema, ...record });
  }

  async deployment(name: RecordName): Promise<DeploymentRecord> {
    return this.#required<DeploymentRecord>(name);
  }

  async release(name: RecordName): Promise<ReleaseRecord> {
    return this.#required<ReleaseRecord>(name);
  }

  async update(name: RecordName, changes: Partial<DeploymentRecord> | Partial<ReleaseRecord>): Promise<void> {
    await this.#set(keyOf(name), changes);
  }

  /** Notes the revision, unless another one was sent to ECS already: a late second run must not hide what is watched. */
  async noteRevision(name: RecordName, base: string, changes: Partial<DeploymentRecord>): Promise<void> {
    try {
      await this.#set(
        keyOf(name),
        { base, ...changes },
        { condition: 'attribute_not_exists(touched) OR #base <> :base', names: { '#base': 'base' }, values: { ':base': base } },
      );
    } catch (error) {
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  /** Notes how it ended, takes it off the index of open records, and lets it expire. A closed record stays as it is. */
  async close(name: RecordName, ending: Partial<DeploymentRecord> | Partial<ReleaseRecord>, expiresAt: number): Promise<void> {
    try {
      await this.#set(keyOf(name), { ...ending, expiresAt }, { remove: ['open'], condition: 'attribute_not_exists(endedAt)' });
    } catch (error) {
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  /** The deployment of this name that was started since then. */
  async deploymentNamed(
    service: string,
    execution: string,
    since: string,
  ): Promise<(DeploymentRecord & { readonly name: RecordName }) | undefined> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :since AND :end',
        ExpressionAttributeValues: marshalled({ ':pk': `service#${service}`, ':since': `deployment#${since}`, ':end': 'deployment#~' }),
        ConsistentRead: true,
      }),
    );
    const records = Items.map((item) => unmarshall(item) as DeploymentRecord & { pk: string; sk: string });
    const found = records.find(({ sk }) => sk.endsWith(`#${execution}`));
    return found && { ...found, name: `${found.pk} ${found.sk}` };
  }

  async serviceState(service: string): Promise<ServiceState> {
    return (await this.#get<ServiceState>(stateKey(service))) ?? {};
  }

  /**
   * Takes the lease where it is free, mine already, or still that of the dead `over`; and where the place in line is
   * empty, mine, or still that of `instead`. Answers the item as it is then; undefined when somebody was quicker.
   */
  async takeLease(
    service: string,
    lease: NonNullable<ServiceState['lease']>,
    { fence, over, instead }: { readonly fence: number | undefined; readonly over?: string; readonly instead?: string },
  ): Promise<ServiceState | undefined> {
    const seen = unchanged(fence);
    return this.#stateIf({
      Key: marshalled(stateKey(service)),
      UpdateExpression: 'SET lease = :lease, fence = if_not_exists(fence, :zero) + :one, #schema = :schema REMOVE #next, cancel',
      ConditionExpression: `${seen.condition} AND (attribute_not_exists(lease) OR lease.execution = :me OR lease.execution = :over) AND (attribute_not_exists(#next) OR #next.execution = :me OR #next.execution = :instead)`,
      ExpressionAttributeNames: { '#next': 'next', '#schema': 'schema' },
      ExpressionAttributeValues: marshalled({
        ...seen.values,
        ':lease': lease,
        ':me': lease.execution,
        ':over': over ?? lease.execution,
        ':instead': instead ?? lease.execution,
        ':zero': 0,
        ':one': 1,
        ':schema': schema,
      }),
    });
  }

  /** Takes the one place in line, where it is empty, mine, or still that of `instead`, and nobody has taken the lease since. */
  async takePlace(
    service: string,
    next: NonNullable<ServiceState['next']>,
    { fence, instead }: { readonly fence: number | undefined; readonly instead?: string },
  ): Promise<boolean> {
    const seen = unchanged(fence);
    const state = await this.#stateIf({
      Key: marshalled(stateKey(service)),
      UpdateExpression: 'SET #next = :next, #schema = :schema',
      ConditionExpression: `${seen.condition} AND (attribute_not_exists(#next) OR #next.execution = :me OR #next.execution = :instead)`,
      ExpressionAttributeNames: { '#next': 'next', '#schema': 'schema' },
      ExpressionAttributeValues: marshalled({
        ...seen.values,
        ':next': next,
        ':me': next.execution,
        ':instead': instead ?? next.execution,
        ':schema': schema,
      }),
    });
    return state !== undefined;
  }

  /** Hands a dead execution's lease to the one that adopts its deployment; also where that has it already. */
  async adoptLease(service: string, from: string, lease: NonNullable<ServiceState['lease']>): Promise<boolean> {
    const state = await this.#stateIf({
      Key: marshalled(stateKey(service)),
      UpdateExpression: 'SET lease = :lease, fence = if_not_exists(fence, :zero) + :one, #schema = :schema',
      ConditionExpression: 'attribute_not_exists(lease) OR lease.execution = :from OR lease.execution = :me',
      ExpressionAttributeNames: { '#schema': 'schema' },
      ExpressionAttributeValues: marshalled({
        ':lease': lease,
        ':from': from,
        ':me': lease.execution,
        ':zero': 0,
        ':one': 1,
        ':schema': schema,
      }),
    });
    return state !== undefined;
  }

  /** Gives the lease back with what was learned; a lease that is another's by now is left alone, and so is what he decides by. */
  async settle(service: string, execution: string, learned: Pick<ServiceState, 'lastGood' | 'goodBefore' | 'quarantine'>): Promise<void> {
    try {
      await this.#set(
        stateKey(service),
        { ...learned, schema },
        { remove: ['lease', 'cancel'], condition: 'lease.execution = :me', values: { ':me': execution } },
      );
    } catch (error) {
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  /** Frees the lease of an execution that can act no more. */
  async releaseLease(service: string, execution: string): Promise<void> {
    await this.settle(service, execution, {});
  }

  /** Leaves the place in line, if it is one's own. */
  async leavePlace(service: string, execution: string): Promise<void> {
    await this.#stateIf({
      Key: marshalled(stateKey(service)),
      UpdateExpression: 'REMOVE #next',
      ConditionExpression: '#next.execution = :me',
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: marshalled({ ':me': execution }),
    });
  }

  /** Tells the holder to take the service back, as long as he holds the lease. */
  async requestCancel(service: string, holder: string, cancel: NonNullable<ServiceState['cancel']>): Promise<boolean> {
    const state = await this.#stateIf({
      Key: marshalled(stateKey(service)),
      UpdateExpression: 'SET cancel = :cancel',
      ConditionExpression: 'lease.execution = :holder',
      ExpressionAttributeValues: marshalled({ ':cancel': cancel, ':holder': holder }),
    });
    return state !== undefined;
  }

  /** Sets or releases a person's hold; `*` holds every service. */
  async hold(service: string, hold: ServiceState['hold']): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshalled(stateKey(service)),
        UpdateExpression: hold ? 'SET #hold = :hold, #schema = :schema' : 'SET #schema = :schema REMOVE #hold',
        ExpressionAttributeNames: { '#hold': 'hold', '#schema': 'schema' },
        ExpressionAttributeValues: marshalled({ ...(hold && { ':hold': hold }), ':schema': schema }),
      }),
    );
  }

  async #stateIf(update: Omit<UpdateItemCommandInput, 'TableName' | 'ReturnValues'>): Promise<ServiceState | undefined> {
    try {
      const { Attributes } = await this.#client.send(new UpdateItemCommand({ TableName: this.#table, ReturnValues: 'ALL_NEW', ...update }));
      return Attributes ? (unmarshall(Attributes) as ServiceState) : {};
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  }

  /** Claims a digest for a release. Answers the holder's execution: one's own, or another's. */
  async claim(repository: string, digest: string, execution: string, instead?: string): Promise<string> {
    const key = { pk: `repository#${repository}`, sk: `claim#${digest}` };
    try {
      await this.#set(
        key,
        { execution, schema },
        {
          condition: 'attribute_not_exists(execution) OR execution = :mine OR execution = :instead',
          values: { ':mine': execution, ':instead': instead ?? execution },
        },
      );
      return execution;
    } catch (error) {
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
      return (await this.#get<{ execution: string }>(key))?.execution ?? '';
    }
  }

  /** Gives a claim back, if it is one's own. */
  async giveBack(repository: string, digest: string, execution: string): Promise<void> {
    try {
      await this.#client.send(
        new DeleteItemCommand({
          TableName: this.#table,
          Key: marshalled({ pk: `repository#${repository}`, sk: `claim#${digest}` }),
          ConditionExpression: 'execution = :mine',
          ExpressionAttributeValues: marshalled({ ':mine': execution }),
        }),
      );
    } catch (error) {
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  get #client(): DynamoDBClient {
    return dynamodb(this.#settings);
  }

  async #get<T>(key: { pk: string; sk: string }): Promise<T | undefined> {
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key: marshalled(key), ConsistentRead: true }));
    return Item && (unmarshall(Item) as T);
  }

  async #required<T>(name: RecordName): Promise<T> {
    const item = await this.#get<T>(keyOf(name));
    if (!item)
      throw Object.assign(new Error(`the table ${this.#table} has no record ${name}; it is opened by the execution's first step`), {
        name: 'NoSuchRecord',
      });
    return item;
  }

  async #putOnce(item: object): Promise<void> {
    try {
      await this.#client.send(
        new PutItemCommand({ TableName: this.#table, Item: marshalled(item), ConditionExpression: 'attribute_not_exists(pk)' }),
      );
    } catch (error) {
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  async #set(
    key: { pk: string; sk: string },
    changes: object,
    {
      remove = [],
      condition,
      names = {},
      values = {},
    }: { remove?: string[]; condition?: string; names?: Record<string, string>; values?: object } = {},
  ): Promise<void> {
    const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
    const set = entries.map((_, index) => `#k${index} = :v${index}`).join(', ');
    const attributeNames = {
      ...names,
      ...Object.fromEntries([
        ...entries.map(([name], index) => [`#k${index}`, name]),
        ...remove.map((name, index) => [`#r${index}`, name]),
      ]),
    };
    const attributeValues = { ...values, ...Object.fromEntries(entries.map(([, value], index) => [`:v${index}`, value])) };
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshalled(key),
        UpdateExpression: `SET ${set}${remove.length > 0 ? ` REMOVE ${remove.map((_, index) => `#r${index}`).join(', ')}` : ''}`,
        ExpressionAttributeNames: attributeNames,
        ExpressionAttributeValues: marshalled(attributeValues),
        ...(condition !== undefined && { ConditionExpression: condition }),
      }),
    );
  }
}
