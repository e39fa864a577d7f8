import type { Stack } from './account.js';
import { type BySlipway, broken, byOthers, bySlipway, type Trial, type Watched } from './failures.js';

export const sizes: readonly number[] = [1, 4, 20, 100];
export const seeds: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** What one observer reported of one kind of broken image: for each size, one value a seed. */
export type Row = { readonly image: string; readonly who: string; readonly bySize: readonly (readonly Watched[])[] };

export type Trials = {
  /** What can stop the rollout. */
  readonly guards: readonly Row[];
  /** What only waits for it. */
  readonly waiters: readonly Row[];
  readonly slipway: readonly BySlipway[];
};

/** Their names in the tables. */
export const watchers = {
  slipway: 'Slipway alone',
  both: 'Slipway and the circuit breaker',
  breaker: 'the circuit breaker alone',
  neither: 'neither',
  cliWithBreaker: '`aws ecs wait services-stable`, circuit breaker on',
  cli: '`aws ecs wait services-stable`, circuit breaker off',
  sdkWithBreaker: '`waitUntilServicesStable`, circuit breaker on',
  sdk: '`waitUntilServicesStable`, circuit breaker off',
} as const;

/** Every kind of broken image, on services of every size, with every seed. */
export const failureTrials = async (stack: Stack): Promise<Trials> => {
  const guards: Row[] = [];
  const waiters: Row[] = [];
  const slipway: BySlipway[] = [];
  for (const kind of broken) {
    const { image } = kind;
    const bySize = async <Result>(breaker: boolean, run: (trial: Trial) => Promise<Result>): Promise<Result[][]> => {
      const results: Result[][] = [];
      for (const tasks of sizes) {
        const ofSize: Result[] = [];
        for (const seed of seeds) ofSize.push(await run({ ...kind, tasks, breaker, seed }));
        results.push(ofSize);
      }
      return results;
    };
    const alone = await bySize(false, (trial) => bySlipway(stack, trial));
    const both = await bySize(true, (trial) => bySlipway(stack, trial));
    const on = await bySize(true, byOthers);
    const off = await bySize(false, byOthers);
    slipway.push(...alone.flat(), ...both.flat());
    guards.push(
      { image, who: watchers.slipway, bySize: alone },
      { image, who: watchers.both, bySize: both },
      { image, who: watchers.breaker, bySize: on.map((each) => each.map(({ ecs }) => ecs)) },
      { image, who: watchers.neither, bySize: off.map((each) => each.map(({ ecs }) => ecs)) },
    );
    waiters.push(
      { image, who: watchers.cliWithBreaker, bySize: on.map((each) => each.map(({ cli }) => cli)) },
      { image, who: watchers.cli, bySize: off.map((each) => each.map(({ cli }) => cli)) },
      { image, who: watchers.sdkWithBreaker, bySize: on.map((each) => each.map(({ sdk }) => sdk)) },
      { image, who: watchers.sdk, bySize: off.map((each) => each.map(({ sdk }) => sdk)) },
    );
  }
  return { guards, waiters, slipway };
};
