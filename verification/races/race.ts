import { type Assumptions, assumptions } from '../../emulator/assumptions.js';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { Random } from '../../emulator/random.js';
import { faultsIn, type RaceFault } from './faults.js';

/** The service of every race, and the repository of its second container, if it has one. */
export const service = 'production/web';
export const proxyRepository = 'my-proxy';

/** One push. Times are milliseconds since the race began. */
export type Push = {
  readonly at: number;
  readonly behaviour: Behaviour;
  /** The repository of the second container, in a race of two sources. */
  readonly isProxy: boolean;
  readonly tags: number;
  /** The index of an earlier push whose image gets a new tag, which is as new as any other push. */
  readonly again?: number;
  readonly delivery: 'once' | 'doubled' | 'delayed' | 'lost';
  readonly delayMs: number;
};

export const actions = [
  'rolls back',
  'redeploys',
  'cancels',
  'holds',
  'forces a new deployment in the console',
  'takes the first revision in the console',
] as const;

/** Of a service with hooks, a cancellation may stop the before task, and an alarm may go off. */
export const hookActions = [...actions, 'cancels', 'cancels and stops the task', 'sets off the alarm', 'sets off the alarm'] as const;

export type OperatorAction = {
  readonly at: number;
  readonly action: (typeof hookActions)[number];
  readonly releasedAfterMs: number;
};

/** What an operator answers to the request that is open then, if any. */
export type GateAction = { readonly at: number; readonly action: 'approve' | 'reject' | 'cancel' };

/** Who aborts the youngest execution of a machine. `during`: only while its next invocation of this function makes this request. */
export type Abort = {
  readonly at: number;
  readonly machine: 'release' | 'deployment';
  readonly during?: { readonly name: string; readonly request: number };
};

/** All inputs: the same race gives the same history. */
export type Race = {
  readonly seed: number;
  /** Does the service have a container of each of two repositories? */
  readonly hasTwoSources: boolean;
  /** Does its stage need approval? */
  readonly hasGate: boolean;
  /** Has the service a before task and a verification? */
  readonly hasHooks: boolean;
  readonly gateActions: readonly GateAction[];
  readonly tasks: number;
  readonly breaker: boolean;
  readonly assumptions: Partial<Assumptions>;
  /** Reads of ECS are at most this much older than its newest write. */
  readonly staleReadMs: number;
  readonly pushes: readonly Push[];
  readonly operator: readonly OperatorAction[];
  readonly aborts: readonly Abort[];
  readonly faults: readonly RaceFault[];
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
/** How an image migrates is drawn as often as how it runs. */
const hookedBehaviours: readonly Behaviour[] = [...behaviours, 'migrates', 'migrates', 'migration-fails', 'migration-hangs'];
const deliveries = ['once', 'once', 'once', 'doubled', 'delayed', 'delayed', 'lost'] as const;

export const works = (behaviour: Behaviour): boolean => ['healthy', 'slow-to-start', 'migrates'].includes(behaviour);

/** Draws the race of a seed. */
export const raceOf = (seed: number): Race => {
  const random = new Random(Math.imul(seed, 0x9e3779b1));
  const one = <T>(choices: readonly T[]): T => choices[random.between(0, choices.length - 1)] as T;
  const isOneOf = (count: number): boolean => random.between(1, count) === 1;

  // In a third of the seeds every push arrives while the one before it is deployed.
  const gap = (): number => random.between(0, seed % 3 === 0 ? minutes(1.5) : one([minutes(1), minutes(10), minutes(40)]));
  const hasTwoSources = seed % 4 === 1;
  const hasGate = seed % 4 === 3;
  const hasHooks = seed % 8 === 4;
  const pushes: Push[] = [];
  let at = 0;
  for (let index = random.between(2, 5); index > 0; index--) {
    at += gap();
    const again = pushes.length > 0 && isOneOf(8) ? random.between(0, pushes.length - 1) : undefined;
    const delivery = one(deliveries);
    pushes.push({
      at,
      behaviour: again === undefined ? one(hasHooks ? hookedBehaviours : behaviours) : (pushes[again] as Push).behaviour,
      isProxy: again === undefined ? hasTwoSources && isOneOf(2) : (pushes[again] as Push).isProxy,
      tags: isOneOf(4) ? random.between(2, 3) : 1,
      ...(again !== undefined && { again }),
      // ECR does not store when a tag was moved, so the reconciler cannot find a moved tag whose event was lost.
      delivery: again !== undefined && delivery === 'lost' ? 'once' : delivery,
      delayMs: random.between(0, one([minutes(0.2), minutes(5), minutes(45)])),
    });
  }
  const operator = Array.from({ length: isOneOf(hasHooks ? 2 : 3) ? random.between(1, 2) : 0 }, () => ({
    at: random.between(0, at + minutes(15)),
    action: one(hasHooks ? hookActions : actions),
    releasedAfterMs: random.between(minutes(1), minutes(70)),
  }));
  const aborts = Array.from({ length: isOneOf(4) ? random.between(1, 2) : 0 }, (): Abort => {
    const abort = { at: one(pushes).at + random.between(0, minutes(2.5)), machine: one(['release', 'deployment'] as const) };
    // A waiting state's function enters the record, stores its token, and looks.
    const waiting = ['acquireLease', 'registerRevision', 'watchRollout', ...(hasHooks ? ['runBeforeTask', 'runBeforeTask', 'verify'] : [])];
    const during = { name: one(waiting), request: random.between(1, 4) };
    return abort.machine === 'deployment' && isOneOf(2) ? { ...abort, during } : abort;
  });
  const variants = Object.entries(assumptions).flatMap(([name, values]) => (isOneOf(3) ? [[name, one<string>(values)]] : []));
  const race = {
    seed,
    hasTwoSources,
    hasGate,
    hasHooks,
    tasks: random.between(1, 3),
    breaker: isOneOf(3),
    assumptions: Object.fromEntries(variants) as Partial<Assumptions>,
    staleReadMs: one([2000, 2000, 0, 4000]),
    pushes,
    operator,
    aborts,
    faults: faultsIn(random, at, { hasGate, hasHooks }),
  };
  const answer = (push: Push): GateAction => ({
    at: push.at + random.between(0, one([minutes(0.2), minutes(3), minutes(30)])),
    action: one(['approve', 'approve', 'approve', 'approve', 'reject', 'cancel']),
  });
  return { ...race, gateActions: hasGate ? [...pushes, ...pushes].map(answer) : [] };
};
