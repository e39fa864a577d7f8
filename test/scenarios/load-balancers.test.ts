import { deploying, messageOf, web } from '../support/failing.js';
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
