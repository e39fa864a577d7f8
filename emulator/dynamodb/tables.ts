import { createHash } from 'node:crypto';
import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { Dynalite } from './dynalite.js';

export type Attributes = Readonly<Record<string, unknown>>;

/** What dynalite does not store about a table. */
type Table = {
  readonly id: string;
  readonly createdAt: Date;
  readonly keys: readonly string[];
  isProtected: boolean;
  timeToLive?: { readonly attribute: string; nextSweep: number };
};

// AWS only says that an expired item goes "within a few days"; reads may still find it until then.
const sweepPeriodMs = 3_600_000;

/** A UUID, which dynalite's is not; not drawn, so that a table more does not change the history of a seed. */
const tableId = (arn: string, createdAt: Date): string =>
  createHash('sha256')
    .update(`${arn} ${createdAt.getTime()}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');

const arnPattern = /arn:[^:"]+:dynamodb:[^:"]*:\d*:table\//g;

/** dynalite's tables, with the virtual time, the account's ARNs, time to live and deletion protection added. */
export class Tables {
  readonly dynalite = new Dynalite();
  #account: Account;
  #tables = new Map<string, Table>();

  constructor(account: Account) {
    this.#account = account;
  }

  #table(name: string): Table {
    const table = this.#tables.get(name);
    if (!table) throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    return table;
  }

  /** TableDescription as AWS returns it. */
  #described(description: Attributes): Attributes {
    const arns = JSON.parse(JSON.stringify(description).replace(arnPattern, this.#account.arn('dynamodb', 'table/'))) as Attributes;
    const table = this.#tables.get(String(description.TableName));
    if (!table) return arns;
    // TableThroughputModeSummary is dynalite's: the API model has no such member.
    const { BillingModeSummary, TableThroughputModeSummary: _, ...rest } = arns as Readonly<Record<string, Attributes | undefined>>;
    return {
      ...rest,
      TableId: table.id,
      CreationDateTime: table.createdAt,
      DeletionProtectionEnabled: table.isProtected,
      ...(BillingModeSummary && {
        BillingModeSummary: { ...BillingModeSummary, LastUpdateToPayPerRequestDateTime: table.createdAt },
      }),
    };
  }

  /** dynalite changes a table's status after a real timer of 0 ms; virtual time stands still meanwhile. */
  async #settled(name: string): Promise<void> {
    for (;;) {
      const status = await this.dynalite
        .request('DescribeTable', { TableName: name })
        .then(({ Table }) => (Table as Attributes).TableStatus)
        .catch((error: unknown) => {
          if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return 'GONE';
          throw error;
        });
      if (status === 'ACTIVE' || status === 'GONE') return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async create({ DeletionProtectionEnabled, Tags, ...input }: Attributes): Promise<Attributes> {
    const { TableDescription } = await this.dynalite.request('CreateTable', input);
    const name = String(input.TableName);
    const createdAt = this.#account.clock.date();
    this.#tables.set(name, {
      id: tableId(this.#account.arn('dynamodb', `table/${name}`), createdAt),
      createdAt,
      keys: (input.KeySchema as { AttributeName: string }[]).map(({ AttributeName }) => AttributeName),
      isProtected: DeletionProtectionEnabled === true,
    });
    await this.#settled(name);
    if (Tags) {
      await this.dynalite.request('TagResource', { ResourceArn: this.#account.arn('dynamodb', `table/${name}`), Tags });
    }
    return { TableDescription: this.#described(TableDescription as Attributes) };
  }

  async describe(input: Attributes): Promise<Attributes> {
    const { Table } = await this.dynalite.request('DescribeTable', input);
    return { Table: this.#described(Table as Attributes) };
  }

  async update({ DeletionProtectionEnabled, ...input }: Attributes): Promise<Attributes> {
    const name = String(input.TableName);
    if (typeof DeletionProtectionEnabled === 'boolean') this.#table(name).isProtected = DeletionProtectionEnabled;
    if (Object.keys(input).length === 1) {
      const { Table } = await this.describe(input);
      return { TableDescription: Table };
    }
    const { TableDescription } = await this.dynalite.request('UpdateTable', input);
    await this.#settled(name);
    return { TableDescription: this.#described(TableDescription as Attributes) };
  }

  async delete(input: Attributes): Promise<Attributes> {
    const name = String(input.TableName);
    if (this.#tables.get(name)?.isProtected) {
      throw new AwsError(
        'ValidationException',
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
      );
    }
    const { TableDescription } = await this.dynalite.request('DeleteTable', input);
    const description = this.#described(TableDescription as Attributes);
    await this.#settled(name);
    this.#tables.delete(name);
    return { TableDescription: description };
  }

  setTimeToLive(name: string, attribute: string | undefined): void {
    const table = this.#table(name);
    if (attribute === undefined) delete table.timeToLive;
    else table.timeToLive = { attribute, nextSweep: this.#account.clock.now };
  }

  timeToLiveOf(name: string): string | undefined {
    return this.#table(name).timeToLive?.attribute;
  }

  /**
   * Deletes expired items, at most once a virtual hour, before a request that touches the table: a timer of its own would
   * keep virtual time running without end.
   */
  async sweep(name: string): Promise<void> {
    const table = this.#tables.get(name);
    const { now } = this.#account.clock;
    if (!table?.timeToLive || now < table.timeToLive.nextSweep) return;
    table.timeToLive.nextSweep = now + sweepPeriodMs;
    let start: unknown;
    do {
      const { Items, LastEvaluatedKey } = await this.dynalite.request('Scan', {
        TableName: name,
        FilterExpression: '#expires < :now AND attribute_type(#expires, :number)',
        ExpressionAttributeNames: { '#expires': table.timeToLive.attribute },
        ExpressionAttributeValues: { ':now': { N: String(Math.floor(now / 1000)) }, ':number': { S: 'N' } },
        ...(start ? { ExclusiveStartKey: start } : {}),
      });
      for (const item of Items as Attributes[]) await this.dynalite.request('DeleteItem', { TableName: name, Key: this.keyOf(name, item) });
      start = LastEvaluatedKey;
    } while (start);
  }

  keyOf(name: string, item: Attributes): Attributes {
    return Object.fromEntries(this.#table(name).keys.map((key) => [key, item[key]]));
  }

  close(): void {
    this.dynalite.close();
    this.#tables.clear();
  }
}
