import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { push } from '../cli/example.js';
import { failureLimit, permanentLimit } from '../core/rollout/evidence.js';
import type { Account } from '../emulator/account.js';
import type { Assumptions } from '../emulator/assumptions.js';
import type { Behaviour } from '../emulator/ecr/api.js';
import type { LogEntry } from '../emulator/event-log.js';
import { imageUri, openAccount, openPlainAccount, registerRevision, type ServiceShape, type Stack, web } from './account.js';
import { type FailedTask, recordFailedTasks } from './task-events.js';
import { cliWaiter, type Said, sdkWaiter } from './waiters.js';

/** A kind of broken image, under one assumption about how ECS reacts to it. */
export type Broken = { readonly image: string; readonly behaviour: Behaviour; readonly assumptions?: Partial<Assumptions> };

export const broken: readonly Broken[] = [
  { image: 'crash loop', behaviour: 'crashes-on-start' },
  { image: 'crash loop, not counted by ECS', behaviour: 'crashes-on-start', assumptions: { exitAfterRunning: 'notCounted' } },
  { image: 'never healthy', behaviour: 'never-healthy' },
  { image: 'cannot be pulled', behaviour: 'cannot-pull' },
];

/** One rollout of a broken image. */
export type Trial = Broken & { readonly tasks: number; readonly breaker: boolean; readonly seed: number };

/** Times are virtual seconds since UpdateService; undefined is never, i.e. not within half an hour. */
export type Watched = { readonly seconds: number | undefined; readonly says: string; readonly isTrue: boolean };

/** When the rollback began, and what was reported at the end. */
export type BySlipway = Watched & {
  readonly message: string;
  /** State transitions, without the one of each look. */
  readonly transitions: number;
  readonly isStoppedByUs: boolean;
  /** From the event of the failed task that reached the limit to our StopServiceDeployment; undefined where ECS was first. */
  readonly looks: number | undefined;
  readonly lag: number | undefined;
};

export type ByOthers = { readonly ecs: Watched; readonly cli: Watched; readonly sdk: Watched };

const shapeOf = ({ tasks, breaker }: Trial): ServiceShape => ({ tasks, atATime: tasks, secondsToHealthy: 10, breaker });

const find = (log: readonly LogEntry[], source: string, type: string): LogEntry | undefined =>
  log.find((entry) => entry.source === source && entry.type === type);

/** The log from UpdateService on. */
const sinceUpdate = ({ log }: Account): readonly LogEntry[] => {
  const index = log.entries.findIndex(({ type }) => type === 'service-updated');
  if (index < 0) throw new Error('the service was not updated; a trial begins with UpdateService');
  return log.entries.slice(index);
};

const secondsUntil = (log: readonly LogEntry[], time: number | undefined): number | undefined =>
  time === undefined ? undefined : (time - (log[0]?.time ?? 0)) / 1000;

const isBackOn = ({ services }: Account, revision: string): boolean => {
  const { runningTasks = [], desiredCount } = services.ecs.service(web.cluster, web.service) ?? {};
  return runningTasks.length === desiredCount && runningTasks.every(({ taskDefinition }) => taskDefinition === revision);
};

/** Deploys the image with the deployment machine of the packaged template. */
export const bySlipway = async (stack: Stack, trial: Trial): Promise<BySlipway> => {
  const bench = await openAccount(stack, shapeOf(trial), { seed: trial.seed, assumptions: trial.assumptions ?? {} });
  const { account } = bench.emulator;
  try {
    const before = account.services.ecs.service(web.cluster, web.service)?.taskDefinition ?? '';
    const image = await bench.image('broken', trial.behaviour);
    const failed = recordFailedTasks(account);
    const { arn, error = '', cause = '' } = await bench.deploy(image, 'ROLLED_BACK');
    const log = sinceUpdate(account);
    return {
      transitions: account.services.states.transitions(arn) - log.filter(isLook).length,
      seconds: secondsUntil(log, find(log, 'ecs', 'rollback-started')?.time),
      says: error,
      message: cause,
      isTrue: isBackOn(account, before),
      ...reaction(log, failed, trial),
    };
  } finally {
    await bench.close();
  }
};

const isLook = ({ type, detail }: LogEntry): boolean => type === 'invoked' && String(detail.function).endsWith('watchRollout');

const reaction = (
  log: readonly LogEntry[],
  failed: readonly FailedTask[],
  { tasks, behaviour }: Trial,
): Pick<BySlipway, 'isStoppedByUs' | 'looks' | 'lag'> => {
  const stop = find(log, 'ecs', 'service-deployment-stop-requested');
  if (!stop) return { isStoppedByUs: false, looks: undefined, lag: undefined };
  const counting = behaviour === 'cannot-pull' ? failed.filter(({ isPermanent }) => isPermanent) : failed;
  const reached = counting[(behaviour === 'cannot-pull' ? permanentLimit : failureLimit(tasks)) - 1];
  if (!reached || reached.time > stop.time)
    throw new Error(`Slipway stopped the rollout of ${tasks} tasks before as many had failed as may`);
  const between = log.filter(({ time }) => time >= reached.time && time <= stop.time);
  return { isStoppedByUs: true, looks: between.filter(isLook).length, lag: (stop.time - reached.time) / 1000 };
};

/** Deploys the image with UpdateService; observes ECS, the CLI's waiter and the SDK's waiter for half an hour. */
export const byOthers = async (trial: Trial): Promise<ByOthers> => {
  const { seed, assumptions = {}, behaviour } = trial;
  const emulator = await openPlainAccount(shapeOf(trial), { seed, assumptions });
  const { account } = emulator;
  try {
    const ecs = new ECSClient(emulator.clientConfig());
    await push(emulator, 'broken', behaviour);
    const taskDefinition = await registerRevision(ecs, imageUri(emulator, 'broken'), shapeOf(trial));
    await ecs.send(new UpdateServiceCommand({ ...web, taskDefinition }));
    const start = account.clock.now;
    // Until every read shows the update: a waiter that looks at once may find the service as stable as it was before.
    await account.clock.advance(5_000);
    const waiting = Promise.all([cliWaiter(ecs, account.clock, seed), sdkWaiter(ecs, account.clock, seed)]);
    await account.clock.advance(1_800_000);
    const [cli, sdk] = await waiting;
    return { ecs: ecsItself(account), cli: waiterSaid(cli, start), sdk: waiterSaid(sdk, start) };
  } finally {
    await emulator.close();
  }
};

const ecsItself = (account: Account): Watched => {
  const log = sinceUpdate(account);
  const [{ status, statusReason } = { status: '', statusReason: '' }] =
    account.services.ecs.service(web.cluster, web.service)?.serviceDeployments ?? [];
  return {
    seconds: secondsUntil(log, find(log, 'ecs', 'rollback-started')?.time),
    says: statusReason ? `${status}: ${statusReason}` : status,
    isTrue: status !== 'SUCCESSFUL',
  };
};

/** No trial's image ever runs, so a reported success is false. */
const waiterSaid = ({ words, isSuccess, time }: Said, start: number): Watched => ({
  seconds: (time - start) / 1000,
  says: words,
  isTrue: !isSuccess,
});
