import type { Account } from '../emulator/account.js';
import type { LogEntry } from '../emulator/event-log.js';
import { openAccount, type Stack, web } from './account.js';
import { bySlipway } from './failures.js';
import { recordFailedTasks } from './task-events.js';

const isHandled = ({ source, type, detail }: LogEntry): boolean =>
  source === 'lambda' && type === 'invoked' && String(detail.function).endsWith('handleEcsEvent');

/** How many events of ECS invoke a function while this many tasks are replaced by healthy ones. */
export const eventsOfHealthyRollout = async (stack: Stack, tasks: number): Promise<number> => {
  const bench = await openAccount(stack, { tasks, atATime: tasks, secondsToHealthy: 10 });
  try {
    const image = await bench.image('second');
    const before = bench.emulator.account.log.entries.length;
    await bench.deploy(image);
    return bench.emulator.account.log.entries.slice(before).filter(isHandled).length;
  } finally {
    await bench.close();
  }
};

/** Seconds from the event of the failed task that reaches the limit until StopServiceDeployment. */
export type Reaction = { readonly tasks: number; readonly seconds: readonly number[] };

/** Of a crash loop, without a circuit breaker, one trial a seed. */
export const reactionTo = async (stack: Stack, tasks: number, seeds: readonly number[]): Promise<Reaction> => {
  const seconds: number[] = [];
  for (const seed of seeds) {
    const { lag } = await bySlipway(stack, { image: 'crash loop', behaviour: 'crashes-on-start', tasks, breaker: false, seed });
    if (lag === undefined) throw new Error(`ECS stopped the crash loop of ${tasks} tasks before Slipway, without a circuit breaker`);
    seconds.push(lag);
  }
  return { tasks, seconds };
};

/** Times at which the executions entered a state, by execution ARN. */
const entered = ({ services }: Account, arn: string, state: string): number[] =>
  services.states
    .history(arn)
    .filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === state)
    .map(({ timestamp }) => timestamp.getTime());

/** Seconds from the moment at which a deployment begins to close until the one that waits for its lease registers its revision. */
export const leaseHandover = async (stack: Stack, seed: number): Promise<number> => {
  const bench = await openAccount(stack, { tasks: 4, atATime: 4, secondsToHealthy: 10 }, { seed });
  const { account } = bench.emulator;
  try {
    const [first, second] = [await bench.image('second'), await bench.image('third')];
    const started = bench.start(first);
    await account.clock.advance(20_000);
    const waiting = bench.start(second);
    await account.clock.run();
    const [closes = 0] = entered(account, await started, 'CloseDeployment');
    const [registers = 0] = entered(account, await waiting, 'RegisterRevision');
    return (registers - closes) / 1000;
  } finally {
    await bench.close();
  }
};

/** What became of tasks of a large service that fail at one time. */
export type MassFailure = {
  /** Tasks that failed, in so many seconds, and those that were counted: as many as end the rollout. */
  readonly failed: number;
  readonly within: number;
  readonly counted: number;
  /** From the first failure to StopServiceDeployment, and seconds from the one that reached the limit. */
  readonly looks: number;
  readonly lag: number;
};

/** Two hundred tasks of a rollout of 2,000 fail within a second. */
export const massFailure = async (stack: Stack, seed: number): Promise<MassFailure> => {
  const failing = 200;
  const bench = await openAccount(stack, { tasks: 2000, atATime: 2000, secondsToHealthy: 600 }, { seed });
  const { account } = bench.emulator;
  const { ecs } = account.services;
  try {
    const image = await bench.image('second');
    const arn = await bench.start(image);
    const before = account.log.entries.length;
    const find = (type: string) => account.log.entries.slice(before).find((entry) => entry.type === type);
    const healthy = new Set(ecs.service(web.cluster, web.service)?.runningTasks.map((task) => task.arn));
    await account.clock.run({ until: () => find('service-updated') !== undefined });
    await account.clock.advance(8_000);
    const started = (await bench.tasks()).filter((task) => !healthy.has(task));
    if (started.length < failing) throw new Error(`only ${started.length} tasks of the rollout have started`);
    const failed = recordFailedTasks(account);
    for (const [index, task] of started.slice(0, failing).entries())
      account.clock.after(index * 5, () => ecs.stopTask(task, 'TaskFailedToStart', 'ContainerRuntimeError: failed to create a container'));
    await account.clock.run({ until: () => find('service-deployment-stop-requested') !== undefined });
    const stopped = find('service-deployment-stop-requested')?.time ?? 0;
    const [first, last] = [failed[0]?.time ?? 0, failed[failing - 1]?.time ?? 0];
    const looks = account.log.entries.slice(before).filter(({ time, type, detail }) => {
      return type === 'invoked' && String(detail.function).endsWith('watchRollout') && time >= first && time <= stopped;
    });
    const { evidence } = await bench.record(arn);
    const [within, lag] = [(last - first) / 1000, (stopped - last) / 1000];
    return { failed: failed.length, within, counted: evidence?.failedTasks ?? 0, looks: looks.length, lag };
  } finally {
    await bench.close();
  }
};

/** Everything that the section about waiting reports. */
export type Waiting = {
  readonly events: readonly { readonly tasks: number; readonly events: number }[];
  readonly reactions: readonly Reaction[];
  readonly handovers: readonly number[];
  readonly massFailures: readonly MassFailure[];
};

export const waiting = async (stack: Stack, seeds: readonly number[]): Promise<Waiting> => {
  const events = [];
  for (const tasks of [100, 1000, 2000]) events.push({ tasks, events: await eventsOfHealthyRollout(stack, tasks) });
  const reactions = [];
  for (const tasks of [1, 4, 20, 100, 1000]) reactions.push(await reactionTo(stack, tasks, tasks < 1000 ? seeds : seeds.slice(0, 3)));
  const handovers = [];
  for (const seed of seeds) handovers.push(await leaseHandover(stack, seed));
  const massFailures = [];
  for (const seed of seeds.slice(0, 3)) massFailures.push(await massFailure(stack, seed));
  return { events, reactions, handovers, massFailures };
};
