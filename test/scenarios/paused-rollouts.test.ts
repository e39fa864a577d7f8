import {
  ContinueServiceDeploymentCommand,
  type DeploymentLifecycleHook,
  DescribeServiceDeploymentsCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { deploying, minutes, rolling, times, until, web } from '../support/failing.js';
import { closePipelines, type Pipeline } from '../support/pipeline.js';
import { atOnce } from '../support/waiting.js';

afterEach(closePipelines);

const hours = 60 * minutes;
/** As `deploying`, to a service whose rollouts wait for an approval before their tasks start. */
const deployingWithApproval = async (behaviour: Behaviour = 'healthy', tasks = 2, maximumPercent = 200) => {
  const given = await deploying(behaviour, { tasks });
  const lifecycleHooks: DeploymentLifecycleHook[] = [{ targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP'] }];
  const update = {
    cluster: 'production',
    service: 'web',
    deploymentConfiguration: { ...rolling, maximumPercent, lifecycleHooks },
  };
  await given.pipeline.ecs.send(new UpdateServiceCommand(update));
  return given;
};

/** The hook that the rollout waits for, as its operator finds it. */
const hookOf = async (pipeline: Pipeline) => {
  const serviceDeploymentArn = pipeline.service(web)?.serviceDeployments.find(({ status }) => status === 'IN_PROGRESS')?.arn ?? '';
  const { serviceDeployments = [] } = await pipeline.ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn] }),
  );
  return { serviceDeploymentArn, hookId: serviceDeployments[0]?.lifecycleHookDetails?.[0]?.hookId };
};

test.each([
  ['delivered', 20],
  ['lost', 2],
] as const)(
  'a rollout that waits for an approval (its events %s, %i hours) succeeds after it, and its history is small',
  async (hookEvents, waited) => {
    const { pipeline, digest, start } = await deployingWithApproval();
    Object.assign(pipeline.account.assumptions, { hookEvents });
    const arn = await start();
    await pipeline.account.clock.advance(waited * hours);
    await pipeline.ecs.send(new ContinueServiceDeploymentCommand({ ...(await hookOf(pipeline)), action: 'CONTINUE' }));

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
    // Three looks an hour; an execution ends at 25,000 events.
    expect(pipeline.account.services.states.history(arn).length).toBeLessThan(500);
    expect(pipeline.running(web)).toEqual([digest]);
  },
);

test('a rollout whose approval does not come is rolled back by ECS, and names the hook', async () => {
  const { pipeline, before, start } = await deployingWithApproval();
  const arn = await start();
  await pipeline.account.clock.advance(hours);
  const { hookId } = await hookOf(pipeline);

  expect(await pipeline.ended(arn)).toMatchObject({
    outcome: 'ROLLED_BACK',
    reason: 'STOPPED_IN_ECS',
    message: expect.stringContaining(`${hookId} timed out`),
  });
  expect(pipeline.running(web)).toEqual([before]);
});

test('the timeout of a rollout runs on once it has its approval', async () => {
  const { pipeline, before, start } = await deployingWithApproval('slow-to-start', 40, 105);
  const arn = await start();
  await pipeline.account.clock.advance(hours);
  await pipeline.ecs.send(new ContinueServiceDeploymentCommand({ ...(await hookOf(pipeline)), action: 'CONTINUE' }));
  const continuedAt = pipeline.account.clock.now;
  await until(pipeline, 'service-deployment-stop-requested');

  // Woken by the hook's event, the state has its new deadline; its first read may not show the end of the pause, and it looks again in 5 s.
  expect(pipeline.account.clock.now - continuedAt).toBeGreaterThan(29 * minutes);
  expect(pipeline.account.clock.now - continuedAt).toBeLessThan(30 * minutes + 5_000 + atOnce);
  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'TIMED_OUT' });
  await pipeline.runUntilIdle();
  expect(pipeline.running(web)).toEqual([before]);
});

test.each([
  ['a conflict twice', 'conflict'],
  ['a missing permission', 'accessDenied'],
] as const)('a rollout that ECS refuses to stop, with %s, is rolled back by an update', async (_, kind) => {
  const { pipeline, before, start } = await deploying('crashes-on-start');
  pipeline.account.faults.inject({ on: 'ecs.StopServiceDeployment', kind, times: Number.POSITIVE_INFINITY });
  const arn = await start();
  await until(pipeline, 'service-updated', 2);
  const ended = await pipeline.ended(arn);
  await pipeline.runUntilIdle();

  expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
  expect(times(pipeline, 'service-updated')).toBe(2);
  expect(pipeline.running(web)).toEqual([before]);
});
