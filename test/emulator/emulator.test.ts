import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { createEmulator, type Emulator } from '../../emulator/emulator.js';

// A bundle without an SDK: it asks for the tables, signed as its environment says.
const handler = `export const handler = async () => {
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.' + process.env.OPERATION,
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261123/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: '{}',
  });
  return answer.json();
};`;

const functionOf = (operation: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: operation,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Code: { S3Bucket: 'artifacts', S3Key: 'slipway.zip' },
    // In real time, on a machine that does other work, too.
    Timeout: 60,
    Environment: { Variables: { OPERATION: operation } },
  },
});

const template = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
        },
        Policies: [
          {
            PolicyName: 'tables',
            PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['dynamodb:ListTables'], Resource: '*' }] },
          },
        ],
      },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'slipway',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      },
    },
    Allowed: functionOf('ListTables'),
    Denied: functionOf('CreateTable'),
  },
};

describe('an emulator', () => {
  let artifactsDir: string;
  let emulator: Emulator;

  beforeEach(() => {
    artifactsDir = mkdtempSync(join(tmpdir(), 'artifacts-'));
    writeFileSync(join(artifactsDir, 'slipway.zip'), zipSync({ 'index.mjs': strToU8(handler) }));
    emulator = createEmulator();
  });

  afterEach(async () => {
    await emulator.close();
    rmSync(artifactsDir, { recursive: true });
  });

  const invoke = async (FunctionName: string): Promise<unknown> => {
    const stop = emulator.runInRealTime(1000);
    const { Payload } = await new LambdaClient(emulator.clientConfig()).send(new InvokeCommand({ FunctionName }));
    await stop();
    return JSON.parse(Payload?.transformToString() ?? '');
  };

  test("runs packaged bundles, which reach it over HTTP with their role's permissions", async () => {
    await emulator.deploy({ template, stackName: 'slipway-dev', artifactsDir });

    expect(await invoke('ListTables')).toEqual({ TableNames: ['slipway'] });
    expect(await invoke('CreateTable')).toMatchObject({ __type: 'AccessDeniedException' });
  });

  test('a listener of the log that throws is logged, and changes no answer', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    await emulator.deploy({ template, stackName: 'slipway-dev', artifactsDir });
    const heard: string[] = [];
    emulator.account.log.listen(() => {
      throw new TypeError('who.padEnd is not a function');
    });
    emulator.account.log.listen(({ type }) => heard.push(type));

    expect(await invoke('ListTables')).toEqual({ TableNames: ['slipway'] });

    expect(heard).toContain('invoked');
    expect(emulator.account.log.of('emulator', 'listener-failed')[0]).toMatchObject({
      detail: { on: 'lambda invoked', error: expect.stringContaining('padEnd') },
    });
    expect(emulator.account.log.of('emulator', 'bug')).toEqual([]);
    expect(printed).toHaveBeenCalled();
    printed.mockRestore();
  });

  test('work that fails outside of a request is logged, and time goes on', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    const { clock, log } = emulator.account;
    clock.after(1000, () => Promise.reject(new Error('a bug')));
    const later = new Promise<void>((resolve) => clock.after(2000, resolve));

    const stop = emulator.runInRealTime(100_000);
    await later;
    await stop();

    expect(log.of('emulator', 'bug')).toMatchObject([{ detail: { detail: expect.stringContaining('a bug') } }]);
    expect(printed).toHaveBeenCalledWith(expect.stringContaining('a bug'));
    printed.mockRestore();
  });

  test('a path that begins with two slashes is answered', async () => {
    const { url } = await emulator.listen({ port: 0 });

    expect((await fetch(`${url}//x`)).status).toBe(501);
  });

  test('opens one endpoint, however often listen is called', async () => {
    const { url } = await emulator.listen({ port: 0 });

    expect(await emulator.listen({ port: 0 })).toEqual({ url });
    expect(emulator.clientConfig().endpoint).toBe(url);
  });
});
