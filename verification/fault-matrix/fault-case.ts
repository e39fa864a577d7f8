import type { FaultKind, Faults, InvocationFault } from '../../emulator/faults.js';
import { roleOf } from '../role-of.js';
import { type Calls, isMachine } from './calls.js';

export const minutes = 60_000;

/** How long a fault lasts. */
type Duration = 'once' | 'for half an hour' | 'forever';

/** One fault of one function, or of one of its calls. */
export type FaultCase = {
  /** `watchRollout's ecs.ListTasks is throttled forever` */
  readonly title: string;
  readonly function: string;
  readonly call?: string;
  readonly duration: Duration;
  /** An effect whose answer is lost: a notification may be repeated. */
  readonly mayRepeat: boolean;
  /** `nth`: the index of the call within an invocation. */
  readonly inject: (faults: Faults, nth: number) => void;
};

const requestFaults: readonly (readonly [FaultKind, Duration, string])[] = [
  ['serverError', 'once', 'answers 500 once'],
  ['timeoutBefore', 'once', 'is lost before its effect once'],
  ['timeoutAfter', 'once', 'loses its answer once'],
  ['delayedEffect', 'once', 'takes effect ten seconds later once'],
  ['throttled', 'forever', 'is throttled forever'],
  ['serverError', 'forever', 'answers 500 forever'],
  ['accessDenied', 'forever', 'is denied forever'],
  ['timeoutBefore', 'forever', 'is lost before its effect forever'],
  ['timeoutAfter', 'forever', 'loses its answer forever'],
  ['serverError', 'for half an hour', 'answers 500 for half an hour'],
  ['accessDenied', 'for half an hour', 'is denied for half an hour'],
  ['timeoutAfter', 'for half an hour', 'loses its answer for half an hour'],
];

const invocationFaults: readonly (readonly [InvocationFault['kind'], Duration, string, Partial<InvocationFault>?])[] = [
  ['twice', 'once', 'runs twice'],
  ['answerLost', 'once', 'runs, and its answer is lost'],
  ['throws', 'once', 'crashes once'],
  ['killed', 'once', 'is killed after its first request', { afterRequests: 1 }],
  ['killed', 'once', 'is killed after its second request', { afterRequests: 2 }],
  ['killed', 'once', 'is killed after its third request', { afterRequests: 3 }],
  ['startsLate', 'once', 'starts after its state has given up', { delayMs: 35_000 }],
  ['pauses', 'once', 'pauses after its second request', { afterRequests: 2, delayMs: 15_000 }],
  ['returnsLate', 'once', 'returns late', { delayMs: 15_000 }],
  ['timesOut', 'once', 'times out once'],
  ['twice', 'forever', 'runs twice each time'],
  ['throws', 'forever', 'crashes forever'],
  ['answerLost', 'forever', 'runs, and its answer is lost each time'],
];

/** A release waits three days for the answer to a start: a lost answer is tested with the child's own functions. */
const isAnswered = (call: string, kind: FaultKind): boolean =>
  !(call.startsWith('states.') && (kind.startsWith('timeout') || kind === 'delayedEffect'));

/** A notification is recorded after it is published. */
const savesNotification = (name: string, call: string): boolean =>
  (name === 'notify' || name === 'sweep') && call === 'dynamodb.UpdateItem';

const ofCalls = (calls: Calls): FaultCase[] =>
  Object.entries(calls).flatMap(([name, ofFunction]) =>
    ofFunction.flatMap((call) =>
      requestFaults
        .filter(([kind]) => !isMachine(name) || isAnswered(call, kind))
        .map(([kind, duration, description]): FaultCase => {
          const times = duration === 'once' ? 1 : Number.POSITIVE_INFINITY;
          return {
            title: `${name}'s ${call} ${description}`,
            function: name,
            call,
            duration,
            mayRepeat: kind === 'timeoutAfter' || kind === 'delayedEffect' || savesNotification(name, call),
            inject: (faults, nth) => faults.inject({ on: call, by: roleOf(name), kind, times, skip: nth, delayMs: 10_000 }),
          };
        }),
    ),
  );

const ofInvocations = (calls: Calls): FaultCase[] =>
  Object.keys(calls)
    .filter((name) => !isMachine(name))
    .flatMap((name) =>
      invocationFaults.map(
        ([kind, duration, description, more]): FaultCase => ({
          title: `${name} ${description}`,
          function: name,
          duration,
          mayRepeat: kind === 'twice' || kind === 'answerLost' || kind === 'killed' || kind === 'startsLate',
          inject: (faults) =>
            faults.injectInvocation({ function: `-${name}`, kind, times: duration === 'once' ? 1 : Number.POSITIVE_INFINITY, ...more }),
        }),
      ),
    );

/**
 * FAULTS selects the faults. `0-2`: turns 0 to 2; in each turn every call has one fault, each time another one. `all`: every fault of
 * every call, which takes half an hour or more. Unset: a sample for `npm test`. FAULTS_EVERY=2 takes every second case of them.
 */
const { FAULTS, FAULTS_EVERY = '1' } = process.env;
const every = Number(FAULTS_EVERY);
const isComplete = FAULTS === 'all';
const [firstTurn = 0, lastTurn = firstTurn] = isComplete || !FAULTS ? [] : FAULTS.split('-').map(Number);
const selectedTurns = Array.from({ length: lastTurn - firstTurn + 1 }, (_, index) => firstTurn + index);
const sampleSize = 1;

/** The fault cases of a scenario that FAULTS selects. `turn`: the fault of its first call in turn 0. */
export const faultCasesOf = (
  { calls, focus = Object.keys(calls), turns = selectedTurns.length }: { calls: Calls; focus?: readonly string[]; turns?: number },
  turn: number,
): readonly FaultCase[] => {
  if (isComplete) return [...ofCalls(calls), ...ofInvocations(calls)];
  const inFocus = Object.fromEntries(Object.entries(calls).filter(([name]) => focus.includes(name)));
  const inTurns = (cases: readonly FaultCase[], kinds: number): FaultCase[] =>
    cases.filter((_, index) =>
      selectedTurns.slice(0, turns).some((further) => index % kinds === (Math.floor(index / kinds) * 3 + turn + further) % kinds),
    );
  const selected = [...inTurns(ofCalls(inFocus), requestFaults.length), ...inTurns(ofInvocations(inFocus), invocationFaults.length)];
  return FAULTS ? selected.filter((_, index) => index % every === turn % every) : sample(selected, turn);
};

/** Cases at equal distances. */
const sample = (cases: readonly FaultCase[], turn: number): readonly FaultCase[] => {
  const distance = Math.max(1, Math.floor(cases.length / sampleSize));
  return cases.filter((_, index) => index % distance === turn % distance).slice(0, sampleSize);
};

/**
 * The indexes of the calls of an invocation that have the fault: each of them, or in turns. If a machine cannot invoke any function from
 * the start, nothing but the execution's status is known; there the fault begins with a later call.
 */
export const occurrencesOf = ({ duration, call, function: name }: FaultCase, times: number, turn: number): readonly number[] => {
  const each = [...Array(times).keys()];
  const some = duration === 'once' ? each : isMachine(name) && call === 'lambda.Invoke' ? each.slice(1) : [0];
  return isComplete ? some : some.slice(turn % some.length).slice(0, 1);
};
