import { functionOf, givenStack, roleOf } from './given-stack.js';

const lambdaRole = roleOf('lambda.amazonaws.com', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });

describe('anything unknown is refused, with its path', () => {
  const queue = (Properties: object, rest: object = {}) => ({ Letters: { Type: 'AWS::SQS::Queue', Properties, ...rest } });

  test.each([
    [
      'a resource type',
      { Cache: { Type: 'AWS::ElastiCache::CacheCluster' } },
      'resource type AWS::ElastiCache::CacheCluster (Cache) is not emulated',
    ],
    ['a property', queue({ Colour: 'red' }), 'property Colour of AWS::SQS::Queue (Letters) is not emulated'],
    ['a value', queue({ FifoQueue: true }), 'property FifoQueue of AWS::SQS::Queue (Letters) with the value true is not emulated'],
    [
      'a property inside of another',
      {
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: { ScheduleExpression: 'rate(1 hour)', Targets: [{ Id: 'a', Arn: 'b', InputPath: '$' }] },
        },
      },
      'property Targets.0.InputPath of AWS::Events::Rule (Rule) is not emulated',
    ],
    ['an attribute of a resource', queue({}, { UpdatePolicy: {} }), 'UpdatePolicy of resource Letters (AWS::SQS::Queue) is not emulated'],
    [
      'a managed policy',
      {
        Role: {
          ...lambdaRole,
          Properties: { ...lambdaRole.Properties, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
        },
      },
      'managed policy arn:aws:iam::aws:policy/AdministratorAccess of AWS::IAM::Role (Role) is not emulated',
    ],
    [
      'a condition operator',
      {
        Role: roleOf('lambda.amazonaws.com', {
          Effect: 'Allow',
          Action: '*',
          Resource: '*',
          Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
        }),
      },
      'condition operator IpAddress is not emulated',
    ],
    [
      'a runtime',
      { Role: lambdaRole, Greet: functionOf({ Runtime: 'python3.13' }) },
      'runtime python3.13 of AWS::Lambda::Function (Greet) is not emulated',
    ],
  ])('%s', async (_, resources: Record<string, object>, message) => {
    await expect(givenStack().deploy(resources)).rejects.toThrow(message);
  });

  test('an unknown resource type stops the deployment before the first resource is created', async () => {
    const { deploy, asked } = givenStack();

    await expect(deploy({ ...queue({}), Cache: { Type: 'AWS::ElastiCache::CacheCluster' } })).rejects.toThrow('CacheCluster');
    expect(asked).toEqual([]);
  });

  test.each([
    ['a number', { VisibilityTimeout: 'long' }, 'property VisibilityTimeout of AWS::SQS::Queue (Letters) is "long"; expected a number'],
    ['a string', { QueueName: ['a'] }, 'property QueueName of AWS::SQS::Queue (Letters) is ["a"]; expected a string'],
    ['a list', { Tags: {} }, 'property Tags of AWS::SQS::Queue (Letters) is {}; expected a list'],
  ])('%s must have the declared type', async (_, properties, message) => {
    await expect(givenStack().deploy(queue(properties))).rejects.toThrow(message);
  });
});
