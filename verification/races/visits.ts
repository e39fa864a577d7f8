import type { Pipeline } from '../../test/support/pipeline.js';

/** One visit of a state that waits for its task token, or one retry of it. Times are epoch milliseconds. */
export type Visit = {
  readonly execution: string;
  readonly state: string;
  /** Why the machine entered the state: `entered`, `woken` or `timedOut`. */
  readonly because: string;
  readonly retry: number;
  readonly enteredAt: number;
  /** When the clock decides something, as the machine knows it; 0 if it does not. */
  readonly deadline: number;
  /** Its safety net. */
  readonly seconds: number;
  readonly endedAt: number;
  /** How it ended: decided by its own function, answered by an event, woken, by its safety net, or by an error. */
  readonly end: 'decided' | 'answered' | 'woken' | 'timedOut' | 'failed' | 'aborted';
  /** Of the answer. */
  readonly action?: string;
  readonly reason?: string;
};

/** A time at which an execution entered or left a state. */
export type Passage = { readonly execution: string; readonly state: string; readonly type: 'entered' | 'exited'; readonly at: number };

type Payload = {
  readonly because?: string;
  readonly visit: { readonly retry: number };
  readonly deadline: string;
  readonly token?: string;
};
type Event = ReturnType<Pipeline['account']['services']['states']['history']>[number];

const parsed = <T>(event: Event, details: `${string}EventDetails`, member: string): T | undefined => {
  const text = event[details]?.[member];
  return typeof text === 'string' ? (JSON.parse(text) as T) : undefined;
};

/** Errors with which a function decides: its decision is their cause. */
const decisions: readonly string[] = ['LookAgain', 'VerifyUrl', 'InvokeVerifier', 'VerificationFailed', 'Finish'];

/** By what the function had returned before the visit ended, it answered itself or not. */
const endOf = (event: Event | undefined, returned: Event | undefined): Pick<Visit, 'end' | 'action' | 'reason'> => {
  switch (event?.type) {
    case 'TaskSucceeded': {
      const answer = parsed<{ action: string; result: { reason: string } }>(event, 'taskSucceededEventDetails', 'output');
      const own = returned && parsed<{ Payload: { action: string } }>(returned, 'taskSubmittedEventDetails', 'output');
      const end = own?.Payload.action === 'wait' && answer?.action !== 'wait' ? 'answered' : 'decided';
      return { end, ...(answer && { action: answer.action, reason: answer.result.reason }) };
    }
    case 'TaskFailed': {
      const error = String(event.taskFailedEventDetails?.error);
      if (!decisions.includes(error)) return { end: error === 'Woken' ? 'woken' : 'failed' };
      const { result } = JSON.parse(String(event.taskFailedEventDetails?.cause)) as { result: { reason: string } };
      return { end: 'decided', action: error, reason: result.reason };
    }
    case 'TaskTimedOut':
      return { end: 'timedOut' };
    default:
      return { end: 'aborted' };
  }
};

/** Why a state was entered: by what ended the Task before it. */
const reasonOf = (events: readonly Event[], index: number): string => {
  const before = events.slice(0, index).findLast(({ type }) => /^Task(Succeeded|Failed|TimedOut)$/.test(type));
  return before?.type === 'TaskTimedOut' ? 'timedOut' : before?.taskFailedEventDetails?.error === 'Woken' ? 'woken' : 'entered';
};

/** The visits and passages of an execution, in order, from its history. */
const readHistory = (execution: string, events: readonly Event[]): { readonly visits: Visit[]; readonly passages: Passage[] } => {
  const visits: Visit[] = [];
  const passages: Passage[] = [];
  let state = '';
  // Not in the input of PassGates.
  let because = 'entered';
  for (const [index, event] of events.entries()) {
    const at = event.timestamp.getTime();
    const name = event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name;
    if (typeof name === 'string') {
      state = name;
      passages.push({ execution, state, type: event.stateEnteredEventDetails ? 'entered' : 'exited', at });
    }
    if (event.stateEnteredEventDetails) because = reasonOf(events, index);
    if (event.type !== 'TaskScheduled') continue;
    const { Payload: payload } = parsed<{ Payload?: Payload }>(event, 'taskScheduledEventDetails', 'parameters') ?? {};
    if (payload?.token === undefined) continue;
    const next = events.slice(index + 1);
    const last = next.find(({ type }) => /^Task(Succeeded|Failed|TimedOut)$|^Execution/.test(type));
    const returned = next.find(({ type, id }) => type === 'TaskSubmitted' && id < (last?.id ?? 0));
    visits.push({
      execution,
      state,
      because: payload.because ?? because,
      retry: payload.visit.retry,
      enteredAt: at,
      deadline: payload.deadline === '' ? 0 : Date.parse(payload.deadline),
      seconds: Number(event.taskScheduledEventDetails?.timeoutInSeconds),
      endedAt: last?.timestamp.getTime() ?? at,
      ...endOf(last, returned),
    });
  }
  return { visits, passages };
};

/** What executions of both machines waited for, and where they went. */
export const visitsIn = (pipeline: Pipeline): { readonly visits: readonly Visit[]; readonly passages: readonly Passage[] } => {
  const { states } = pipeline.account.services;
  const machines = (['deployment', 'release'] as const).flatMap((name) => states.executions(pipeline.machine(name)));
  const all = machines.map(({ arn }) => readHistory(arn, states.history(arn)));
  return { visits: all.flatMap(({ visits }) => visits), passages: all.flatMap(({ passages }) => passages) };
};
