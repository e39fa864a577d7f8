import { push } from '../cli/example.js';
import { openAccount, type Stack, web } from './account.js';
import { dollarsOf, type Usage } from './cost.js';

/** State transitions of the release machine for one push. */
export type PushUsage = {
  /** Of a release with one stage and one service. */
  readonly release: number;
  /** Of a push whose tag no pattern matches. */
  readonly skipped: number;
};

export const pushUsage = async (stack: Stack): Promise<PushUsage> => {
  const bench = await openAccount(stack, { tasks: 1, atATime: 1, secondsToHealthy: 10 });
  const { account } = bench.emulator;
  const transitions = async (tag: string): Promise<number> => {
    const before = account.services.states.executions().length;
    await push(bench.emulator, tag, 'healthy');
    await account.clock.run();
    const release = account.services.states.executions()[before];
    if (!release?.machineArn.endsWith('-release')) throw new Error(`the push of ${tag} started no release`);
    return account.services.states.transitions(release.arn);
  };
  try {
    return { release: await transitions('main-1'), skipped: await transitions('other-1') };
  } finally {
    await bench.close();
  }
};

/** The result of many pushes for one service within one minute. */
export type Burst = Usage & {
  readonly pushes: number;
  /** Deployments that updated the service. */
  readonly deployments: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly runsTheNewest: boolean;
  /** Seconds from each push that a newer one passed in the queue: from that newer push until its release had ended. */
  readonly passedOver: readonly number[];
  /** From the first push until the account is idle. */
  readonly seconds: number;
  readonly dollars: ReturnType<typeof dollarsOf>;
};

type PushInput = { readonly detail: { readonly 'image-tag': string } };

const PUSHES = 100;

/** A hundred images for one service of four tasks, one every 600 ms. */
export const burst = async (stack: Stack, seed: number): Promise<Burst> => {
  const bench = await openAccount(stack, { tasks: 4, atATime: 4, secondsToHealthy: 10 }, { seed });
  const { account } = bench.emulator;
  try {
    const { entries } = account.log;
    const [before, start] = [entries.length, account.clock.now];
    let newest = '';
    const pushedAt: number[] = [];
    for (let number = 1; number <= PUSHES; number++) {
      pushedAt.push(account.clock.now);
      newest = await push(bench.emulator, `main-${number}`, 'healthy');
      await account.clock.advance(60_000 / PUSHES);
    }
    await account.clock.run();
    const since = entries.slice(before);
    const executions = account.services.states.executions();
    const usage = {
      transitions: executions.reduce((sum, { arn }) => sum + account.services.states.transitions(arn), 0),
      invocations: since.filter(({ source, type }) => source === 'lambda' && type === 'invoked').length,
    };
    const passedOver = executions.flatMap(({ machineArn, input, output, stopTime = 0 }) => {
      if (!machineArn.endsWith('-release') || (output as { reason?: string } | undefined)?.reason !== 'REPLACED_IN_QUEUE') return [];
      const number = Number((input as PushInput).detail['image-tag'].slice('main-'.length));
      return [(stopTime - (pushedAt[number] ?? 0)) / 1000];
    });
    const { runningTasks = [] } = account.services.ecs.service(web.cluster, web.service) ?? {};
    return {
      ...usage,
      pushes: PUSHES,
      deployments: since.filter(({ type }) => type === 'service-updated').length,
      outcomes: counted(
        executions
          .filter(({ machineArn }) => machineArn.endsWith('-release'))
          .map(({ output, error }) => error ?? (output as { outcome?: string } | undefined)?.outcome ?? ''),
      ),
      runsTheNewest: runningTasks.length > 0 && runningTasks.every(({ digests }) => digests.app === newest),
      passedOver,
      seconds: (account.clock.now - start) / 1000,
      dollars: dollarsOf(usage),
    };
  } finally {
    await bench.close();
  }
};

const counted = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};
