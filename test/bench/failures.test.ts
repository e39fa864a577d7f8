import { byOthers, bySlipway, type Trial } from '../../bench/failures.js';
import { readConfiguration } from '../../stack/read-configuration.js';

const stack = { directory: '.serverless', configuration: readConfiguration('slipway.yml') };

const crashLoop: Trial = { image: 'crash loop', behaviour: 'crashes-on-start', tasks: 4, breaker: false, seed: 1 };
const broken: Trial[] = [
  crashLoop,
  { ...crashLoop, image: 'never healthy', behaviour: 'never-healthy' },
  { ...crashLoop, image: 'cannot be pulled', behaviour: 'cannot-pull' },
];

test.each(broken)(
  '$image: Slipway stops the rollout within two seconds of the event that reaches the limit, and truthfully reports the rollback',
  async (trial) => {
    const { says, isTrue, looks, lag, seconds } = await bySlipway(stack, trial);

    expect({ says, isTrue }).toEqual({ says: 'ROLLED_BACK', isTrue: true });
    expect(looks).toBeLessThanOrEqual(1);
    expect(lag).toBeLessThanOrEqual(2);
    expect(seconds).toBeLessThan(300);
  },
);

test.each(broken)('$image: without Slipway and a circuit breaker the rollout is not stopped, and both waiters give up', async (trial) => {
  const { ecs, cli, sdk } = await byOthers(trial);

  expect(ecs).toEqual({ seconds: undefined, says: 'IN_PROGRESS', isTrue: true });
  // 5 s until the first look, and 39 pauses of 15 s.
  expect(cli).toEqual({ seconds: 590, says: 'Max attempts exceeded (exit 255)', isTrue: true });
  expect(sdk).toMatchObject({ says: 'Waiter has timed out (TimeoutError)', isTrue: true });
  expect(sdk.seconds).toBeLessThanOrEqual(1805);
});

test.each(broken)('$image: after a rollback by the circuit breaker both waiters report success, falsely', async (trial) => {
  const { ecs, cli, sdk } = await byOthers({ ...trial, breaker: true });

  expect(ecs.says).toBe('ROLLBACK_SUCCESSFUL: Service deployment rolled back because the circuit breaker threshold was exceeded.');
  expect(cli).toMatchObject({ says: 'stable (exit 0)', isTrue: false });
  expect(sdk).toMatchObject({ says: 'stable (SUCCESS)', isTrue: false });
  for (const { seconds } of [cli, sdk]) expect(seconds).toBeGreaterThan(ecs.seconds ?? Number.POSITIVE_INFINITY);
});

test('a crash loop that ECS does not count is stopped by Slipway only, although the circuit breaker is on', async () => {
  const trial: Trial = { ...crashLoop, breaker: true, assumptions: { exitAfterRunning: 'notCounted' } };

  expect((await byOthers(trial)).ecs).toMatchObject({ seconds: undefined, says: 'IN_PROGRESS' });
  expect(await bySlipway(stack, trial)).toMatchObject({ says: 'ROLLED_BACK', isTrue: true, isStoppedByUs: true });
});

test('one seed gives one history', async () => {
  expect(await byOthers(crashLoop)).toEqual(await byOthers(crashLoop));
});
