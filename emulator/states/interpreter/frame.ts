import type { State } from '../definition/definition.js';
import type { ExecutionScope } from './execution-scope.js';

/** Values by name. An inner scope's prototype is the outer one, so it reads what it cannot assign. */
export type Variables = Record<string, unknown>;

type Settle<T> = { readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void };

/** A branch of a Parallel state or an iteration of a Map state, while it runs. */
export type RunningBranch = {
  readonly frame: Frame;
  /** Adds the event that says that this branch was aborted after event `because`. */
  readonly recordAborted?: (because: number) => void;
};

/** Types of states that leave a `…StateAborted` event in the history. */
const abortable: ReadonlySet<State['type']> = new Set(['Task', 'Wait', 'Map', 'Parallel']);

const settled = 'settled';

/** The position of one sequence of states: an execution, a branch or an iteration. It runs one state at a time. */
export class Frame {
  readonly execution: ExecutionScope;
  readonly variables: Variables;
  /** `$states.context.Map`, inside an iteration. */
  readonly map: object | undefined;
  lastEventId: number;
  /** The state that runs now. */
  current: State | undefined;
  /** What runs inside the current state. */
  branches: ReadonlySet<RunningBranch> = new Set();
  #controller = new AbortController();

  constructor(execution: ExecutionScope, { outer, map, lastEventId = 0 }: { outer?: Frame; map?: object; lastEventId?: number } = {}) {
    this.execution = execution;
    this.variables = Object.create(outer?.variables ?? execution.store.functions) as Variables;
    this.map = map ?? outer?.map;
    this.lastEventId = lastEventId;
  }

  /** Aborted when the execution has ended or a sibling branch has failed. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Nothing of the frame happens from now on: what it waits for rejects with `signal.reason`. */
  abort(): void {
    this.#controller.abort();
  }

  record(type: string, details?: Readonly<Record<string, unknown>>): number {
    this.lastEventId = this.execution.history.add(type, this.lastEventId, details);
    return this.lastEventId;
  }

  /** Adds the events that say that the current state, and what runs inside it, was aborted after event `because`. */
  recordAborted(because: number): void {
    this.recordBranchesAborted(because);
    if (this.current && abortable.has(this.current.type)) this.execution.history.add(`${this.current.type}StateAborted`, because);
  }

  /** The same for everything that runs inside the current state. */
  recordBranchesAborted(because: number): void {
    for (const { frame, recordAborted } of this.branches) {
      frame.recordAborted(because);
      recordAborted?.(because);
    }
  }

  /**
   * Waits for something outside the interpreter. The signal that `start` gets is aborted when the wait is over, for
   * any reason. Rejects with `signal.reason` when the frame is aborted first.
   */
  suspend<T>(start: (settle: Settle<T>, signal: AbortSignal) => void): Promise<T> {
    const wait = new AbortController();
    return this.execution.account.clock.yieldTo(
      new Promise<T>((resolve, reject) => {
        this.signal.throwIfAborted();
        const onAbort = (): void => once(reject)(this.signal.reason);
        const once =
          <V>(settle: (value: V) => void) =>
          (value: V): void => {
            if (wait.signal.aborted) return;
            this.signal.removeEventListener('abort', onAbort);
            wait.abort(settled);
            settle(value);
          };
        this.signal.addEventListener('abort', onAbort);
        try {
          start({ resolve: once(resolve), reject: once(reject) }, wait.signal);
        } catch (error) {
          once(reject)(error);
        }
      }),
    );
  }
}
