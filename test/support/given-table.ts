import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { runInThisContext } from 'node:vm';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { ClientSettings } from '../../aws/client-settings.js';
import { Gates } from '../../aws/gates.js';
import { PassedStages } from '../../aws/passed-stages.js';
import { PendingRecords } from '../../aws/pending-records.js';
import { RecordHistory } from '../../aws/record-history.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ReleaseHistory } from '../../aws/release-history.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { StateBatch } from '../../aws/state-batch.js';
import { Table } from '../../aws/table.js';
import { WatchItems } from '../../aws/watch-items.js';
import { attributeOf, attributesOf, readState } from '../../core/lease/service-state.js';
import { claimKey, type Key, keyOf, nameOfKey, type RecordName, serviceStateKey, watchKey } from '../../core/records/record-name.js';
import { type DeploymentRecord, type ReleaseRecord, type ServiceState, schema } from '../../core/records/records.js';
import { attributesOfPushes, type Claim, readClaim } from '../../core/release/claim-digest.js';
import type { WatchItem } from '../../core/rollout/watch-item.js';
import { Dynalite } from '../../emulator/dynamodb/dynalite.js';
import { AwsError } from '../../emulator/errors.js';

/** A watch item as it is in the table: the counts of groups are attributes. */
type WatchAttributes = Omit<WatchItem, 'groups'> & { readonly fencingToken: number };

type Items = {
  readonly records?: Readonly<Record<RecordName, DeploymentRecord | ReleaseRecord>>;
  readonly states?: Readonly<Record<string, ServiceState>>;
  /** Watch items, by service. */
  readonly watched?: Readonly<Record<string, WatchAttributes>>;
  /** Claims of repository my-learn-app, by digest. */
  readonly claims?: Readonly<Record<string, Claim>>;
};

/** The item of a service's state. */
const itemOf = ({ queued = {}, sources = {}, ...members }: ServiceState): object => ({
  ...members,
  ...Object.fromEntries(Object.entries(queued).map(([place, entry]) => [attributeOf('queued', place), entry])),
  ...attributesOf({ sources }).set,
});

type Input = { readonly TableName?: string; readonly RequestItems?: object; readonly Key?: object; readonly Item?: object };

/** Loads a package outside of Jest's module registry, once a worker: to compile dynalite for every file takes longer than its work. */
const requireOnce: (id: string) => unknown = runInThisContext('process').getBuiltinModule('node:module').createRequire(__filename);
jest.mock('dynalite', () => requireOnce('dynalite'));
const { parse } = requireOnce('yaml') as typeof import('yaml');

const dynalite = new Dynalite();
afterAll(() => dynalite.close());

type GivenTable = {
  /** Creates and fills the table at the first request to it. */
  readonly prepare: () => Promise<void>;
  readonly writes: RecordName[];
};
const tables = new Map<string, GivenTable>();

const answer = async (operation: string, input: Input): Promise<object> => {
  const table = tables.get(input.TableName ?? Object.keys(input.RequestItems ?? {})[0] ?? '');
  await table?.prepare();
  const output = await dynalite.request(operation, input);
  const key = input.Item ?? input.Key;
  if (key && operation !== 'GetItem') table?.writes.push(nameOfKey(unmarshall(key as never) as Key));
  return output;
};

const handle = async ({ headers, body }: HttpRequest): Promise<{ response: HttpResponse }> => {
  const [, operation = ''] = headers['x-amz-target']?.split('.') ?? [];
  const respond = (statusCode: number, content: object) => ({
    response: new HttpResponse({ statusCode, headers: {}, body: Buffer.from(JSON.stringify(content)) }),
  });
  try {
    return respond(200, await answer(operation, JSON.parse(new TextDecoder().decode(body)) as Input));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return respond(400, { __type: error.code, message: error.message });
  }
};

const settings: ClientSettings = {
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: { handle },
};

/** As the stack declares it. */
const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = parse(readFileSync('stack/table.yml', 'utf8')).Resources
  .Table.Properties as Record<string, unknown>;

const create = async (TableName: string): Promise<void> => {
  await dynalite.request('CreateTable', { TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode });
  const isActive = async (): Promise<boolean> => {
    const { Table } = await dynalite.request('DescribeTable', { TableName });
    return (Table as { TableStatus: string }).TableStatus === 'ACTIVE';
  };
  while (!(await isActive())) await setTimeout(1);
};

/** The repositories of the functions over a table of its own in dynalite: the conditions of their writes are DynamoDB's. */
export const givenTable = ({ records = {}, states = {}, watched = {}, claims = {} }: Items = {}) => {
  const TableName = `table-${tables.size}`;
  const writes: RecordName[] = [];
  const fill = async (): Promise<void> => {
    await create(TableName);
    const items = [
      ...Object.entries(records).map(([name, record]) => ({ ...record, ...keyOf(name) })),
      ...Object.entries(states).map(([service, state]) => ({ ...itemOf(state), ...serviceStateKey(service) })),
      ...Object.entries(watched).map(([service, item]) => ({ ...item, ...watchKey(service) })),
      ...Object.entries(claims).map(([digest, claim]) => ({
        ...claim,
        pushes: undefined,
        ...attributesOfPushes(claim.pushes),
        ...claimKey('my-learn-app', digest),
      })),
    ].map((one) => ({ PutRequest: { Item: marshall({ schema, ...one }, { removeUndefinedValues: true }) } }));
    if (items.length > 0) await dynalite.request('BatchWriteItem', { RequestItems: { [TableName]: items } });
  };
  let filled: Promise<void> | undefined;
  const prepare = (): Promise<void> => {
    filled ??= fill();
    return filled;
  };
  tables.set(TableName, { prepare, writes });

  const table = new Table(settings, TableName);
  const item = async <T>(key: Key): Promise<T | undefined> => {
    await prepare();
    const { Item } = await dynalite.request('GetItem', { TableName, Key: marshall(key), ConsistentRead: true });
    if (!Item) return undefined;
    const { pk: _pk, sk: _sk, schema: _schema, ...members } = unmarshall(Item as never);
    return members as T;
  };
  return {
    records: new RecordRepository(table),
    states: new ServiceStateRepository(table),
    stateBatch: new StateBatch(settings, TableName),
    watch: new WatchItems(table),
    pendingRecords: new PendingRecords(table),
    history: new ReleaseHistory(table),
    recordHistory: new RecordHistory(table),
    passed: new PassedStages(table),
    gates: new Gates(table),
    table,
    /** The names of the items that were written, in order; refused writes are not among them. */
    writes,
    /** Items as they are now, without their keys and their schema. */
    record: (name: RecordName) => item<DeploymentRecord & ReleaseRecord>(keyOf(name)),
    state: async (service: string): Promise<ServiceState | undefined> => {
      const found = await item<object>(serviceStateKey(service));
      return found && readState(service, found);
    },
    watchItem: (service: string) => item<WatchAttributes>(watchKey(service)),
    claim: async (digest: string): Promise<Claim | undefined> => {
      const found = await item<Claim>(claimKey('my-learn-app', digest));
      return found && readClaim(found);
    },
  };
};
