import type { Fault } from '../../emulator/faults.js';
import { deploying, messageOf, minutes, quickBreaker, times, web } from '../support/failing.js';
import { closePipelines } from '../support/pipeline.js';
import { pairwise } from '../support/variants.js';

afterEach(closePipelines);

const brokenUnderBreaker = { tasks: 3, deploymentConfiguration: quickBreaker(true) };

describe.each(pairwise(['updateServiceAnswer', 'deploymentId']))(
  'UpdateService takes effect, its answer is lost, and the breaker rolls back before the retry, under $variant',
  ({ assumptions }) => {
    test('no second update is sent, and the rollback by ECS is reported', async () => {
      const { pipeline, before, start } = await deploying('crashes-on-start', brokenUnderBreaker, { assumptions });
      const { faults, log } = pipeline.account;
      faults.injectInvocation({ function: 'updateService', kind: 'answerLost', times: 4 });
      const arn = await start();

      const deployment = await pipeline.ended(arn);
      await pipeline.account.clock.advance(10 * minutes);

      const [rollback] = log.of('ecs', 'rollback-started');
      const calls = log.of('lambda', 'invoked').filter(({ detail }) => detail.function === 'slipway-dev-updateService');
      expect(calls.at(-1)?.time).toBeGreaterThan(rollback?.time ?? Number.POSITIVE_INFINITY);
      expect(deployment).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
      expect(times(pipeline, 'service-updated')).toBe(1);
      expect(pipeline.running(web)).toEqual([before]);
    });
  },
);

// The first call is never answered, and takes effect after the state and all its retries have timed out.
const late = (delayMs: number): Fault[] => [
  { on: 'ecs.UpdateService', kind: 'delayedEffect', delayMs },
  { on: 'ecs.UpdateService', by: 'UpdateService', kind: 'timeoutBefore', times: 20 },
];

test.each([
  ['healthy', 35_000, 'SUCCEEDED'],
  ['healthy', 600_000, 'SUCCEEDED'],
  ['crashes-on-start', 150_000, 'ROLLED_BACK'],
] as const)(
  'an UpdateService of a %s image that takes effect after its state timed out (%i ms) is one rollout, reported as %s',
  async (behaviour, delayMs, outcome) => {
    const { pipeline, before, digest, start } = await deploying(behaviour);
    for (const fault of late(delayMs)) pipeline.account.faults.inject(fault);
    const arn = await start();

    const deployment = await pipeline.ended(arn);
    await pipeline.account.clock.advance(30 * minutes);

    const forward = pipeline.account.log.of('ecs', 'service-updated').filter(({ detail }) => String(detail.taskDefinition).endsWith(':2'));
    expect(forward).toHaveLength(1);
    expect(pipeline.running(web)).toEqual([outcome === 'SUCCEEDED' ? digest : before]);
    expect(deployment.outcome).toBe(outcome);
    expect(messageOf(pipeline, arn)?.result.outcome).toBe(outcome);
  },
);
