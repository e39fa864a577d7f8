import type { Account } from '../../account.js';
import type { Caller } from '../../caller.js';
import type { Definition } from '../definition/definition.js';
import type { Machine } from '../machine.js';
import type { Store } from '../store.js';
import type { Document } from './document.js';
import { Abandoned, StateFailure } from './failure.js';
import { Thread } from './frame.js';
import { History, notTruncated } from './history.js';
import { emitStatusChange } from './status-change.js';

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

type Ending = {
  readonly status: Status;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
};

/** One execution of a machine, from its start on; it keeps the definition and the role that the machine had then. */
export class Execution {
  readonly arn: string;
  readonly name: string;
  readonly machine: Machine;
  readonly definition: Definition;
  readonly roleArn: string;
  readonly input: Document;
  readonly startDate: Date;
  readonly store: Store;
  readonly history: History;
  /** `$states.context` of every state, but for what differs from state to state. */
  readonly context: { readonly Execution: object; readonly StateMachine: object };
  /** State transitions as they are billed: entries and retries. */
  transitions = 0;
  status: Status = 'RUNNING';
  stopDate: Date | undefined;
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  #root: Thread;
  #listeners: (() => void)[] = [];
  #stopTimer: () => void = () => {};

  constructor(store: Store, machine: Machine, { arn, name, input }: { arn: string; name: string; input: Document }) {
    const { clock } = store.account;
    this.arn = arn;
    this.name = name;
    this.machine = machine;
    this.definition = machine.definition;
    this.roleArn = machine.roleArn;
    this.input = input;
    this.startDate = clock.date();
    this.store = store;
    this.history = new History(clock);
    this.context = {
      Execution: {
        Id: arn,
        Input: input.value,
        Name: name,
        RoleArn: machine.roleArn,
        StartTime: this.startDate.toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: machine.arn, Name: machine.name },
    };
    this.#root = new Thread(this);
  }

  get account(): Account {
    return this.store.account;
  }

  /** Tasks are done as the machine's role. */
  get caller(): Caller {
    return { arn: this.roleArn, kind: 'role', sourceArn: this.arn };
  }

  log(type: string, detail: Record<string, unknown>): void {
    this.account.log.add('states', type, { execution: this.arn, machine: this.machine.name, ...detail });
  }

  start(): void {
    const { clock } = this.account;
    this.history.add('ExecutionStarted', 0, { input: this.input.json, inputDetails: notTruncated, roleArn: this.roleArn });
    this.log('execution-started', { name: this.name, input: this.input.value });
    emitStatusChange(this);
    const { timeoutSeconds } = this.definition;
    if (timeoutSeconds !== undefined) {
      const timer = clock.after(timeoutSeconds * 1000, () => this.#timeOut());
      this.#stopTimer = () => clock.cancel(timer);
    }
    clock.after(0, () => this.#run());
  }

  /** StopExecution. */
  abort(error: string | undefined, cause: string | undefined): void {
    this.#end('ExecutionAborted', 0, { status: 'ABORTED', error, cause });
  }

  /** Calls the listener when the execution ends. Returns the function that takes it back. */
  whenEnded(listener: () => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  async #run(): Promise<void> {
    try {
      const output = await this.#root.run(this.definition, this.input);
      this.#end('ExecutionSucceeded', this.#root.lastEventId, { status: 'SUCCEEDED', output: output.json });
    } catch (error) {
      if (error instanceof Abandoned) return;
      if (!(error instanceof StateFailure)) {
        // A mistake of the emulator itself: whoever runs the clock hears it.
        this.#fail(new StateFailure('States.Runtime', String(error)));
        throw error;
      }
      this.#fail(error);
    }
  }

  #fail({ error, cause }: StateFailure): void {
    this.#end('ExecutionFailed', this.#root.lastEventId, { status: 'FAILED', error, cause });
  }

  /** DescribeExecution shows no error of an execution that timed out; its history does. */
  #timeOut(): void {
    this.#end('ExecutionTimedOut', 0, { status: 'TIMED_OUT' }, { error: 'States.Timeout' });
  }

  #end(type: string, previousEventId: number, { status, output, error, cause }: Ending, details: object = { error, cause }): void {
    if (this.status !== 'RUNNING') return;
    this.#stopTimer();
    this.#root.abandon();
    this.status = status;
    this.stopDate = this.account.clock.date();
    this.output = output;
    this.error = error;
    this.cause = cause;
    const told = output === undefined ? details : { output, outputDetails: notTruncated };
    this.history.add(type, previousEventId, told as Record<string, unknown>, { isLast: true });
    this.log('execution-ended', { name: this.name, status, error, cause, output: output && (JSON.parse(output) as unknown) });
    emitStatusChange(this);
    for (const listener of this.#listeners) listener();
    this.store.ended(this);
  }
}
