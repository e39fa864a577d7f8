import { DescribeServicesCommand, type ECSClient, waitUntilServicesStable } from '@aws-sdk/client-ecs';
import type { Clock } from '../emulator/clock.js';
import { Random } from '../emulator/random.js';
import { web } from './account.js';
import { inVirtualTime } from './virtual-time.js';

/** What a waiter reported, and whether that means success. */
export type Said = { readonly words: string; readonly isSuccess: boolean; readonly time: number };

export type Waiter = (ecs: ECSClient, clock: Clock, seed: number) => Promise<Said>;

const described = { cluster: web.cluster, services: [web.service] };

/**
 * `aws ecs wait services-stable`, written after botocore's waiter model: a look every 15 s, at most 40. For one
 * ACTIVE service, as here, the other acceptors never match.
 */
export const cliWaiter: Waiter = (ecs, clock) =>
  clock.during(async () => {
    for (let attempt = 1; ; attempt++) {
      const { services = [] } = await ecs.send(new DescribeServicesCommand(described));
      const isStable = services.every(
        ({ deployments, runningCount, desiredCount }) => deployments?.length === 1 && runningCount === desiredCount,
      );
      if (isStable) return { words: 'stable (exit 0)', isSuccess: true, time: clock.now };
      if (attempt === 40) return { words: 'Max attempts exceeded (exit 255)', isSuccess: false, time: clock.now };
      await clock.sleep(15_000);
    }
  });

/** The SDK's own waiter with its default delays and a limit of half an hour, which it requires. */
export const sdkWaiter: Waiter = (client, clock, seed) =>
  inVirtualTime(clock, new Random(seed), async () => {
    try {
      const { state } = await waitUntilServicesStable({ client, maxWaitTime: 1800 }, described);
      return { words: `stable (${state})`, isSuccess: true, time: clock.now };
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'TimeoutError') throw error;
      return { words: `${(JSON.parse(message) as { reason: string }).reason} (${name})`, isSuccess: false, time: clock.now };
    }
  });
