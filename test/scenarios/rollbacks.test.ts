import { DescribeServicesCommand, StopServiceDeploymentCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { deploying, messageOf, minutes, quickBreaker, rolling, times, until, web } from '../support/failing.js';
import { closePipelines } from '../support/pipeline.js';
import { pairwise } from '../support/variants.js';
import { waits } from '../support/waiting.js';

afterEach(closePipelines);

// Under every assumption, ECS's circuit breaker counts tasks that fail their health checks.
describe.each(pairwise(['updateServiceAnswer', 'deploymentId', 'exitAfterRunning']))('under $variant', ({ assumptions }) => {
  test('pain: success reported though ECS rolled back: a service that is stable after a rollback is no success', async () => {
    // One new task at a time: the breaker trips at the second, before Slipway counts a third.
    const { pipeline, before, start } = await deploying(
      'never-healthy',
      { tasks: 3, deploymentConfiguration: { ...quickBreaker(true), maximumPercent: 134 } },
      { assumptions },
    );

    expect(await pipeline.ended(await start())).toMatchObject({ status: 'FAILED', outcome: 'ROLLED_BACK' });

    const { services } = await pipeline.ecs.send(new DescribeServicesCommand({ cluster: 'production', services: ['web'] }));
    expect(services?.[0]).toMatchObject({ deployments: { length: 1 }, runningCount: 3, desiredCount: 3 });
    expect(times(pipeline, 'service-deployment-stop-requested')).toBe(0);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('a breaker that may not roll back leaves the service on the broken image: Slipway rolls back', async () => {
    const { pipeline, before, start } = await deploying(
      'never-healthy',
      { tasks: 3, deploymentConfiguration: quickBreaker(false) },
      { assumptions },
    );

    expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'UNHEALTHY' });
    expect(times(pipeline, 'service-updated')).toBe(2);
    await pipeline.account.clock.advance(10 * minutes);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('a rollback by the breaker that is faster than the stop request of Slipway is reported', async () => {
    const { pipeline, before, start } = await deploying(
      'never-healthy',
      {
        tasks: 3,
        deploymentConfiguration: {
          ...rolling,
          deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration: { type: 'COUNT', value: 4 } },
        },
      },
      { assumptions },
    );
    pipeline.account.faults.inject({ on: 'ecs.StopServiceDeployment', kind: 'conflict', times: Number.POSITIVE_INFINITY });

    expect(await pipeline.ended(await start())).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'UNHEALTHY' });
    expect(pipeline.account.log.of('fault', 'conflict').length).toBeGreaterThan(0);
    expect(pipeline.running(web)).toEqual([before]);
  });

  test('an update by an operator while ECS rolls back supersedes the deployment', async () => {
    const { pipeline, start } = await deploying(
      'crashes-on-start',
      { tasks: 3, deploymentConfiguration: { ...quickBreaker(true), minimumHealthyPercent: 0, maximumPercent: 100 } },
      { assumptions },
    );
    const arn = await start();
    await until(pipeline, 'rollback-started');
    await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', forceNewDeployment: true }));

    expect(await pipeline.ended(arn)).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' });
    expect(times(pipeline, 'service-updated')).toBe(2);
  });

  test('pain: a deployment that another one replaced is reported as success or failure: it is superseded, and the other one is not changed', async () => {
    const { pipeline, before, start } = await deploying('slow-to-start', { tasks: 3 }, { assumptions });
    const { taskDefinition = '' } = pipeline.service(web) ?? {};
    const arn = await start();
    await until(pipeline, 'rollout-started', 2);
    await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'production', service: 'web', taskDefinition }));

    expect(await pipeline.ended(arn)).toMatchObject({ status: 'SUCCEEDED', outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' });
    await pipeline.account.clock.advance(10 * minutes);
    expect(times(pipeline, 'service-updated')).toBe(2);
    expect(pipeline.running(web)).toEqual([before]);
  });
});

test('a stop request that ECS rejects once is sent again within a minute, also if an event wakes the state', async () => {
  const { pipeline, before, start } = await deploying('crashes-on-start');
  const { clock, faults, log } = pipeline.account;
  faults.inject({ on: 'ecs.StopServiceDeployment', kind: 'conflict' });
  const arn = await start();
  await clock.run({ until: () => log.of('fault', 'conflict').length > 0 });
  const refusedAt = clock.now;
  await waits(pipeline, arn, 'WatchRollout');
  await pipeline.control('cancel', web);
  await until(pipeline, 'service-deployment-stop-requested');

  expect(clock.now - refusedAt).toBeLessThan(70_000);
  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'ROLLED_BACK' });
  expect(pipeline.running(web)).toEqual([before]);
});

test('a rollout that is stopped in the ECS console is reported as such', async () => {
  const { pipeline, before, start } = await deploying('slow-to-start');
  const arn = await start();
  await until(pipeline, 'rollout-started', 2);
  const [current] = pipeline.service(web)?.serviceDeployments ?? [];
  await pipeline.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: current?.arn ?? '', stopType: 'ROLLBACK' }));
  const ended = await pipeline.ended(arn);
  await pipeline.runUntilIdle();

  expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'STOPPED_IN_ECS' });
  expect(messageOf(pipeline, arn)).toMatchObject({ result: { reason: 'STOPPED_IN_ECS' } });
  expect(pipeline.running(web)).toEqual([before]);
});
