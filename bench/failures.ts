import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { push } from '../cli/example.js';
import { failureLimit } from '../core/evidence.js';
import type { Doubts } from '../emulator/doubts.js';
import type { LogEntry } from '../emulator/event-log.js';
import type { Behaviour } from '../emulator/services.js';
import type { World } from '../emulator/world.js';
import { imageUri, openAccount, openPlainAccount, registerRevision, type ServiceShape, type Stack, web } from './account.js';
import { cliWaiter, type Said, sdkWaiter } from './waiters.js';

/** A way to be broken, under one reading of what ECS does about it. */
export type Broken = { readonly image: string; readonly behaviour: Behaviour; readonly doubts?: Partial<Doubts> };

export const broken: readonly Broken[] = [
  { image: 'crash loop', behaviour: 'crashes-on-start' },
  { image: 'crash loop, not counted by ECS', behaviour: 'crashes-on-start', doubts: { exitAfterRunning: 'notCounted' } },
  { image: 'never healthy', behaviour: 'never-healthy' },
  { image: 'cannot be pulled', behaviour: 'cannot-pull' },
];

/** One rollout of a broken image. */
export type Trial = Broken & { readonly tasks: number; readonly breaker: boolean; readonly seed: number };

/** Times are virtual seconds from UpdateService; undefined is never, which is not within half an hour. */
export type Watched = { readonly seconds: number | undefined; readonly says: string; readonly isTrue: boolean };

/** When the way back began, and what was said in the end. */
export type BySlipway = Watched & {
  readonly message: string;
  /** State transitions beside the three of each look. */
  readonly transitions: number;
  readonly isStoppedByUs: boolean;
  /** From the failed task that reached the limit to our StopServiceDeployment; undefined where ECS was first. */
  readonly looks: number | undefined;
  readonly lag: number | undefined;
};

export type ByOthers = { readonly ecs: Watched; readonly cli: Watched; readonly sdk: Watched };

const shapeOf = ({ tasks, breaker }: Trial): ServiceShape => ({ tasks, atATime: tasks, secondsToHealthy: 10, breaker });

const find = (log: readonly LogEntry[], source: string, type: string): LogEntry | undefined =>
  log.find((entry) => entry.source === source && entry.type === type);

/** What happened from UpdateService on. */
const sinceUpdate = ({ log }: World): readonly LogEntry[] => {
  const index = log.entries.findIndex(({ type }) => type === 'service-updated');
  if (index < 0) throw new Error('nobody updated the service; a trial begins with UpdateService');
  return log.entries.slice(index);
};

const secondsUntil = (log: readonly LogEntry[], time: number | undefined): number | undefined =>
  time === undefined ? undefined : (time - (log[0]?.time ?? 0)) / 1000;

const isBackOn = ({ services }: World, revision: string): boolean => {
  const { runningTasks = [], desiredCount } = services.ecs.service(web.cluster, web.service) ?? {};
  return runningTasks.length === desiredCount && runningTasks.every(({ taskDefinition }) => taskDefinition === revision);
};

/** Slipway deploys it, by hand, from the packaged template. */
export const bySlipway = async (stack: Stack, trial: Trial): Promise<BySlipway> => {
  const account = await openAccount(stack, shapeOf(trial), { seed: trial.seed, doubts: trial.doubts ?? {} });
  const { world } = account.emulator;
  try {
    const before = world.services.ecs.service(web.cluster, web.service)?.taskDefinition ?? '';
    const image = await account.image('broken', trial.behaviour);
    const { arn, error = '', cause = '' } = await account.deploy(image, 'ROLLED_BACK');
    const log = sinceUpdate(world);
    return {
      transitions: world.services.states.transitions(arn) - 3 * log.filter(isLook).length,
      seconds: secondsUntil(log, find(log, 'ecs', 'rollback-started')?.time),
      says: error,
      message: cause,
      isTrue: isBackOn(world, before),
      ...reaction(log, trial),
    };
  } finally {
    await account.close();
  }
};

const isLook = ({ type, detail }: LogEntry): boolean => type === 'invoked' && String(detail.function).endsWith('checkRollout');

const reaction = (log: readonly LogEntry[], { tasks, behaviour }: Trial): Pick<BySlipway, 'isStoppedByUs' | 'looks' | 'lag'> => {
  const stop = log.findIndex(({ type }) => type === 'service-deployment-stop-requested');
  if (stop < 0) return { isStoppedByUs: false, looks: undefined, lag: undefined };
  const limit = behaviour === 'cannot-pull' ? 2 : failureLimit(tasks);
  const failed = log.slice(0, stop).filter(({ type }) => type === 'task-stopped')[limit - 1];
  if (!failed) throw new Error(`Slipway stopped the rollout before ${limit} tasks had failed`);
  const between = log.slice(log.indexOf(failed), stop);
  return { isStoppedByUs: true, looks: between.filter(isLook).length, lag: ((log[stop] as LogEntry).time - failed.time) / 1000 };
};

/** A person updates the service; the CLI's waiter and the SDK's look on, and so do we for half an hour. */
export const byOthers = async (trial: Trial): Promise<ByOthers> => {
  const { seed, doubts = {}, behaviour } = trial;
  const emulator = await openPlainAccount(shapeOf(trial), { seed, doubts });
  const { world } = emulator;
  try {
    const ecs = new ECSClient(emulator.clientConfig());
    await push(emulator, 'broken', behaviour);
    const taskDefinition = await registerRevision(ecs, imageUri(emulator, 'broken'), shapeOf(trial));
    await ecs.send(new UpdateServiceCommand({ ...web, taskDefinition }));
    const start = world.clock.now;
    // Until every read shows the update: a waiter that looks at once may find the service as stable as it was before.
    await world.clock.advance(5_000);
    const waiting = Promise.all([cliWaiter(ecs, world.clock, seed), sdkWaiter(ecs, world.clock, seed)]);
    await world.clock.advance(1_800_000);
    const [cli, sdk] = await waiting;
    return { ecs: ecsItself(world), cli: waiterSaid(cli, start), sdk: waiterSaid(sdk, start) };
  } finally {
    await emulator.close();
  }
};

const ecsItself = (world: World): Watched => {
  const log = sinceUpdate(world);
  const [{ status, statusReason } = { status: '', statusReason: '' }] =
    world.services.ecs.service(web.cluster, web.service)?.serviceDeployments ?? [];
  return {
    seconds: secondsUntil(log, find(log, 'ecs', 'rollback-started')?.time),
    says: statusReason ? `${status}: ${statusReason}` : status,
    isTrue: status !== 'SUCCESSFUL',
  };
};

/** No trial's image ever runs, so whoever reports success is wrong. */
const waiterSaid = ({ words, isSuccess, time }: Said, start: number): Watched => ({
  seconds: (time - start) / 1000,
  says: words,
  isTrue: !isSuccess,
});
