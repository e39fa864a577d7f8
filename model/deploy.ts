import { withRecord } from './change.js';
import type { Actor, Deed } from './deed.js';
import { none, type Outcome, type Place, type State } from './state.js';

export const register = ({ world, state, record }: Actor): readonly Deed[] => {
  const { of, status } = state.rollout;
  if (status === 'running' && of !== record)
    return [{ label: `waits for the rollout of ${world.names[of]}`, state, answer: { place: 'service' } }];
  return [
    { label: 'registers', state: withRecord(state, record, { base: state.current }), answer: { place: 'update' } },
    { label: 'is refused', state, answer: { place: 'close', ending: 'REFUSED' }, isChance: true },
  ];
};

/** Nothing is sent to ECS, and nothing sent lands there, but under the sender's lease. */
const trespass = ({ world, state, me }: Actor, what: string): string | undefined =>
  state.lease === me
    ? undefined
    : `${what} of ${world.names[me]} while ${state.lease === none ? 'nobody' : world.names[state.lease]} holds the lease`;

export const update = (actor: Actor): readonly Deed[] => {
  const { world, state, me, record, lambda } = actor;
  const { sent, landed, isTouched, base } = state.records[record]!;
  const watch = { place: 'rollout' } as const;
  switch (lambda.at) {
    case 0:
      if (sent === lambda.visit || landed > 0) return [{ label: 'was sent before', state, answer: watch }];
      if (state.lease !== me && !isTouched) return [{ label: 'is not the holder', state, answer: { place: 'close', ending: 'REFUSED' } }];
      return [{ label: 'is the holder', state, lambda: { ...lambda, at: 1 } }];
    case 1:
      if (state.current === record) return [{ label: 'finds its revision', state, answer: watch }];
      if (state.current !== base) return [{ label: 'finds another base', state, answer: { place: 'register' } }];
      return [{ label: 'finds its base', state, lambda: { ...lambda, at: 2 } }];
    case 2:
      if (sent === lambda.visit && !world.mistakes.has('marks blindly')) return [{ label: 'is marked already', state, answer: watch }];
      return [{ label: 'marks', state: withRecord(state, record, { isTouched: true, sent: lambda.visit }), lambda: { ...lambda, at: 3 } }];
    case 3:
      return [{ label: 'sends UpdateService', state, lambda: { ...lambda, at: 4 }, wrong: trespass(actor, 'UpdateService is sent') }];
    default:
      return [
        {
          label: 'UpdateService lands',
          state: landedOf(state, record),
          answer: watch,
          wrong: trespass(actor, 'UpdateService lands') ?? older(actor),
        },
        ...(state.troubles > 0
          ? [{ label: 'UpdateService is lost', state: { ...state, troubles: state.troubles - 1 }, answer: watch, isChance: true }]
          : []),
      ];
  }
};

/** ECS: an update to what the service names already begins no rollout. */
const landedOf = (state: State, record: number): State => {
  if (state.current === record) return state;
  const landed = state.records[record]!.landed + 1;
  return { ...withRecord(state, record, { landed }), current: record, rollout: { of: record, status: 'running' } };
};

/** By itself nothing is put over what was pushed later, and works or is still on its way. */
const older = ({ world, state, record }: Actor): string | undefined => {
  const { current, rollout } = state;
  if (current === none || current === record || world.starts[record]!.isByHand) return undefined;
  if (rollout.of === current && rollout.status === 'failed') return undefined;
  return world.starts[current]!.pushedAt > world.starts[record]!.pushedAt
    ? `${world.names[record]} replaces ${world.names[current]}, which is newer and works`
    : undefined;
};

export const check = ({ state, record, me }: Actor): readonly Deed[] => {
  const { landed, base, isGoingBack } = state.records[record]!;
  const look = (label: string, place: Place, ending?: Outcome, isChance = false): Deed => ({
    label,
    state,
    answer: { place, ...(ending && { ending }) },
    isChance,
  });
  switch (state.rollout.of === record ? state.rollout.status : 'none') {
    case 'running':
      return [look('rollout under way', 'rollout'), ...(isGoingBack ? [] : [look('rollout overdue', 'rollBack', undefined, true)])];
    case 'successful':
      return [isGoingBack ? look('the stop came too late', 'rollBack') : look('succeeded', 'close', 'SUCCEEDED')];
    case 'failed':
      return [look('failed', 'rollBack')];
    case 'rolledBack':
      return [look('is back', 'close', 'ROLLED_BACK')];
    default: {
      if (landed > 0 || state.current !== base) return [look('somebody else took the service over', 'close', 'SUPERSEDED')];
      // Believed at the third look, half a minute after it was sent.
      if (state.executions[me]!.late) return [look('nothing to be seen yet', 'rollout')];
      if (isGoingBack) return [look('was never changed', 'close', 'REFUSED')];
      return [look('never arrived', 'update'), look('never arrived in time', 'close', 'REFUSED', true)];
    }
  }
};

export const rollBack = (actor: Actor): readonly Deed[] => {
  const { state, record, lambda } = actor;
  const { landed, base } = state.records[record]!;
  const watch = { place: 'rollout' } as const;
  const isOurs = state.rollout.of === record;
  switch (lambda.at) {
    case 0: {
      const noted = withRecord(state, record, { isGoingBack: true });
      if (!isOurs && landed > 0)
        return [{ label: 'somebody else took the service over', state, answer: { place: 'close', ending: 'SUPERSEDED' } }];
      if (isOurs && state.rollout.status === 'running')
        return [{ label: 'looks: to be stopped', state: noted, lambda: { ...lambda, at: 1 } }];
      if (state.current === record) return [{ label: 'looks: to be updated', state: noted, lambda: { ...lambda, at: 2 } }];
      return [{ label: 'looks: nothing to take back', state: noted, answer: watch }];
    }
    case 1: {
      const isStopped = isOurs && state.rollout.status === 'running';
      const after: State = isStopped ? { ...state, current: base, rollout: { of: record, status: 'rolledBack' } } : state;
      return [
        {
          label: isStopped ? 'stops the rollout' : 'is refused to stop it',
          state: after,
          answer: watch,
          wrong: isStopped ? trespass(actor, 'a stop') : undefined,
        },
      ];
    }
    case 2:
      return [
        { label: 'sends UpdateService to the base', state, lambda: { ...lambda, at: 3 }, wrong: trespass(actor, 'the way back is sent') },
      ];
    default: {
      const after: State = state.current === base ? state : { ...state, current: base, rollout: { of: record, status: 'rolledBack' } };
      return [{ label: 'UpdateService to the base lands', state: after, answer: watch, wrong: trespass(actor, 'the way back lands') }];
    }
  }
};
