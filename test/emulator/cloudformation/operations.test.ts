import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { createEmulator } from '../../../emulator/emulator.js';
import { functionOf, roleOf } from './given-stack.js';

const StackName = 'slipway-dev';
const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'mail' } };
const broken = { ...functionOf(), DependsOn: ['Queue'] };

const given = () => {
  const emulator = createEmulator({ functionCode: () => async () => 'hello' });
  const client = new CloudFormationClient(emulator.clientConfig());
  return {
    client,
    deploy: (Resources: object, Outputs: object = {}) => emulator.deploy({ stackName: StackName, template: { Resources, Outputs } }),
    describe: async () => (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0],
    events: async () => {
      const all = [];
      for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName })) all.push(...StackEvents);
      return all;
    },
  };
};

test('a stack that was deployed has a status, outputs and resources', async () => {
  const { client, deploy, describe } = given();
  await deploy({ Queue: queue }, { QueueArn: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } } });

  expect(await describe()).toMatchObject({
    StackName,
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{ OutputKey: 'QueueArn', OutputValue: 'arn:aws:sqs:eu-west-1:123456789012:mail' }],
  });
  const pages = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
    pages.push(...StackResourceSummaries);
  expect(pages).toMatchObject([{ LogicalResourceId: 'Queue', ResourceType: 'AWS::SQS::Queue', ResourceStatus: 'CREATE_COMPLETE' }]);
  await deploy({ Queue: queue });
  expect(await describe()).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
});

test('a stack of more resources than a page has is listed in pages', async () => {
  const { client, deploy, events } = given();
  const names = Array.from({ length: 101 }, (_, index) => `Queue${index}`);
  await deploy(Object.fromEntries(names.map((name) => [name, { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } }])));

  const sizes = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
    sizes.push(StackResourceSummaries.length);
  expect(sizes).toEqual([100, 1]);
  expect(await events()).toHaveLength(103);
});

test('a first deployment that fails is ROLLBACK_COMPLETE, and the event of the resource has the reason', async () => {
  const { deploy, describe, events } = given();
  const role = roleOf('ec2.amazonaws.com');
  await expect(deploy({ Queue: queue, Role: role, Function: broken })).rejects.toThrow('cannot be assumed by Lambda');

  expect(await describe()).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect((await events()).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toMatchObject({
    LogicalResourceId: 'Function',
    ResourceStatusReason: expect.stringContaining('The role defined for the function cannot be assumed by Lambda'),
  });
});

test('an update that fails is UPDATE_ROLLBACK_COMPLETE', async () => {
  const { deploy, describe } = given();
  await deploy({ Queue: queue });
  await expect(deploy({ Queue: queue, Role: roleOf('ec2.amazonaws.com'), Function: broken })).rejects.toThrow();

  expect(await describe()).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
});

test('a stack that does not exist is a ValidationError', async () => {
  await expect(given().describe()).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id slipway-dev does not exist',
  });
});
