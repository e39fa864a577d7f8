import { openAccount, type ServiceShape, type Stack } from './account.js';
import { dollarsOf, type Usage } from './cost.js';
import { countRequests } from './requests.js';

/** One deployment and what it used. */
export type RolloutUsage = Usage & {
  readonly about: string;
  readonly shape: ServiceShape;
  /** Virtual seconds from the start of the execution to its end. */
  readonly seconds: number;
  readonly looks: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly dollars: ReturnType<typeof dollarsOf>;
};

/** Services by how long their rollouts take. */
export const shapes = {
  '1 minute': { tasks: 1, atATime: 1, secondsToHealthy: 30 },
  '5 minutes': { tasks: 1, atATime: 1, secondsToHealthy: 240 },
  '30 minutes': { tasks: 15, atATime: 1, secondsToHealthy: 95 },
  '2 hours': { tasks: 40, atATime: 1, secondsToHealthy: 162 },
} satisfies Record<string, ServiceShape>;

/** Measures one deployment of each shape. */
export const rolloutUsages = async (stack: Stack): Promise<RolloutUsage[]> => {
  const usages: RolloutUsage[] = [];
  for (const [about, shape] of Object.entries(shapes)) usages.push(await rolloutUsage(stack, about, shape));
  return usages;
};

const rolloutUsage = async (stack: Stack, about: string, shape: ServiceShape): Promise<RolloutUsage> => {
  const bench = await openAccount(stack, shape);
  const { account } = bench.emulator;
  try {
    const image = await bench.image('second');
    const requests = countRequests(account);
    const before = account.log.entries.length;
    const { arn, startTime, stopTime = startTime } = await bench.deploy(image);
    const since = account.log.entries.slice(before);
    const invocations = since.filter(({ source, type }) => source === 'lambda' && type === 'invoked');
    const usage = { transitions: account.services.states.transitions(arn), invocations: invocations.length };
    const looks = invocations.filter(({ detail }) => String(detail.function).endsWith('watchRollout')).length;
    return { about, shape, seconds: (stopTime - startTime) / 1000, looks, requests, ...usage, dollars: dollarsOf(usage) };
  } finally {
    await bench.close();
  }
};
