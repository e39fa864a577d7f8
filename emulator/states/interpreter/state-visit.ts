import type { Block, Retrier, State } from '../definition/definition.js';
import type { Template } from '../definition/template.js';
import { Document } from './document.js';
import { evaluateTemplate, QueryEvaluationError } from './evaluate-template.js';
import { StateFailure } from './failure.js';
import type { Frame } from './frame.js';
import { notTruncated } from './history.js';

/** Bindings that exist only at the end of a state. */
type LateBindings = { readonly result?: unknown; readonly errorOutput?: unknown };

/** How a state is left. */
export type Exit = {
  readonly next: string | undefined;
  readonly output: Document;
  readonly assigned: Readonly<Record<string, unknown>> | undefined;
};

type Data = { readonly output: Template | undefined; readonly assign: Template | undefined };

type JsonTypes = { array: unknown[]; boolean: boolean; number: number; string: string };

const jsonTypeOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};

/** Runs a block inside a frame. The interpreter passes it to states that contain blocks, which it imports itself. */
export type RunBlock = (frame: Frame, block: Block, input: Document) => Promise<Document>;

/** One stay of a frame in a state, from entry to exit, with everything that the state's expressions may read. */
export class StateVisit<S extends State = State> {
  readonly frame: Frame;
  readonly state: S;
  readonly input: Document;
  readonly enteredTime: string;
  readonly enteredEventId: number;
  /** How often each retrier was used in this visit. */
  readonly retries = new Map<Retrier, number>();
  retryCount = 0;
  token: string | undefined;

  constructor(frame: Frame, state: S, input: Document) {
    this.frame = frame;
    this.state = state;
    this.input = input;
    this.enteredTime = frame.execution.account.clock.date().toISOString();
    this.enteredEventId = frame.record(`${state.type}StateEntered`, { name: state.name, input: input.json, inputDetails: notTruncated });
  }

  #context(map: object | undefined): object {
    const { Execution, StateMachine } = this.frame.execution.context;
    return {
      Execution,
      State: { EnteredTime: this.enteredTime, Name: this.state.name, RetryCount: this.retryCount },
      StateMachine,
      ...(map && { Map: map }),
      ...(this.token !== undefined && { Task: { Token: this.token } }),
    };
  }

  /** A cause as AWS words it: with the state, and with the event of its entry. */
  cause(text: string): string {
    return `An error occurred while executing the state '${this.state.name}' (entered at the event id #${this.enteredEventId}). ${text}`;
  }

  /** Evaluates one field. Rejects with StateFailure, or with the signal's reason when the frame was aborted meanwhile. */
  async evaluate(template: Template, late: LateBindings = {}, map = this.frame.map): Promise<unknown> {
    if (template.kind === 'literal') return template.value;
    const bindings = Object.create(this.frame.variables) as Record<string, unknown>;
    bindings.states = { input: this.input.value, ...late, context: this.#context(map) };
    try {
      const value = await evaluateTemplate(template, bindings);
      this.frame.signal.throwIfAborted();
      return value;
    } catch (error) {
      this.frame.signal.throwIfAborted();
      if (error instanceof QueryEvaluationError) throw this.evaluationFailed(error.cause ?? '', error.location);
      throw error;
    }
  }

  /** Evaluates a field that has to be of one JSON type. */
  async expect<Name extends keyof JsonTypes>(template: Template, field: string, expected: Name): Promise<JsonTypes[Name]> {
    const value = await this.evaluate(template);
    const actual = jsonTypeOf(value);
    if (actual === expected) return value as JsonTypes[Name];
    const [location, what] =
      template.kind === 'expression' ? [template.location, `JSONata expression '${template.text}'`] : [field, 'value'];
    const text = `The ${what} specified for the field '${location}' returned an unexpected result type. Expected '${expected}', but was '${actual}' for value: ${JSON.stringify(value)}`;
    throw this.evaluationFailed(text, location);
  }

  /** The same for a whole number within a range. How AWS words a number outside of it is not recorded. */
  async expectInteger(template: Template, field: string, { low, high }: { low: number; high: number }): Promise<number> {
    const value = await this.expect(template, field, 'number');
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw this.evaluationFailed(`The ${field} field must be a whole number from ${low} to ${high} but was: ${value}`, field);
  }

  /** Adds the event of a field that has no usable value. */
  evaluationFailed(text: string, location?: string): StateFailure {
    const { history } = this.frame.execution;
    const failure = new StateFailure('States.QueryEvaluationError', this.cause(text));
    // AWS links this event to the one before the last, not to the last.
    const previous = history.events[this.frame.lastEventId - 1]?.previousEventId ?? 0;
    this.frame.lastEventId = history.add('EvaluationFailed', previous, {
      cause: failure.cause,
      error: failure.error,
      location,
      state: this.state.name,
    });
    return failure;
  }

  /** Evaluates Assign and Output, both with the variables that the state began with; the next state sees the new ones. */
  async exit({ assign, output }: Data, next: string | undefined, otherwise: Document, late?: LateBindings): Promise<Exit> {
    const assigned = assign && ((await this.evaluate(assign, late)) as Record<string, unknown>);
    const document = output ? new Document(await this.evaluate(output, late)) : otherwise;
    if (assigned) new Document(assigned).checked(this.state.name);
    return { next, output: document.checked(this.state.name), assigned };
  }
}
