import { type Assumptions, assumptions } from '../../../emulator/assumptions.js';
import type { Behaviour } from '../../../emulator/ecr/api.js';
import { Random } from '../../../emulator/random.js';

/** One push. Times are milliseconds since the race began. */
export type Push = {
  readonly at: number;
  readonly behaviour: Behaviour;
  readonly tags: number;
  /** An image that was pushed before, by its place in the list, gets a new tag: as new as any other push. */
  readonly again?: number;
  readonly delivery: 'once' | 'doubled' | 'delayed' | 'lost';
  readonly delayMs: number;
};

export const deeds = [
  'rolls back',
  'redeploys',
  'cancels',
  'holds',
  'forces a new deployment in the console',
  'takes the first revision in the console',
] as const;

export type Deed = { readonly at: number; readonly deed: (typeof deeds)[number]; readonly releasedAfterMs: number };
export type Abort = { readonly at: number; readonly machine: 'release' | 'deployment' };

/** All that is put in: the same race gives the same history. */
export type Race = {
  readonly seed: number;
  readonly tasks: number;
  readonly breaker: boolean;
  readonly assumptions: Partial<Assumptions>;
  readonly pushes: readonly Push[];
  readonly person: readonly Deed[];
  readonly aborts: readonly Abort[];
};

const minutes = (count: number): number => Math.round(count * 60_000);

const behaviours: readonly Behaviour[] = [
  'healthy',
  'healthy',
  'healthy',
  'slow-to-start',
  'crashes-on-start',
  'cannot-pull',
  'never-healthy',
];
const deliveries = ['once', 'once', 'once', 'doubled', 'delayed', 'delayed', 'lost'] as const;

export const works = (behaviour: Behaviour): boolean => behaviour === 'healthy' || behaviour === 'slow-to-start';

/** The race of a seed. */
export const raceOf = (seed: number): Race => {
  const random = new Random(Math.imul(seed, 0x9e3779b1));
  const one = <T>(choices: readonly T[]): T => choices[random.between(0, choices.length - 1)] as T;
  const isOneOf = (count: number): boolean => random.between(1, count) === 1;

  // While one is in flight: surely in a third of the seeds, by chance in others.
  const gap = (): number => random.between(0, seed % 3 === 0 ? minutes(1.5) : one([minutes(1), minutes(10), minutes(40)]));
  const pushes: Push[] = [];
  let at = 0;
  for (let index = random.between(2, 5); index > 0; index--) {
    at += gap();
    const again = pushes.length > 0 && isOneOf(8) ? random.between(0, pushes.length - 1) : undefined;
    const delivery = one(deliveries);
    pushes.push({
      at,
      behaviour: again === undefined ? one(behaviours) : (pushes[again] as Push).behaviour,
      tags: isOneOf(4) ? random.between(2, 3) : 1,
      ...(again !== undefined && { again }),
      // ECR does not tell when a tag was moved: of that nobody can know who has not heard of it.
      delivery: again !== undefined && delivery === 'lost' ? 'once' : delivery,
      delayMs: random.between(0, one([minutes(0.2), minutes(5), minutes(45)])),
    });
  }
  const person = Array.from({ length: isOneOf(3) ? random.between(1, 2) : 0 }, () => ({
    at: random.between(0, at + minutes(15)),
    deed: one(deeds),
    releasedAfterMs: random.between(minutes(1), minutes(70)),
  }));
  const aborts = Array.from({ length: isOneOf(4) ? random.between(1, 2) : 0 }, () => ({
    at: one(pushes).at + random.between(0, minutes(2.5)),
    machine: one(['release', 'deployment'] as const),
  }));
  const variants = Object.entries(assumptions).flatMap(([name, values]) => (isOneOf(3) ? [[name, one<string>(values)]] : []));
  return {
    seed,
    tasks: random.between(1, 3),
    breaker: isOneOf(3),
    assumptions: Object.fromEntries(variants) as Partial<Assumptions>,
    pushes,
    person,
    aborts,
  };
};
