import { ContinueServiceDeploymentCommand, DescribeServiceDeploymentsCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { deploying, messageOf, minutes, rolling, web } from '../support/failing.js';
import { appContainer, closePipelines } from '../support/pipeline.js';

afterEach(closePipelines);

const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';

/** A service whose load balancer alone checks its tasks. */
const { healthCheck: _, ...unchecked } = appContainer;
const balanced = {
  containers: [{ ...unchecked, portMappings: [{ containerPort: 80 }] }],
  loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 80 }],
};

describe('behind a load balancer', () => {
  test('a healthy image is deployed', async () => {
    const { pipeline, start, digest } = await deploying('healthy', balanced);

    expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(pipeline.running(web)).toEqual([digest]);
  });

  test("an image that fails its target group's checks is rolled back, and the message has ECS's reason", async () => {
    const { pipeline, start, before } = await deploying('never-healthy', balanced);
    const arn = await start();

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'UNHEALTHY' });
    expect(pipeline.running(web)).toEqual([before]);
    await pipeline.runUntilIdle();
    expect(JSON.stringify(messageOf(pipeline, arn))).toContain(
      `is unhealthy in (target-group ${targetGroupArn}) due to (reason Health checks failed)`,
    );
  });
});

test("a rollout that a lifecycle hook pauses for longer than the service's timeout succeeds once it is continued", async () => {
  const lifecycleHooks = [{ targetType: 'PAUSE' as const, lifecycleStages: ['PRE_SCALE_UP' as const] }];
  const { pipeline, start, digest } = await deploying('healthy', { deploymentConfiguration: rolling });
  await pipeline.ecs.send(
    new UpdateServiceCommand({ cluster: 'production', service: 'web', deploymentConfiguration: { ...rolling, lifecycleHooks } }),
  );
  await pipeline.account.clock.advance(10_000);
  const arn = await start();
  await pipeline.account.clock.run({ until: () => pipeline.account.log.of('ecs', 'service-updated').length === 2 });
  await pipeline.account.clock.advance(120 * minutes);

  const serviceDeploymentArn = pipeline.service(web)?.serviceDeployments[0]?.arn ?? '';
  const { serviceDeployments } = await pipeline.ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn] }),
  );
  const { hookId } = serviceDeployments?.[0]?.lifecycleHookDetails?.[0] ?? {};
  await pipeline.ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId }));

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([digest]);
});
