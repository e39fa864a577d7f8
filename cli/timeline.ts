import type { LogEntry } from '../emulator/event-log.js';
import type { States } from '../emulator/states/api.js';
import { executionResult } from './execution-result.js';
import { mailOf } from './mail.js';
import { pad } from './wrap.js';

/** One line of the timeline, made from the emulator's event log or from an execution's history. */
export type TimelineEntry = {
  readonly time: number;
  readonly who: string;
  readonly what: string;
  readonly detail: string;
  readonly body?: string;
};

type Detail = Readonly<Record<string, unknown>>;

/** Anything that an execution's input or an event may contain, as text. */
const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return String(value);
  }
};
const lastPart = (arn: unknown): string => text(arn).split(/[/:]/).at(-1) ?? '';
const revision = (arn: unknown): string => text(arn).split('/').at(-1) ?? '';
const short = (id: unknown): string => lastPart(id).slice(0, 8);
const machine = (name: unknown): string => text(name).replace(/^slipway-[^-]+-/, '');
/** A standalone task has a group in place of a service. */
const service = ({ cluster, service: name, group }: Detail): string => `${text(cluster)}/${text(name ?? group)}`;

/** `who` is the service that an execution of the deployment machine deploys, or else its machine. */
const entries: Record<string, (detail: Detail, who: string) => Omit<TimelineEntry, 'time'>> = {
  'ecr image-pushed': ({ repository, tag, digest }) => ({
    who: 'ECR',
    what: 'image pushed',
    detail: `${text(repository)}:${text(tag)} (${text(digest).slice(7, 19)})`,
  }),
  'events matched': ({ rule }) => ({ who: 'EventBridge', what: 'rule matched', detail: text(rule) }),
  'events unmatched': ({ detail }) => ({ who: 'EventBridge', what: 'no rule matched', detail: text(detail) }),
  'states execution-started': (_, who) => ({ who, what: 'execution started', detail: '' }),
  'states state-entered': ({ state }, who) => ({ who, what: text(state), detail: '' }),
  'states task-submitted': ({ state }, who) => ({ who, what: text(state), detail: 'waits' }),
  'states task-failed': ({ state, error }, who) => ({
    who,
    what: text(state),
    detail: (waiting.has(text(state)) && wakes[text(error)]) || `failed: ${text(error)}`,
  }),
  'ecs service-updated': (detail) => ({
    who: 'ECS',
    what: 'service updated',
    detail: `${service(detail)} to ${revision(detail.taskDefinition)}`,
  }),
  'ecs task-started': (detail) => ({
    who: 'ECS',
    what: 'task started',
    detail: `${service(detail)} ${revision(detail.taskDefinition)} task ${short(detail.task)}`,
  }),
  'ecs task-healthy': (detail) => ({
    who: 'ECS',
    what: 'task healthy',
    detail: `${service(detail)} ${revision(detail.taskDefinition)} task ${short(detail.task)}`,
  }),
  'ecs task-stopped': (detail) => ({
    who: 'ECS',
    what: 'task stopped',
    detail: `${service(detail)} ${revision(detail.taskDefinition)} task ${short(detail.task)}: ${text(detail.stoppedReason)}${detail.exitCode === undefined ? '' : ` (exit ${text(detail.exitCode)})`}`,
  }),
  'ecs rollout-started': (detail) => ({ who: 'ECS', what: 'rollout started', detail: service(detail) }),
  'ecs rollout-completed': (detail) => ({ who: 'ECS', what: 'rollout completed', detail: service(detail) }),
  'ecs rollout-failed': (detail) => ({ who: 'ECS', what: 'rollout failed', detail: `${service(detail)}: ${text(detail.reason)}` }),
  'ecs rollback-started': (detail) => ({ who: 'ECS', what: 'rollback started', detail: service(detail) }),
  'ecs rollback-completed': (detail) => ({ who: 'ECS', what: 'rollback completed', detail: service(detail) }),
  'sns published': ({ subject, message }) => ({ who: 'SNS', what: 'message published', detail: text(subject), body: mailOf(message) }),
  'slack received': ({ text: received }) => ({ who: 'Slack', what: 'message received', detail: text(received) }),
};

/** Tasks that may wait, by the Choice that reads their answer: that is shown, and every wait. */
const answeredBy: Record<string, string> = {
  IsLeaseGranted: 'AcquireLease',
  IsRegistered: 'RegisterRevision',
  IsRolloutComplete: 'WatchRollout',
  MayBegin: 'PassGates',
};
/** Those that no Choice follows answer by an error, unless they have succeeded. */
const waiting = new Set([...Object.values(answeredBy), 'RunBeforeTask', 'Verify']);

/** Errors that end a wait of such a Task: most often the state is entered again, and looks. */
const wakes: Record<string, string> = {
  Woken: 'woken',
  'States.Timeout': 'looks again',
  LookAgain: 'looks again',
  VerifyUrl: 'requests the URL',
  InvokeVerifier: 'invokes the verifier',
  VerificationFailed: 'not verified',
  Finish: 'finish',
};

/** Other states add nothing to the Tasks around them. */
const isShown = ({ type }: Detail): boolean => type === 'Task' || type === 'Map';

/** Rules of Slipway's own housekeeping; an execution that it starts is shown. */
const isHousekeeping = (rule: unknown): boolean => /-(sweep|sweep-schedule|reconcile)$/.test(text(rule));

/** Turns log entries into lines; the answer of a Task is read from the execution's history. */
export class Timeline {
  readonly #states: States;
  readonly #names = new Map<string, string>();

  constructor(states: States) {
    this.#states = states;
  }

  /** Undefined for entries that are not shown. */
  entryOf({ time, source, type, detail }: LogEntry): TimelineEntry | undefined {
    if (source === 'states' && type === 'state-entered' && !isShown(detail)) return this.#answer(time, detail);
    if (type === 'matched' && isHousekeeping(detail.rule)) return undefined;
    // Every service emits events; of those that no rule matches only pushes are shown.
    if (type === 'unmatched' && detail['detail-type'] !== 'ECR Image Action') return undefined;
    if (type === 'state-entered' && waiting.has(text(detail.state))) return undefined;
    // A task that runs an execution of another machine waits for it, too: that is shown itself.
    if (type === 'task-submitted' && !waiting.has(text(detail.state))) return undefined;
    if (source === 'states' && type === 'execution-ended') return { time, ...this.#ended(detail) };
    const make = entries[`${source} ${type}`];
    return make && { time, ...make(detail, this.#nameOf(detail)) };
  }

  /** The answer of a Task, at the entry of the Choice that reads it. */
  #answer(time: number, detail: Detail): TimelineEntry | undefined {
    const task = answeredBy[text(detail.state)];
    if (task === undefined) return undefined;
    const exit = this.#states.history(text(detail.execution)).findLast((event) => event.stateExitedEventDetails?.name === task);
    if (!exit) return undefined;
    const word = text(exit.stateExitedEventDetails?.output).replaceAll('"', '');
    if (word === 'wait') return undefined;
    return { time, who: this.#nameOf(detail), what: task, detail: word };
  }

  #ended(detail: Detail): Omit<TimelineEntry, 'time'> {
    const ended = this.#states.executions().find(({ arn }) => arn === detail.execution);
    const { outcome = '', message = '' } = ended ? executionResult(this.#states, ended) : {};
    return { who: this.#nameOf(detail), what: `execution ${text(detail.status).toLowerCase()}`, detail: `${outcome}: ${message}` };
  }

  #nameOf({ execution, machine: machineName, input }: Detail): string {
    const arn = text(execution);
    const known = this.#names.get(arn);
    if (known !== undefined) return known;
    const named = (input as { service?: unknown } | null | undefined)?.service;
    const name = typeof named === 'string' ? named : machine(machineName);
    if (arn !== '') this.#names.set(arn, name);
    return name;
  }
}

const clock = (time: number): string => new Date(time).toISOString().slice(11, 19);

const margin = `\n${' '.repeat(28)}| `;

/** `09:00:05  production/web    UpdateService      …`, and the text of a message below it. */
export const line = ({ time, who, what, detail, body }: TimelineEntry, whoWidth: number): string => {
  const head = `${clock(time)}  ${pad(who, whoWidth)} ${what.padEnd(22)} ${detail}`.trimEnd();
  return body === undefined ? head : `${head}${margin}${body.split('\n').join(margin)}`;
};
