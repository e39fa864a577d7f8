import type { FaultKind, Faults, InvocationFault } from '../../../emulator/faults.js';
import { type Calls, isMachine } from './calls.js';

export const minutes = 60_000;

/** How long something goes wrong. */
type Lasting = 'once' | 'for half an hour' | 'for ever';

/** One thing that goes wrong with one function, or with one of its calls. */
export type Trial = {
  /** `checkRollout's ecs.ListTasks is throttled for ever` */
  readonly title: string;
  readonly function: string;
  readonly call?: string;
  readonly lasting: Lasting;
  /** Somebody did something of which nobody heard: what was told may be told again. */
  readonly losesAnswers: boolean;
  /** `nth`: which one of the calls that an invocation makes. */
  readonly inject: (faults: Faults, nth: number) => void;
};

/** `UpdateServiceRole` */
export const roleOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}Role`;

const requestFaults: readonly (readonly [FaultKind, Lasting, string])[] = [
  ['serverError', 'once', 'answers 500 once'],
  ['timeoutBefore', 'once', 'is lost on its way once'],
  ['timeoutAfter', 'once', 'loses its answer once'],
  ['throttled', 'for ever', 'is throttled for ever'],
  ['serverError', 'for ever', 'answers 500 for ever'],
  ['accessDenied', 'for ever', 'is denied for ever'],
  ['timeoutBefore', 'for ever', 'is lost on its way for ever'],
  ['timeoutAfter', 'for ever', 'loses its answer for ever'],
  ['serverError', 'for half an hour', 'answers 500 for half an hour'],
  ['accessDenied', 'for half an hour', 'is denied for half an hour'],
  ['timeoutAfter', 'for half an hour', 'loses its answer for half an hour'],
];

const invocationFaults: readonly (readonly [InvocationFault['kind'], Lasting, string])[] = [
  ['twice', 'once', 'runs twice'],
  ['answerLost', 'once', 'runs, and its answer is lost'],
  ['throws', 'once', 'crashes once'],
  ['timesOut', 'once', 'times out once'],
  ['twice', 'for ever', 'runs twice each time'],
  ['throws', 'for ever', 'crashes for ever'],
  ['answerLost', 'for ever', 'runs, and its answer is lost each time'],
];

/** A release waits three days for the answer to a start: a child that nobody heard of is tried by its own functions. */
const isHeard = (call: string, kind: FaultKind): boolean => !(call.startsWith('states.') && kind.startsWith('timeout'));

/** That it was told is written down after it was told. */
const isNote = (name: string, call: string): boolean => (name === 'notify' || name === 'sweep') && call === 'dynamodb.UpdateItem';

const ofCalls = (calls: Calls): Trial[] =>
  Object.entries(calls).flatMap(([name, ofFunction]) =>
    ofFunction.flatMap((call) =>
      requestFaults
        .filter(([kind]) => !isMachine(name) || isHeard(call, kind))
        .map(([kind, lasting, words]): Trial => {
          const times = lasting === 'once' ? 1 : Number.POSITIVE_INFINITY;
          return {
            title: `${name}'s ${call} ${words}`,
            function: name,
            call,
            lasting,
            losesAnswers: kind === 'timeoutAfter' || isNote(name, call),
            inject: (faults, nth) => faults.inject({ on: call, by: roleOf(name), kind, times, skip: nth }),
          };
        }),
    ),
  );

const ofInvocations = (calls: Calls): Trial[] =>
  Object.keys(calls)
    .filter((name) => !isMachine(name))
    .flatMap((name) =>
      invocationFaults.map(
        ([kind, lasting, words]): Trial => ({
          title: `${name} ${words}`,
          function: name,
          lasting,
          losesAnswers: kind === 'twice' || kind === 'answerLost',
          inject: (faults) =>
            faults.injectInvocation({ function: `-${name}`, kind, times: lasting === 'once' ? 1 : Number.POSITIVE_INFINITY }),
        }),
      ),
    );

/** `all` of it takes half an hour or more; a number is a further turn, in which each call suffers another fault. */
const { MATRIX = '0' } = process.env;
const isWhole = MATRIX === 'all';
const furtherTurns = isWhole ? 0 : Number(MATRIX);

/** Every call and every function with every fault; unless the whole matrix is asked for, with one fault each, in turns. */
export const trialsOf = ({ calls, focus = Object.keys(calls) }: { calls: Calls; focus?: readonly string[] }, turn: number): Trial[] => {
  if (isWhole) return [...ofCalls(calls), ...ofInvocations(calls)];
  const inFocus = Object.fromEntries(Object.entries(calls).filter(([name]) => focus.includes(name)));
  const inTurns = (trials: readonly Trial[], kinds: number): Trial[] =>
    trials.filter((_, index) => index % kinds === (Math.floor(index / kinds) * 3 + turn + furtherTurns) % kinds);
  return [...inTurns(ofCalls(inFocus), requestFaults.length), ...inTurns(ofInvocations(inFocus), invocationFaults.length)];
};

/**
 * Which one of the calls that an invocation makes suffers: each of them, or in turns. Of a machine that can invoke nothing from the
 * start on, nothing is known but what Step Functions says; so there it begins later.
 */
export const turnsOf = ({ lasting, call, function: name }: Trial, times: number, turn: number): readonly number[] => {
  const each = [...Array(times).keys()];
  const some = lasting === 'once' ? each : isMachine(name) && call === 'lambda.Invoke' ? each.slice(1) : [0];
  return isWhole ? some : some.slice(turn % some.length).slice(0, 1);
};
