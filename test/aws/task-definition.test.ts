import { TaskDefinitions } from '../../aws/task-definition.js';
import { fakeAws } from './fake-aws.js';

const refusedWith = (name: string, message: string) => {
  const { settings } = fakeAws(() => [400, { __type: name, message }]);
  return new TaskDefinitions(settings).register({ family: 'web', containerDefinitions: [] });
};

test.each([
  'Too many concurrent attempts to create a new revision of the specified family.',
  'Fargate requires task definition to have execution role ARN to support ECR images.',
])('a registration that ECS refuses with the ClientException "%s" is tried again', async (message) => {
  await expect(refusedWith('ClientException', message)).rejects.toMatchObject({
    name: 'TransientAwsError',
    message: `ClientException: ${message}`,
  });
});

test.each(['AccessDeniedException', 'InvalidParameterException'])('a registration that ECS refuses with %s is not', async (name) => {
  await expect(refusedWith(name, 'no')).rejects.toMatchObject({ name });
});

test('the ACTIVE revisions of a family are listed, the newest first, and none of a family whose name begins like it', async () => {
  const arn = (name: string): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/${name}`;
  const { settings, calls } = fakeAws(() => [200, { taskDefinitionArns: [arn('web-worker:9'), arn('web:8'), arn('web:7')] }]);

  expect(await new TaskDefinitions(settings).active('web')).toEqual([arn('web:8'), arn('web:7')]);
  expect(calls[0]?.input).toEqual({ familyPrefix: 'web', status: 'ACTIVE', sort: 'DESC', maxResults: 100 });
});
