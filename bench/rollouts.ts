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
  /** Events of the execution's history. */
  readonly history: number;
  /** Events of ECS that invoked a function. */
  readonly events: number;
  /** What the last version needed that polled ECS. */
  readonly polling: { readonly transitions: number; readonly dollars: number };
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

/** What the same bench measured at commit 6bf5f20, whose machine looked again after a Wait and a Choice. Dollars for 1,000. */
const polling: Readonly<Record<string, RolloutUsage['polling']>> = {
  '1 minute': { transitions: 38, dollars: 0.97 },
  '5 minutes': { transitions: 92, dollars: 2.33 },
  '30 minutes': { transitions: 206, dollars: 5.23 },
  '2 hours': { transitions: 485, dollars: 12.32 },
};

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
    const of = (name: string): number => invocations.filter(({ detail }) => String(detail.function).endsWith(name)).length;
    return {
      about,
      shape,
      seconds: (stopTime - startTime) / 1000,
      looks: of('watchRollout'),
      history: account.services.states.history(arn).length,
      events: of('handleEcsEvent'),
      polling: polling[about] ?? { transitions: 0, dollars: 0 },
      requests,
      ...usage,
      dollars: dollarsOf(usage),
    };
  } finally {
    await bench.close();
  }
};
