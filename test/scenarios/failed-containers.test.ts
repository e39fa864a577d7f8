import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { deploying, messageOf, minutes, until, web } from '../support/failing.js';
import { appContainer, closePipelines, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

const service = { cluster: 'production', service: 'web' };

test('a sidecar that crashes rolls the service back, and the image may be deployed again', async () => {
  const { healthCheck: _, ...sidecar } = appContainer;
  const { pipeline, before, digest, start } = await deploying('healthy', {
    tasks: 2,
    containers: [appContainer, { ...sidecar, name: 'envoy' }],
  });
  // The tag of the sidecar moves to an image that does not work. The release of that push finds no service of its first stage.
  await pipeline.push('main-1', 'crashes-on-start');
  await pipeline.runUntilIdle();

  const crashed = await start();
  expect(await pipeline.ended(crashed)).toMatchObject({
    outcome: 'ROLLED_BACK',
    reason: 'CRASHED',
    message: expect.stringContaining('envoy'),
  });
  expect(messageOf(pipeline, crashed)?.services[0]).toMatchObject({ logs: { container: 'envoy' } });
  expect(pipeline.running(web)).toEqual([before]);

  await pipeline.push('main-1', 'healthy');
  await pipeline.runUntilIdle();
  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  expect(pipeline.running(web)).toEqual([digest]);
});

test('tasks that crashed before the desired count became 0 are no success', async () => {
  const { pipeline, start } = await deploying('crashes-on-start', { tasks: 1 });
  const arn = await start();
  await until(pipeline, 'task-stopped');
  await pipeline.ecs.send(new UpdateServiceCommand({ ...service, desiredCount: 0 }));

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
});

/** Another deployer updates the service to a copy of the revision that it is on, with another image. */
const deployByHand = async ({ ecs }: Pipeline, image: string): Promise<void> => {
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'production-web' }));
  const { family, containerDefinitions = [], networkMode, requiresCompatibilities, cpu, memory, executionRoleArn } = taskDefinition ?? {};
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ family, networkMode, requiresCompatibilities, cpu, memory, executionRoleArn },
      containerDefinitions: containerDefinitions.map((container) => ({ ...container, image })),
    }),
  );
  await ecs.send(new UpdateServiceCommand({ ...service, taskDefinition: registered.taskDefinition?.taskDefinitionArn }));
};

test('a deployment over a rollout that never finishes names no revision of ours as that of another deployer', async () => {
  const { pipeline, start } = await deploying('healthy', { tasks: 2 });
  expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED' });
  await pipeline.push('by-hand', 'crashes-on-start');
  await deployByHand(pipeline, pipeline.imageUri('by-hand'));
  await pipeline.account.clock.advance(5 * minutes);

  const digest = await pipeline.push('fixed', 'healthy');
  const arn = await pipeline.start('deployment', { service: web, image: pipeline.imageUri('fixed'), force: true });

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '2 of 2 tasks run it' });
  expect(pipeline.running(web)).toEqual([digest]);
});
