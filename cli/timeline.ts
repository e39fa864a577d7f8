import type { LogEntry } from '../emulator/event-log.js';
import type { States } from '../emulator/states/api.js';

/** One line of the timeline, made from the emulator's event log or from an execution's history. */
export type TimelineEntry = {
  readonly time: number;
  readonly who: string;
  readonly what: string;
  readonly detail: string;
  readonly body?: string;
};

type Detail = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));
const lastPart = (arn: unknown): string => text(arn).split(/[/:]/).at(-1) ?? '';
const revision = (arn: unknown): string => text(arn).split('/').at(-1) ?? '';
const short = (id: unknown): string => lastPart(id).slice(0, 8);
const machine = (name: unknown): string => text(name).replace(/^slipway-[^-]+-/, '');
const service = ({ cluster, service: name }: Detail): string => `${text(cluster)}/${text(name)}`;

/** `name`: which service an execution of the deployment machine is about, or which machine it is. */
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
  'states execution-ended': ({ status, output, error, cause }, who) => ({
    who,
    what: `execution ${text(status).toLowerCase()}`,
    detail: error === undefined ? sentenceOf(output) : `${text(error)}: ${text(cause)}`,
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

/** What a subscriber by mail reads of a message with a body for each protocol. */
const mailOf = (message: unknown): string => (JSON.parse(text(message)) as { default?: string }).default ?? '';

const sentenceOf = (output: unknown): string => {
  const value = typeof output === 'string' ? (JSON.parse(output) as unknown) : output;
  const { outcome, sentence } = (value ?? {}) as { outcome?: string; sentence?: string };
  return [outcome, sentence].filter(Boolean).join(': ');
};

/** Choices that read the word of a Task that looks. */
const answeredBy: Record<string, string> = { IsRegistered: 'RegisterRevision', WhatNow: 'CheckRollout' };

/** Choices and the like say nothing that the states around them do not. */
const isToldBy = ({ type }: Detail): boolean => type === 'Task' || type === 'Map';

/** Turns log entries into lines; what a look at the rollout found is read from the execution's history. */
export class Timeline {
  readonly #states: States;
  readonly #names = new Map<string, string>();

  constructor(states: States) {
    this.#states = states;
  }

  /** Undefined for what people need not see. */
  entryOf({ time, source, type, detail }: LogEntry): TimelineEntry | undefined {
    if (source === 'states' && type === 'state-entered' && !isToldBy(detail)) return this.#answer(time, detail);
    // Every service emits events; that no rule wants one is news only for a push.
    if (type === 'unmatched' && detail['detail-type'] !== 'ECR Image Action') return undefined;
    // What a look found is told when the machine has read it.
    if (detail.state === 'CheckRollout' || detail.state === 'RegisterRevision') return undefined;
    const make = entries[`${source} ${type}`];
    return make && { time, ...make(detail, this.#nameOf(detail)) };
  }

  /** The word that a Task answered, at the entry of the Choice that reads it. */
  #answer(time: number, detail: Detail): TimelineEntry | undefined {
    const task = answeredBy[text(detail.state)];
    if (task === undefined) return undefined;
    const exit = this.#states.history(text(detail.execution)).findLast((event) => event.stateExitedEventDetails?.name === task);
    if (!exit) return undefined;
    const word = text(exit.stateExitedEventDetails?.output).replaceAll('"', '');
    return { time, who: this.#nameOf(detail), what: task, detail: word };
  }

  #nameOf({ execution, machine: machineName, input }: Detail): string {
    const arn = text(execution);
    const known = this.#names.get(arn);
    if (known !== undefined) return known;
    const typed = (typeof input === 'string' ? JSON.parse(input) : input) as { service?: string } | undefined;
    const name = typed?.service === undefined ? machine(machineName) : typed.service;
    if (arn !== '') this.#names.set(arn, name);
    return name;
  }
}

const clock = (time: number): string => new Date(time).toISOString().slice(11, 19);

const margin = `\n${' '.repeat(28)}| `;

/** `09:00:05  production/web    UpdateService      …`, and a message's text below it. */
export const line = ({ time, who, what, detail, body }: TimelineEntry): string => {
  const head = `${clock(time)}  ${who.padEnd(17)} ${what.padEnd(22)} ${detail}`.trimEnd();
  return body === undefined ? head : `${head}${margin}${body.split('\n').join(margin)}`;
};
