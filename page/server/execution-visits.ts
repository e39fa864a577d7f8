// The visits of an execution to the states of its machine, from its history.

/** The members of an event of GetExecutionHistory that the page reads. Of a page of its own, an event names the one before it by ID. */
export type PathEvent = {
  readonly id?: number | undefined;
  readonly previousEventId?: number | undefined;
  readonly timestamp?: Date | undefined;
  readonly type?: string | undefined;
  readonly stateEnteredEventDetails?: { readonly name?: string | undefined } | undefined;
  readonly stateExitedEventDetails?: { readonly name?: string | undefined } | undefined;
  readonly taskFailedEventDetails?: { readonly error?: string | undefined } | undefined;
};

export type Visit = {
  readonly state: string;
  /** The state before it; absent at the start. */
  readonly from?: string;
  readonly enteredAt: number;
  /** Absent while it is there. */
  readonly exitedAt?: number;
  /** How the visit before it ended, if by an error: `States.Timeout` or the name that a Catch caught. */
  readonly after?: string;
};

export type ExecutionEnd = 'succeeded' | 'failed';

export type Visits = {
  readonly visits: readonly Visit[];
  /** Entries and retries of states, also of those inside a Map: what is billed. */
  readonly transitions: number;
  /** Absent while it runs. */
  readonly end?: ExecutionEnd;
};

const ends: Readonly<Record<string, ExecutionEnd>> = {
  ExecutionSucceeded: 'succeeded',
  ExecutionFailed: 'failed',
  ExecutionAborted: 'failed',
  ExecutionTimedOut: 'failed',
};

const isEntry = ({ type = '' }: PathEvent): boolean => type.endsWith('StateEntered');
const isExit = ({ type = '' }: PathEvent): boolean => type.endsWith('StateExited');
const isScheduled = ({ type = '' }: PathEvent): boolean => type === 'TaskScheduled' || type === 'LambdaFunctionScheduled';

/** The name of the error of an event that ends a try of a task. */
const errorOf = ({ type = '', taskFailedEventDetails }: PathEvent): string | undefined => {
  if (type.endsWith('TimedOut')) return 'States.Timeout';
  return type === 'TaskFailed' ? (taskFailedEventDetails?.error ?? '') : undefined;
};

type Before = (event: PathEvent) => PathEvent | undefined;

/** The nearest event before one that is of a kind. */
const nearest = (event: PathEvent, before: Before, isIt: (event: PathEvent) => boolean): PathEvent | undefined => {
  let found = before(event);
  while (found && !isIt(found)) found = before(found);
  return found;
};

const stateOf = ({ stateEnteredEventDetails, stateExitedEventDetails }: PathEvent): string | undefined =>
  (stateEnteredEventDetails ?? stateExitedEventDetails)?.name;

const visitOf = (entry: PathEvent, before: Before): Omit<Visit, 'exitedAt'> => {
  const last = nearest(entry, before, (one) => isEntry(one) || isExit(one));
  const from = last && stateOf(last);
  const ended = nearest(entry, before, (one) => !isExit(one));
  const after = ended && errorOf(ended);
  return {
    state: stateOf(entry) ?? '',
    enteredAt: entry.timestamp?.getTime() ?? 0,
    ...(from !== undefined && { from }),
    ...(after !== undefined && { after }),
  };
};

/** Each Scheduled but the first of a visit is a retry. */
const isRetry = (event: PathEvent, before: Before): boolean => {
  const found = isScheduled(event) && nearest(event, before, (one) => isEntry(one) || isScheduled(one));
  return found !== undefined && found !== false && isScheduled(found);
};

/** The visits to the states of the machine itself (`top`), in order; those to states inside a Map count as transitions alone. */
export const visitsOf = (events: readonly PathEvent[], top: ReadonlySet<string>): Visits => {
  const byId = new Map(events.map((event) => [event.id, event]));
  const before: Before = ({ previousEventId }) => byId.get(previousEventId);
  const visits: Visit[] = [];
  let transitions = 0;
  let end: ExecutionEnd | undefined;
  for (const event of events) {
    if (isEntry(event) || isRetry(event, before)) transitions++;
    const name = stateOf(event) ?? '';
    if (isEntry(event) && top.has(name)) leaveLast(visits, event, visits.push(visitOf(event, before)) - 2);
    if (isExit(event) && top.has(name)) leaveLast(visits, event, visits.length - 1);
    end ??= ends[event.type ?? ''];
  }
  return { visits, transitions, ...(end && { end }) };
};

/** A state is left when it is exited, or, after an error that was caught, when another is entered. */
const leaveLast = (visits: Visit[], { timestamp }: PathEvent, index: number): void => {
  const visit = visits[index];
  if (visit && visit.exitedAt === undefined) visits[index] = { ...visit, exitedAt: timestamp?.getTime() ?? visit.enteredAt };
};
