import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Dynamodb } from '../../../emulator/dynamodb/api.js';
import { createDynamodb } from '../../../emulator/dynamodb/index.js';
import { EmulatedAccount } from '../../../emulator/emulated-account.js';
import { createIam } from '../../../emulator/iam/index.js';
import type { Services } from '../../../emulator/services.js';
import { requestHandler } from '../../../emulator/wire/request-handler.js';

const table = {
  TableName: 'slipway',
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' as const },
    { AttributeName: 'sk', AttributeType: 'S' as const },
    { AttributeName: 'open', AttributeType: 'S' as const },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ],
  GlobalSecondaryIndexes: [
    { IndexName: 'open', KeySchema: [{ AttributeName: 'open', KeyType: 'HASH' as const }], Projection: { ProjectionType: 'ALL' as const } },
  ],
};

const keyOf = (sk: string) => ({ pk: { S: 'service#production/web' }, sk: { S: sk } });

describe('DynamoDB', () => {
  let account: EmulatedAccount;
  let inner: Dynamodb;
  let config: ConstructorParameters<typeof DynamoDBClient>[0];
  let client: DynamoDBClient;

  beforeEach(async () => {
    account = new EmulatedAccount();
    inner = createDynamodb(account);
    account.services = { iam: createIam(account), dynamodb: inner } as unknown as Services;
    config = {
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:4566',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
      requestHandler: requestHandler(account),
      maxAttempts: 1,
    };
    client = new DynamoDBClient(config);
    await inner.createTable(table);
  });

  afterEach(() => inner.close());

  test('a table is active at once, with the account in its ARN and virtual time in its dates', async () => {
    await account.clock.advance(5000);
    const created = await client.send(new CreateTableCommand({ ...table, TableName: 'other' }));

    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'other' }));

    expect(created.TableDescription).toMatchObject({ TableStatus: 'CREATING' });
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/other',
      CreationDateTime: new Date('2026-11-23T09:00:05Z'),
      DeletionProtectionEnabled: false,
      GlobalSecondaryIndexes: [{ IndexArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/other/index/open', IndexStatus: 'ACTIVE' }],
    });
    expect(await client.send(new ListTablesCommand({}))).toMatchObject({ TableNames: ['other', 'slipway'] });
  });

  test('a conditional write holds once; the second one gets the present item, if requested', async () => {
    const write = {
      TableName: 'slipway',
      Key: keyOf('state'),
      UpdateExpression: 'SET lease = :lease',
      ConditionExpression: 'attribute_not_exists(lease)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };

    await client.send(new UpdateItemCommand({ ...write, ExpressionAttributeValues: { ':lease': { S: 'one' } } }));
    const second = client.send(new UpdateItemCommand({ ...write, ExpressionAttributeValues: { ':lease': { S: 'two' } } }));

    await expect(second).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    await expect(second).rejects.toMatchObject({
      message: 'The conditional request failed',
      Item: { ...keyOf('state'), lease: { S: 'one' } },
    });
  });

  test('a failed condition of PutItem also returns the item if requested, and otherwise no item', async () => {
    const put = {
      TableName: 'slipway',
      Item: { ...keyOf('state'), fence: { N: '2' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    };
    await client.send(new PutItemCommand({ ...put, Item: { ...keyOf('state'), fence: { N: '1' } } }));

    await expect(client.send(new PutItemCommand({ ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }))).rejects.toMatchObject({
      Item: { ...keyOf('state'), fence: { N: '1' } },
    });
    await expect(client.send(new PutItemCommand(put))).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: undefined,
    });
  });

  test('queries read a sparse index', async () => {
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          slipway: [
            { PutRequest: { Item: { ...keyOf('deployment#1'), open: { S: 'yes' } } } },
            { PutRequest: { Item: keyOf('deployment#2') } },
          ],
        },
      }),
    );

    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'slipway',
        IndexName: 'open',
        KeyConditionExpression: '#open = :yes',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':yes': { S: 'yes' } },
      }),
    );

    expect(Items).toEqual([{ ...keyOf('deployment#1'), open: { S: 'yes' } }]);
  });

  test('an expired item is deleted within an hour of virtual time, and an item without the attribute stays', async () => {
    await inner.setTimeToLive('slipway', 'expiresAt');
    const inTenMinutes = String(Date.parse('2026-11-23T09:10:00Z') / 1000);
    await client.send(new PutItemCommand({ TableName: 'slipway', Item: { ...keyOf('deployment#1'), expiresAt: { N: inTenMinutes } } }));
    await client.send(new PutItemCommand({ TableName: 'slipway', Item: keyOf('state') }));

    const before = await client.send(new GetItemCommand({ TableName: 'slipway', Key: keyOf('deployment#1') }));
    await account.clock.advance(3_600_000);
    const after = await client.send(new ScanCommand({ TableName: 'slipway', ConsistentRead: true }));

    expect(before.Item).toMatchObject(keyOf('deployment#1'));
    expect(after.Items).toEqual([keyOf('state')]);
  });

  test('time to live is switched on once', async () => {
    const enable = new UpdateTimeToLiveCommand({
      TableName: 'slipway',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });

    await client.send(enable);

    await expect(client.send(enable)).rejects.toMatchObject({ name: 'ValidationException', message: 'TimeToLive is already enabled' });
    expect(await client.send(new DescribeTimeToLiveCommand({ TableName: 'slipway' }))).toMatchObject({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    });
  });

  test('a protected table is deleted only after its protection', async () => {
    await inner.createTable({ ...table, TableName: 'kept', DeletionProtectionEnabled: true, Tags: [{ Key: 'a', Value: 'b' }] });

    const refused = client.send(new DeleteTableCommand({ TableName: 'kept' }));
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException' });
    const { TableDescription } = await client.send(new UpdateTableCommand({ TableName: 'kept', DeletionProtectionEnabled: false }));
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: TableDescription?.TableArn }));
    await client.send(new DeleteTableCommand({ TableName: 'kept' }));

    expect(Tags).toEqual([{ Key: 'a', Value: 'b' }]);
    await expect(client.send(new DescribeTableCommand({ TableName: 'kept' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('features that dynalite lacks are answered NotEmulated', async () => {
    const transaction = new TransactWriteItemsCommand({ TransactItems: [] });

    await expect(client.send(transaction)).rejects.toMatchObject({ name: 'NotEmulated' });
    await expect(inner.createTable({ ...table, TableName: 'x', StreamSpecification: { StreamEnabled: true } })).rejects.toMatchObject({
      message: 'emulator: member dynamodb.CreateTable.StreamSpecification is not emulated (see emulator/COVERAGE.md)',
    });
  });

  test('a role reaches only the tables and indexes that its policies name', async () => {
    const arn = 'arn:aws:iam::123456789012:role/reader';
    account.services.iam.putRole({
      arn,
      trust: { Statement: [] },
      policies: [
        {
          Statement: [
            { Effect: 'Allow', Action: ['dynamodb:Query'], Resource: ['arn:aws:dynamodb:eu-west-1:123456789012:table/slipway/index/open'] },
            { Effect: 'Allow', Action: ['dynamodb:BatchWriteItem'], Resource: ['arn:aws:dynamodb:eu-west-1:123456789012:table/slipway'] },
          ],
        },
      ],
    });
    const reader = new DynamoDBClient({ ...config, credentials: account.services.iam.credentialsFor({ arn, kind: 'role' }) });
    const query = {
      TableName: 'slipway',
      KeyConditionExpression: '#open = :yes',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':yes': { S: 'yes' } },
    };

    await reader.send(new QueryCommand({ ...query, IndexName: 'open' }));
    await reader.send(new BatchWriteItemCommand({ RequestItems: { slipway: [{ PutRequest: { Item: keyOf('a') } }] } }));

    await expect(reader.send(new QueryCommand(query))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(
      reader.send(new BatchWriteItemCommand({ RequestItems: { other: [{ PutRequest: { Item: keyOf('a') } }] } })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test.each([
    'stages = :list',
    ':list <> stages',
    'stage IN (:text, :map)',
    'contains(stages, :map)',
    'attribute_exists(pk) AND NOT stages=:map',
  ])('the condition %s, which compares a list or a map, is refused', async (ConditionExpression) => {
    const used: string[] = ConditionExpression.match(/:\w+/g) ?? [];
    const values = { ':list': { L: [{ S: 'a' }] }, ':map': { M: { name: { S: 'a' } } }, ':text': { S: 'a' } };
    const ExpressionAttributeValues = Object.fromEntries(Object.entries(values).filter(([name]) => used.includes(name)));

    await expect(
      client.send(new PutItemCommand({ TableName: 'slipway', Item: keyOf('a'), ConditionExpression, ExpressionAttributeValues })),
    ).rejects.toMatchObject({ name: 'NotEmulated' });
  });

  test('a list may be written, and its size compared', async () => {
    await client.send(new PutItemCommand({ TableName: 'slipway', Item: { ...keyOf('a'), stages: { L: [{ S: 'a' }] } } }));
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: 'slipway',
        Key: keyOf('a'),
        UpdateExpression: 'SET stages = :list',
        ConditionExpression: 'size(stages) = :count',
        ExpressionAttributeValues: { ':list': { L: [] }, ':count': { N: '1' } },
        ReturnValues: 'ALL_NEW',
      }),
    );

    expect(Attributes?.stages).toEqual({ L: [] });
  });

  test('an item has at most 400 KB, names included, however it is written', async () => {
    // `pk`, its value, `sk`, its value, and `text`.
    const ofBytes = (bytes: number) => ({ S: 'x'.repeat(bytes - 2 - 22 - 2 - 1 - 4) });
    const most = ofBytes(409_600);
    const tooMuch = ofBytes(409_601);
    const update = (text: { S: string }) =>
      new UpdateItemCommand({
        TableName: 'slipway',
        Key: keyOf('b'),
        UpdateExpression: 'SET #text = :text',
        ExpressionAttributeNames: { '#text': 'text' },
        ExpressionAttributeValues: { ':text': text },
      });

    await client.send(new PutItemCommand({ TableName: 'slipway', Item: { ...keyOf('a'), text: most } }));
    await client.send(update(most));

    await expect(client.send(new PutItemCommand({ TableName: 'slipway', Item: { ...keyOf('a'), text: tooMuch } }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
    await expect(client.send(update(tooMuch))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size to update has exceeded the maximum allowed size',
    });
    await expect(
      client.send(new BatchWriteItemCommand({ RequestItems: { slipway: [{ PutRequest: { Item: { ...keyOf('c'), text: tooMuch } } }] } })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('after a lost answer the item is written, after a lost request it is not', async () => {
    account.faults.inject({ on: 'dynamodb.PutItem', kind: 'timeoutAfter' });
    account.faults.inject({ on: 'dynamodb.PutItem', kind: 'timeoutBefore' });

    for (const sk of ['after', 'before']) client.send(new PutItemCommand({ TableName: 'slipway', Item: keyOf(sk) })).catch(() => {});
    await new Promise((resolve) => account.log.listen(resolve));
    await account.clock.run();

    const { Items } = await client.send(new ScanCommand({ TableName: 'slipway' }));
    expect(Items).toEqual([keyOf('after')]);
  });
});
