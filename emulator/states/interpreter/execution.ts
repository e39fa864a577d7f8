import type { Account } from '../../account.js';
import type { Caller } from '../../caller.js';
import type { ExecutionStatus } from '../api.js';
import type { Definition } from '../definition/definition.js';
import type { Machine } from '../machine.js';
import type { Document } from './document.js';
import type { ExecutionScope, ExecutionStore } from './execution-scope.js';
import { StateFailure } from './failure.js';
import { Frame } from './frame.js';
import { History, notTruncated } from './history.js';
import { runBlock } from './interpreter.js';
import { statusChangeEvent } from './status-change.js';

type End = {
  readonly status: ExecutionStatus;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
};

/** One execution of a machine, with the definition and the role that the machine had when it started. */
export class Execution implements ExecutionScope {
  readonly arn: string;
  readonly name: string;
  readonly machine: Machine;
  readonly definition: Definition;
  readonly roleArn: string;
  readonly machineUpdateDate: Date;
  readonly machineRevisionId: string | undefined;
  readonly input: Document;
  readonly startDate: Date;
  readonly store: ExecutionStore;
  readonly history: History;
  readonly context: { readonly Execution: object; readonly StateMachine: object };
  transitions = 0;
  status: ExecutionStatus = 'RUNNING';
  stopDate: Date | undefined;
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  #root: Frame;
  #listeners: (() => void)[] = [];

  constructor(store: ExecutionStore, machine: Machine, { arn, name, input }: { arn: string; name: string; input: Document }) {
    const { clock } = store.account;
    this.arn = arn;
    this.name = name;
    this.machine = machine;
    this.definition = machine.definition;
    this.roleArn = machine.roleArn;
    this.machineUpdateDate = machine.updateDate;
    this.machineRevisionId = machine.revisionId;
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
    this.#root = new Frame(this);
  }

  get account(): Account {
    return this.store.account;
  }

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
    this.account.services.events.emit(statusChangeEvent(this));
    const { timeoutSeconds } = this.definition;
    if (timeoutSeconds !== undefined) {
      clock.after(timeoutSeconds * 1000, () => this.#timeOut(), { signal: this.#root.signal });
    }
    clock.after(0, () => this.#run());
  }

  /** StopExecution. */
  abort(error: string | undefined, cause: string | undefined): void {
    this.#end('ExecutionAborted', 0, { status: 'ABORTED', error, cause });
  }

  /** Calls the listener when the execution ends; never when it has ended before. */
  whenEnded(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async #run(): Promise<void> {
    try {
      const output = await runBlock(this.#root, this.definition, this.input);
      this.#end('ExecutionSucceeded', this.#root.lastEventId, { status: 'SUCCEEDED', output: output.json });
    } catch (error) {
      if (this.#root.signal.aborted && error === this.#root.signal.reason) return;
      if (!(error instanceof StateFailure)) {
        this.#fail(new StateFailure('States.Runtime', String(error)));
        // JSON that is nested too deeply for the stack. Anything else is a bug of the emulator: Clock.run rejects with it.
        if (error instanceof RangeError) return;
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

  #end(type: string, previousEventId: number, { status, output, error, cause }: End, details: object = { error, cause }): void {
    if (this.status !== 'RUNNING') return;
    this.#root.abort();
    this.status = status;
    this.stopDate = this.account.clock.date();
    this.output = output;
    this.error = error;
    this.cause = cause;
    const eventDetails = output === undefined ? details : { output, outputDetails: notTruncated };
    this.history.add(type, previousEventId, eventDetails as Record<string, unknown>, { isLast: true });
    this.log('execution-ended', { name: this.name, status, error, cause, output: output && (JSON.parse(output) as unknown) });
    this.account.services.events.emit(statusChangeEvent(this));
    for (const listener of this.#listeners) listener();
  }
}
