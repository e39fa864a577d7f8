// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Fn::Sub
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { functionOf, givenStack, roleOf } from './given-stack.js';

const lambdaRole = roleOf('lambda.amazonaws.com', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:greet';

const greet = async ({ lambda, account }: ReturnType<typeof givenStack>, arn = functionArn) => {
  const result = lambda.invoke(arn, {});
  await account.clock.run();
  return result;
};

describe('functions', () => {
  test('have what the template says, and run', async () => {
    const given = givenStack();

    const { resources } = await given.deploy({
      Role: lambdaRole,
      Greet: functionOf({
        Environment: { Variables: { GREETING: { 'Fn::Sub': 'hello ${AWS::Region}' } } },
        Timeout: '20',
        MemorySize: 256,
      }),
      Version1: { Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain', Properties: { FunctionName: { Ref: 'Greet' } } },
    });

    expect(resources.Greet).toEqual({ type: 'AWS::Lambda::Function', ref: 'greet', attributes: { Arn: functionArn } });
    expect(resources.Version1?.ref).toBe(`${functionArn}:1`);
    expect(await greet(given)).toEqual({ status: 'ok', payload: 'hello eu-west-1' });
  });

  test('a second deployment changes $LATEST and adds a version; the first version stays as it was', async () => {
    const given = givenStack();
    const stack = (greeting: string, version: string) => ({
      Role: lambdaRole,
      Greet: functionOf({ Environment: { Variables: { GREETING: greeting } } }),
      [version]: { Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain', Properties: { FunctionName: { Ref: 'Greet' } } },
    });

    await given.deploy(stack('hello', 'VersionA'));
    const { resources } = await given.deploy(stack('goodbye', 'VersionB'));

    expect(resources.VersionB?.ref).toBe(`${functionArn}:2`);
    expect(await greet(given, `${functionArn}:1`)).toMatchObject({ payload: 'hello' });
    expect(await greet(given, `${functionArn}:2`)).toMatchObject({ payload: 'goodbye' });
  });

  test('a function whose role Lambda may not assume is refused', async () => {
    await expect(givenStack().deploy({ Role: roleOf('states.amazonaws.com'), Greet: functionOf() })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(/^AWS::Lambda::Function \(Greet\): The role .* cannot be assumed by Lambda/),
    });
  });

  const ofInterfaces = (...names: string[]) => ({
    Effect: 'Allow',
    Action: names.map((name) => `ec2:${name}NetworkInterface`),
    Resource: '*',
  });
  const describing = { Effect: 'Allow', Action: 'ec2:DescribeNetworkInterfaces', Resource: '*' };
  const vpc = (SubnetIds: string[], SecurityGroupIds: string[]) => ({ VpcConfig: { SubnetIds, SecurityGroupIds } });

  test.each([
    ['a role that may make no network interfaces', [], vpc(['subnet-1'], ['sg-1']), 'permissions to call CreateNetworkInterface on EC2'],
    [
      'a role that may not delete them',
      [ofInterfaces('Create'), describing],
      vpc(['subnet-1'], ['sg-1']),
      'call DeleteNetworkInterface on EC2',
    ],
    ['subnets alone', [ofInterfaces('Create', 'Delete'), describing], vpc(['subnet-1'], []), 'must coexist'],
    ['17 subnets', [ofInterfaces('Create', 'Delete'), describing], vpc(Array(17).fill('subnet-1'), ['sg-1']), 'expected at most 16'],
  ])('a function in a VPC with %s is refused', async (_, statements, properties, message) => {
    await expect(
      givenStack().deploy({ Role: roleOf('lambda.amazonaws.com', ...statements), Greet: functionOf(properties) }),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException', message: expect.stringContaining(message) });
  });

  test('a function in a VPC needs no more than its network interfaces', async () => {
    const Role = roleOf('lambda.amazonaws.com', ofInterfaces('Create', 'Delete'), describing);

    await expect(givenStack().deploy({ Role, Greet: functionOf(vpc(['subnet-1'], ['sg-1'])) })).resolves.toBeDefined();
    await expect(givenStack().deploy({ Role: lambdaRole, Greet: functionOf(vpc([], [])) })).resolves.toBeDefined();
  });

  describe('with packaged code', () => {
    const artifactsDir = mkdtempSync(join(tmpdir(), 'deploy-test-'));
    writeFileSync(join(artifactsDir, 'greet.zip'), zipSync({ 'greet.js': strToU8('') }));
    afterAll(() => rmSync(artifactsDir, { recursive: true }));

    const version = (CodeSha256: string) => ({
      Role: lambdaRole,
      Greet: functionOf(),
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Greet' }, CodeSha256 } },
    });

    test("the zip file is in the artifacts' folder, under the last part of its key", async () => {
      await expect(givenStack().deploy({ Role: lambdaRole, Greet: functionOf() }, { artifactsDir })).resolves.toBeDefined();
      await expect(
        givenStack().deploy({ Role: lambdaRole, Greet: functionOf({ Code: { S3Bucket: 'b', S3Key: 'a/other.zip' } }) }, { artifactsDir }),
      ).rejects.toThrow(/other\.zip does not exist: package the stack first/);
    });

    test('a version whose code differs from the packaged code is refused', async () => {
      await expect(givenStack().deploy(version('zWxDNt1N66ek8dWB+DH75emX2+Y/fm1AzQgpBrsb5LM='), { artifactsDir })).rejects.toThrow(
        'is different from current CodeSHA256 in $LATEST',
      );
    });
  });

  test('a permission lets a service call, on behalf of one ARN', async () => {
    const { deploy, lambda } = givenStack();
    const rule = 'arn:aws:events:eu-west-1:123456789012:rule/hourly';

    await deploy({
      Role: lambdaRole,
      Greet: functionOf(),
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: { Ref: 'Greet' }, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn: rule },
      },
    });

    expect(lambda.mayInvoke({ arn: 'events.amazonaws.com', kind: 'service', sourceArn: rule }, functionArn)).toBe(true);
    expect(lambda.mayInvoke({ arn: 'events.amazonaws.com', kind: 'service', sourceArn: `${rule}2` }, functionArn)).toBe(false);
  });

  describe('an event source mapping', () => {
    const mapping = (visibility: number, properties: object = {}) => ({
      Role: lambdaRole,
      Greet: functionOf({ Timeout: 60 }),
      Letters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters', VisibilityTimeout: visibility } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Letters', 'Arn'] },
          FunctionName: { 'Fn::GetAtt': ['Greet', 'Arn'] },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ...properties,
        },
      },
    });

    test('listens to its queue', async () => {
      const { deploy, askedOf } = givenStack();

      await deploy(mapping(60));

      expect(askedOf('sqs.onMessage')).toEqual([['arn:aws:sqs:eu-west-1:123456789012:letters', expect.any(Function)]]);
    });

    test.each([
      [mapping(59), 'Queue visibility timeout: 59 seconds is less than Function timeout: 60 seconds'],
      [mapping(60, { BatchSize: 11 }), 'BatchSize is 11; expected 1 to 10'],
      [mapping(60, { ScalingConfig: { MaximumConcurrency: 1 } }), 'MaximumConcurrency is 1; expected 2 to 1000'],
      [
        { ...mapping(60), Role: roleOf('lambda.amazonaws.com', { Effect: 'Allow', Action: 's3:*', Resource: '*' }) },
        'does not have permissions to call sqs:ReceiveMessage',
      ],
    ])('is refused as AWS refuses it: %#', async (resources, message) => {
      await expect(givenStack().deploy(resources)).rejects.toThrow(message);
    });
  });
});
