import type { Trace } from './trace.js';
import type { Passage, Visit } from './visits.js';

const seconds = (count: number): number => count * 1000;
const minutes = (count: number): number => seconds(count * 60);
const shortArn = (arn: string): string => arn.split(':').slice(-2).join(':');

/** How waits have to end. */
export const waitViolations = (trace: Trace): string[] => [...neverByNet(trace), ...boundedWaits(trace), ...movingQueue(trace)];

/** Faults that may delay or lose a wake-up; that an event is doubled is no excuse. */
const delaysWaking = ({ kind }: Trace['faults'][number]): boolean => kind !== 'delivery-doubled';

/**
 * Why a wait may have been ended by its safety net. Only these have no event, or did not get theirs.
 */
export const excuses = {
  fault: 'an event was lost or late, a call failed, or a function was killed or late',
  abort: 'the execution that it waited for was aborted: the sweep or a look finds that out',
  deadline: 'the clock decided',
  absent: 'what has never arrived has no event',
  arriving: 'the event was on its way',
  lagging: 'reads lagged behind the event that woke it',
  rollback: 'a rollback that ECS was asked for has no event of its end',
} as const;

/** The visits that their safety net began, and that decided something. */
export const endedByNet = ({ visits }: Trace): readonly Visit[] =>
  visits.filter(({ because, end, action = '' }) => because === 'timedOut' && end === 'decided' && !goesOn.includes(action));

/** Answers after which the same wait goes on. */
const goesOn: readonly string[] = ['wait', 'LookAgain'];

export const excuseOf = (trace: Trace, visit: Visit): keyof typeof excuses | undefined => {
  const { executions, arrivals, race, passages, visits } = trace;
  const { execution, state, enteredAt, endedAt, deadline, action } = visit;
  if (deadline > 0 && deadline <= enteredAt) return 'deadline';
  if (state === 'PassGates') return isFaulty(trace, endedAt) ? 'fault' : undefined;
  if (action === 'update') return 'absent';
  const before = visits[visits.indexOf(visit) - 1];
  const isAfterNews = before?.execution === execution && (before.because === 'woken' || before.seconds === 5);
  if (race.staleReadMs > 0 && isAfterNews) return 'lagging';
  const hasRolledBack = passages.some((one) => one.execution === execution && one.state === 'RollBack' && one.at <= enteredAt);
  if (state === 'WatchRollout' && hasRolledBack) return 'rollback';
  const isAbortedBefore = executions.some(({ status, stopTime = 0 }) => status === 'ABORTED' && stopTime <= endedAt);
  if (state === 'AcquireLease' && isAbortedBefore) return 'abort';
  if (arrivals.some((at) => at >= enteredAt && at <= endedAt + seconds(1))) return 'arriving';
  return isFaulty(trace, endedAt) ? 'fault' : undefined;
};

const isFaulty = ({ faults }: Trace, until: number): boolean => faults.some((fault) => delaysWaking(fault) && fault.at <= until);

/** No wait is ended by its safety net unless there is an excuse for it. */
const neverByNet = (trace: Trace): string[] =>
  endedByNet(trace)
    .filter((visit) => excuseOf(trace, visit) === undefined)
    .map(
      ({ execution, state, enteredAt, action, reason }) =>
        `${shortArn(execution)} waited in ${state} until its safety net at ${new Date(enteredAt).toISOString()}: ${action} ${reason}`,
    );

/** No safety net is longer than 20 min; at a gate, where the clock decides nothing sooner, than an hour. */
const boundedWaits = ({ visits }: Trace): string[] =>
  visits.flatMap(({ execution, state, seconds: net }) =>
    net > (state === 'PassGates' ? 3600 : 1200) ? [`${shortArn(execution)} may wait ${net} s in ${state}`] : [],
  );

const heldTheLease: readonly string[] = ['ON_HOLD', 'QUARANTINED', 'OLDER_PUSH'];

/** When each holder of the lease got it, and when it began to release it; not if its execution was aborted before. */
const holdersOf = ({ visits, passages, executions }: Trace) =>
  executions.flatMap(({ arn }) => {
    const own = visits.filter(({ execution, state }) => execution === arn && state === 'AcquireLease');
    const granted = own.find(({ action, reason = '' }) => action === 'proceed' || (action === 'finish' && heldTheLease.includes(reason)));
    const at = (state: string, type: Passage['type']) =>
      passages.find((one) => one.execution === arn && one.state === state && one.type === type)?.at;
    if (!granted) return [];
    return [{ arn, asked: own[0]?.enteredAt ?? 0, granted: granted.endedAt, freed: at('CloseDeployment', 'entered') }];
  });

/** Who waits gets the lease within two seconds of its release; or, if its wake-up is lost, at its next look. */
const movingQueue = (trace: Trace): string[] => {
  const holders = holdersOf(trace).toSorted((one, other) => one.granted - other.granted);
  return holders.flatMap(({ arn, asked, granted }) => {
    const before = holders
      .filter(({ freed }) => freed !== undefined && freed <= granted)
      .toSorted((a, b) => (b.freed ?? 0) - (a.freed ?? 0));
    const freed = before[0]?.freed ?? 0;
    const isDisturbed = trace.faults.some(({ at }) => at <= granted) || trace.executions.some(({ status }) => status === 'ABORTED');
    const late = granted - Math.max(freed, asked);
    const limit = isDisturbed ? minutes(21) : seconds(2);
    return late > limit ? [`${shortArn(arn)} got the lease ${Math.round(late / 1000)} s after it was free`] : [];
  });
};
