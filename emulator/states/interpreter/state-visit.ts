import type { Retrier, State } from '../definition/definition.js';
import { evaluateTemplate, QueryEvaluationError, type Template } from '../definition/template.js';
import { Document } from './document.js';
import { StateFailure } from './failure.js';
import type { Thread } from './frame.js';
import { notTruncated } from './history.js';

/** What is known only at the end of a state. */
type Late = { readonly result?: unknown; readonly errorOutput?: unknown };

/** How a state is left. */
export type Exit = {
  readonly next: string | undefined;
  readonly output: Document;
  readonly assigned: Readonly<Record<string, unknown>> | undefined;
};

type Data = { readonly output: Template | undefined; readonly assign: Template | undefined };

/** One visit of a thread to a state, with everything that the state's expressions may read. */
export class Turn<S extends State = State> {
  readonly thread: Thread;
  readonly state: S;
  readonly input: Document;
  readonly enteredTime: string;
  readonly enteredEventId: number;
  /** How often each retrier was used in this visit: each counts for itself. */
  readonly retries = new Map<Retrier, number>();
  retryCount = 0;
  token: string | undefined;

  constructor(thread: Thread, state: S, input: Document) {
    this.thread = thread;
    this.state = state;
    this.input = input;
    this.enteredTime = thread.execution.account.clock.date().toISOString();
    this.enteredEventId = thread.record(`${state.type}StateEntered`, { name: state.name, input: input.json, inputDetails: notTruncated });
  }

  #context(map: object | undefined): object {
    const { Execution, StateMachine } = this.thread.execution.context;
    return {
      Execution,
      State: { EnteredTime: this.enteredTime, Name: this.state.name, RetryCount: this.retryCount },
      StateMachine,
      ...(map && { Map: map }),
      ...(this.token !== undefined && { Task: { Token: this.token } }),
    };
  }

  /** A cause as AWS words it: with the state, and where the history tells of it. */
  cause(text: string): string {
    return `An error occurred while executing the state '${this.state.name}' (entered at the event id #${this.enteredEventId}). ${text}`;
  }

  /** Evaluates one field. Rejects with StateFailure, and with Abandoned when the thread has ended meanwhile. */
  async evaluate(template: Template, late: Late = {}, map = this.thread.map): Promise<unknown> {
    if (template.kind === 'literal') return template.value;
    const bindings = Object.create(this.thread.variables) as Record<string, unknown>;
    bindings.states = { input: this.input.value, ...late, context: this.#context(map) };
    try {
      const value = await evaluateTemplate(template, bindings);
      this.thread.checkLive();
      return value;
    } catch (error) {
      this.thread.checkLive();
      if (error instanceof QueryEvaluationError) throw this.#evaluationFailed(error.location, error.cause ?? '');
      throw error;
    }
  }

  /** Evaluates a field that has to be of one type, which is judged by `is`. */
  async expect<T>(template: Template, field: string, expected: string, is: (value: unknown) => value is T): Promise<T> {
    const value = await this.evaluate(template);
    if (is(value)) return value;
    const location = template.kind === 'expression' ? template.location : field;
    const what = template.kind === 'expression' ? `The JSONata expression '${template.text}'` : 'The value';
    const text = `${what} specified for the field '${location}' returned an unexpected result: expected ${expected}, got ${JSON.stringify(value)}.`;
    throw this.#evaluationFailed(location, text);
  }

  #evaluationFailed(location: string, text: string): StateFailure {
    const { history } = this.thread.execution;
    const failure = new StateFailure('States.QueryEvaluationError', this.cause(text));
    // AWS links this event to the one before the last, not to the last.
    const previous = history.events[this.thread.lastEventId - 1]?.previousEventId ?? 0;
    this.thread.lastEventId = history.add('EvaluationFailed', previous, {
      cause: failure.cause,
      error: failure.error,
      location,
      state: this.state.name,
    });
    return failure;
  }

  /** Assign and Output are both worked out from what the state began with; what they give is seen by the next state. */
  async exit({ assign, output }: Data, next: string | undefined, otherwise: Document, late?: Late): Promise<Exit> {
    const assigned = assign && ((await this.evaluate(assign, late)) as Record<string, unknown>);
    const document = output ? new Document(await this.evaluate(output, late)) : otherwise;
    if (assigned) new Document(assigned).checked(this.state.name);
    return { next, output: document.checked(this.state.name), assigned };
  }
}
