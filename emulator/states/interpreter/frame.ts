import type { Block, State } from '../definition/definition.js';
import type { Document } from './document.js';
import type { Execution } from './execution.js';
import { Abandoned } from './failure.js';
import { visit } from './interpreter.js';

/** Values by name. An inner scope's prototype is the outer one, so it reads what it cannot assign. */
export type Variables = Record<string, unknown>;

type Settle<T> = { readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void; readonly isPending: () => boolean };

/** Undoes what a suspended thread waits for. `because` is the failed event that the others are aborted for. */
type Release = (because?: number) => void;

/** Types of states that leave a `…StateAborted` event when they are cut short. */
const abortable: ReadonlySet<State['type']> = new Set(['Task', 'Wait', 'Map', 'Parallel']);

/** One line of states after one another: an execution, a branch, or an iteration. It does one thing at a time. */
export class Thread {
  readonly execution: Execution;
  readonly variables: Variables;
  /** `$states.context.Map`, inside an iteration. */
  readonly map: object | undefined;
  lastEventId: number;
  /** The state that the thread is in. */
  current: State | undefined;
  #isLive = true;
  #release: Release | undefined;

  constructor(execution: Execution, { outer, map, lastEventId = 0 }: { outer?: Thread; map?: object; lastEventId?: number } = {}) {
    this.execution = execution;
    this.variables = Object.create(outer?.variables ?? execution.store.functions) as Variables;
    this.map = map ?? outer?.map;
    this.lastEventId = lastEventId;
  }

  record(type: string, details?: Readonly<Record<string, unknown>>): number {
    this.lastEventId = this.execution.history.add(type, this.lastEventId, details);
    return this.lastEventId;
  }

  async run(block: Block, input: Document): Promise<Document> {
    let name: string | undefined = block.startAt;
    let document = input;
    while (name !== undefined) {
      await this.#turn();
      const state = block.states.get(name) as State;
      this.current = state;
      const exit = await visit(this, state, document);
      name = exit.next;
      document = exit.output;
    }
    this.current = undefined;
    return document;
  }

  /** Each state is entered in a timer of its own, so that threads take turns in one order. */
  #turn(): Promise<void> {
    const { clock } = this.execution.account;
    return this.suspend(({ resolve }) => {
      const timer = clock.after(0, () => resolve());
      return () => clock.cancel(timer);
    });
  }

  /** Waits for what others bring about. What `start` returns is called once, when that came or is not wanted any more. */
  suspend<T>(start: (settle: Settle<T>) => Release): Promise<T> {
    return this.execution.account.clock.yieldTo(
      new Promise<T>((resolve, reject) => {
        let isSettled = false;
        let release: Release | undefined;
        const once =
          <V>(settle: (value: V) => void) =>
          (value: V): void => {
            if (isSettled || !this.#isLive) return;
            isSettled = true;
            this.#release = undefined;
            release?.();
            settle(value);
          };
        this.#release = (because) => {
          isSettled = true;
          release?.(because);
        };
        release = start({ resolve: once(resolve), reject: once(reject), isPending: () => !isSettled && this.#isLive });
      }),
    );
  }

  /** Throws Abandoned when the thread went on to its end while something was being worked out. */
  checkLive(): void {
    if (!this.#isLive) throw new Abandoned();
  }

  /** Ends the thread where it is; nothing of it happens any more. */
  abandon(because?: number): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    const release = this.#release;
    this.#release = undefined;
    release?.(because);
    this.recordAborted(because);
  }

  recordAborted(because: number | undefined): void {
    if (because === undefined || !this.current || !abortable.has(this.current.type)) return;
    this.execution.history.add(`${this.current.type}StateAborted`, because);
  }
}
