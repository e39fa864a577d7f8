import { createDynamodb } from '../../../emulator/dynamodb/index.js';
import { AwsError } from '../../../emulator/errors.js';
import { functionOf, givenStack, roleOf } from './given-stack.js';

const table = (DeletionPolicy: string, properties: object = {}) => ({
  Table: {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy,
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: 'history',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      ...properties,
    },
  },
});

/** Deploying it fails: no role of this name exists. */
const failing = { Broken: functionOf({ FunctionName: 'broken', Role: 'arn:aws:iam::123456789012:role/none' }) };

const opened: ReturnType<typeof givenStack>[] = [];
const givenTables = () => {
  const given = givenStack({ dynamodb: createDynamodb });
  opened.push(given);
  return given;
};
afterEach(async () => {
  for (const { account } of opened.splice(0)) await account.services.dynamodb.close();
});

describe('a first deployment that is rolled back', () => {
  test('leaves a table with DeletionPolicy Retain, which blocks the next one', async () => {
    const { deploy } = givenTables();

    await expect(deploy({ ...table('Retain'), ...failing })).rejects.toThrow('cannot be assumed by Lambda');
    await expect(deploy(table('Retain'))).rejects.toThrow(
      "Resource of type 'AWS::DynamoDB::Table' with identifier 'history' already exists.",
    );
  });

  test('deletes a table with RetainExceptOnCreate, so the next one creates it', async () => {
    const { deploy } = givenTables();

    await expect(deploy({ ...table('RetainExceptOnCreate'), ...failing })).rejects.toThrow('cannot be assumed by Lambda');
    await expect(deploy(table('RetainExceptOnCreate'))).resolves.toMatchObject({ resources: { Table: { ref: 'history' } } });
  });

  test('cannot delete a table that is protected against deletion', async () => {
    const { account, deploy } = givenTables();
    const resources = table('RetainExceptOnCreate', { DeletionProtectionEnabled: true });

    await expect(deploy({ ...resources, ...failing })).rejects.toThrow('cannot be assumed by Lambda');
    await expect(deploy(resources)).rejects.toThrow('already exists');
    expect(account.log.entries.map(({ type }) => type)).toContain('resource-left');
  });
});

test('RetainExceptOnCreate retains a table that leaves the stack later', async () => {
  const { deploy } = givenTables();
  const topic = { Topic: { Type: 'AWS::SNS::Topic' } };
  await deploy({ ...table('RetainExceptOnCreate'), ...topic });

  await expect(deploy(topic)).resolves.toMatchObject({ resources: { Topic: {} } });
  await expect(deploy({ ...table('RetainExceptOnCreate'), ...topic })).rejects.toThrow('already exists');
});

test.each([
  [{ DeletionPolicy: 'Keep' }, 'Unrecognized DeletionPolicy Keep for resource Table'],
  [{ UpdateReplacePolicy: 'RetainExceptOnCreate' }, 'Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource Table'],
])('%j is refused', async (policy, message) => {
  await expect(givenTables().deploy({ Table: { ...table('Delete').Table, ...policy } })).rejects.toThrow(message);
});

describe('an update that is rolled back', () => {
  const role = { Role: roleOf('lambda.amazonaws.com') };
  const version = (name: string) => ({
    [name]: { Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain', Properties: { FunctionName: { Ref: 'Greet' } } },
  });
  const greet = (greeting: string) => ({ ...role, Greet: functionOf({ Environment: { Variables: { GREETING: greeting } } }) });

  const givenFailedUpdate = async () => {
    const given = givenStack();
    await given.deploy({ ...greet('hello'), ...version('First') });
    const failed = await given.deploy({ ...greet('hi'), ...version('Second'), ...failing }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(AwsError);
    return given;
  };

  test('gives changed resources their former properties', async () => {
    const { account, lambda } = await givenFailedUpdate();
    const result = lambda.invoke('arn:aws:lambda:eu-west-1:123456789012:function:greet', {});
    await account.clock.run();

    await expect(result).resolves.toMatchObject({ payload: 'hello' });
  });

  test('retains the version of a function: the same code and configuration cannot be deployed again', async () => {
    const { deploy } = await givenFailedUpdate();

    await expect(deploy({ ...greet('hi'), ...version('Second') })).rejects.toThrow(
      'A version for this Lambda function exists ( 2 ). Modify the function to create a new version.',
    );
    await expect(deploy({ ...greet('hi there'), ...version('Third') })).resolves.toMatchObject({
      resources: { Third: { ref: expect.stringMatching(/:greet:3$/) } },
    });
  });
});
