import * as sdk from '@aws-sdk/client-ecs';
import { givenEcs, givenService, registry } from './given-service.js';

type Schema = number | readonly unknown[] | (() => Schema);

/** A value with every member of an SDK schema: 0, 1 and 2 are string, number and boolean, 64 adds a list, 128 a map. */
const sampleOf = (schema: Schema): unknown => {
  if (typeof schema === 'function') return sampleOf(schema());
  if (typeof schema === 'number') {
    if (schema >= 128) return { key: sampleOf(schema - 128) };
    if (schema >= 64) return [sampleOf(schema - 64)];
    return schema === 1 ? 7 : schema === 2 ? true : 'text';
  }
  const [kind, ...rest] = schema;
  if (typeof kind !== 'number') return sampleOf(kind as Schema);
  if (kind === 0) return 'text';
  if (kind === 1) return [sampleOf(rest[3] as Schema)];
  if (kind === 2) return { key: sampleOf(rest[4] as Schema) };
  const [, , , names, shapes] = rest as [string, string, unknown, string[], Schema[]];
  return Object.fromEntries(names.map((name, index) => [name, sampleOf(shapes[index] as Schema)]));
};

const everyField = (): Record<string, unknown> =>
  sampleOf((sdk as unknown as Record<string, Schema>).RegisterTaskDefinitionRequest$ as Schema) as Record<string, unknown>;

const added = ['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities', 'registeredAt', 'registeredBy'];

test('a revision with every field of the SDK comes back as it was registered', async () => {
  const { call } = givenEcs();
  const { tags, ...input } = everyField();
  expect(Object.keys((input.containerDefinitions as object[])[0] as object).length).toBeGreaterThanOrEqual(42);

  await call('RegisterTaskDefinition', { ...input, tags });

  const answer = await call('DescribeTaskDefinition', { taskDefinition: 'text:1', include: ['TAGS'] });
  const copy = Object.fromEntries(Object.entries(answer.taskDefinition).filter(([name]) => !added.includes(name)));
  expect(copy).toEqual(input);
  expect(answer.tags).toEqual(tags);
  expect(answer.taskDefinition).toMatchObject({
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/text:1',
    revision: 1,
    status: 'ACTIVE',
    registeredBy: 'arn:aws:iam::123456789012:user/test',
  });
  expect(await call('DescribeTaskDefinition', { taskDefinition: 'text' })).not.toHaveProperty('tags');
});

test('a family means its latest ACTIVE revision, and an INACTIVE one can be described but not deployed', async () => {
  const { call, register, update, ecs } = await givenService();
  const second = await register('2');
  const third = await register('2');

  const { taskDefinition } = await call('DeregisterTaskDefinition', { taskDefinition: third });

  expect(taskDefinition).toMatchObject({ status: 'INACTIVE', deregisteredAt: expect.any(Date) });
  expect((await call('DescribeTaskDefinition', { taskDefinition: 'web' })).taskDefinition.taskDefinitionArn).toBe(second);
  expect((await call('DescribeTaskDefinition', { taskDefinition: 'web:3' })).taskDefinition.status).toBe('INACTIVE');
  await expect(update({ taskDefinition: third })).rejects.toMatchObject({ name: 'ClientException', message: 'TaskDefinition is inactive' });
  expect(ecs.service('production', 'web')?.serviceDeployments).toHaveLength(1);
  expect((await call('ListTaskDefinitions', { familyPrefix: 'web', sort: 'DESC' })).taskDefinitionArns).toEqual([
    second,
    'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
  ]);
  expect((await call('ListTaskDefinitions', { status: 'INACTIVE' })).taskDefinitionArns).toEqual([third]);
});

test.each([
  [{ family: 'no spaces' }, 'Family contains invalid characters.'],
  [{ containerDefinitions: [] }, 'Container list cannot be empty.'],
  [
    { containerDefinitions: Array.from({ length: 11 }, (_, index) => ({ name: `c${index}`, image: 'a' })) },
    /has 11 containers; at most 10/,
  ],
  [
    {
      containerDefinitions: [
        { name: 'a', image: 'a' },
        { name: 'a', image: 'b' },
      ],
    },
    'Container names must be unique.',
  ],
  [{ containerDefinitions: [{ name: 'a' }] }, 'Container.name and Container.image should not be null or empty.'],
  [{ containerDefinitions: [{ name: 'a', image: 'a', essential: false }] }, 'At least one container must be essential.'],
  [{ containerDefinitions: [{ name: 'a', image: 'a', command: ['x'.repeat(65_536)] }] }, /Max allowed length is '65536' bytes/],
])('a task definition with %j is refused', async (wrong, message) => {
  const { call } = givenEcs();
  const input = { family: 'web', containerDefinitions: [{ name: 'a', image: `${registry}/web:1` }], ...wrong };

  await expect(call('RegisterTaskDefinition', input)).rejects.toMatchObject({
    name: 'ClientException',
    message: expect.stringMatching(message),
  });
});

test('more than 20 registrations at once are throttled, and one a second passes', async () => {
  const { account, register } = givenEcs();
  for (let count = 0; count < 20; count++) await register('1');

  await expect(register('1')).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });

  await account.clock.advance(1000);
  await register('1');
  await expect(register('1')).rejects.toMatchObject({ name: 'ThrottlingException' });
});
