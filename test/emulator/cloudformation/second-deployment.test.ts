import { givenStack } from './given-stack.js';

describe('a second deployment', () => {
  const queue = (visibility: number) => ({
    Letters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters', VisibilityTimeout: visibility } },
  });
  const topic = { Topic: { Type: 'AWS::SNS::Topic' } };

  test('deploys no unchanged resource again', async () => {
    const { deploy, askedOf } = givenStack();

    const first = await deploy(queue(30));
    const second = await deploy(queue(30));

    expect(second).toEqual(first);
    expect(askedOf('sqs.createQueue')).toHaveLength(1);
  });

  test('that changes a resource which the emulator cannot update is refused', async () => {
    const { deploy } = givenStack();
    await deploy(queue(30));

    await expect(deploy(queue(60))).rejects.toThrow('an update of AWS::SQS::Queue (Letters) is not emulated');
  });

  test('that deletes a working resource is refused, unless the resource is retained', async () => {
    const { deploy } = givenStack();
    await deploy({ ...queue(30), ...topic });
    const retaining = givenStack();
    await retaining.deploy({ Letters: { ...queue(30).Letters, DeletionPolicy: 'Retain' }, ...topic });

    await expect(deploy(topic)).rejects.toThrow('deletion of AWS::SQS::Queue (Letters) is not emulated');
    await expect(retaining.deploy(topic)).resolves.toMatchObject({ resources: { Topic: { type: 'AWS::SNS::Topic' } } });
  });
});
