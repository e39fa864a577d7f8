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
