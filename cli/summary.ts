import type { LogEntry } from '../emulator/event-log.js';
import type { States } from '../emulator/states/api.js';
import { executionResult } from './execution-result.js';
import { mailOf } from './mail.js';
import type { Terminal } from './terminal.js';
import { pad, wrap } from './wrap.js';

type Detail = Readonly<Record<string, unknown>>;

/** One line of a deployment's story: whose it is (a service, or an AWS service), and what happened. */
export type SummaryLine = { readonly who: string; readonly what: string; readonly outcome?: string; readonly body?: string };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** A before task has the name of its service in `startedBy`; another task without a service has its family in `group`. */
const serviceOf = ({ cluster, service, startedBy, group }: Detail): string =>
  `${text(cluster)}/${text(service) || (/-before\/(.+)$/.exec(text(startedBy))?.[1] ?? text(group))}`;
const taskOf = ({ startedBy }: Detail): string => (text(startedBy).includes('-before/') ? 'before task' : 'task');
const revisionOf = ({ taskDefinition }: Detail): string => text(taskDefinition).split('/').at(-1) ?? '';

/** ` (exit 1)`: of the first container that has one. */
const exitOf = ({ exitCodes }: Detail): string => {
  const code = Object.values((exitCodes ?? {}) as Record<string, unknown>).find((one) => one !== undefined);
  return code === undefined ? '' : ` (exit ${code})`;
};

type Input = {
  readonly service?: unknown;
  readonly resume?: unknown;
  readonly tag?: unknown;
  readonly digest?: unknown;
  readonly repository?: unknown;
  readonly rollback?: unknown;
  readonly detail?: { readonly 'image-tag'?: unknown } | null;
};

/** Which service an execution deploys, the release of which image it is, or what it rolls back. */
export const subjectOf = (machineArn: string, input: unknown): string => {
  const { service, resume, tag, digest, repository, rollback, detail } = (input ?? {}) as Input;
  const resumed = /^service#(\S+)/.exec(text(resume))?.[1];
  const image = text(tag) || text(detail?.['image-tag']) || text(digest).slice(7, 19) || 'no tag';
  if (rollback === true && text(service) === '') return `rollback of ${text(repository)}`;
  return text(service) || resumed || `${machineArn.split('-').at(-1)} of ${image}`;
};

const ecs = (what: (detail: Detail) => string | undefined) => (detail: Detail) => {
  const text = what(detail);
  return text === undefined ? undefined : { who: serviceOf(detail), what: text };
};

const ofExecution = ({ execution }: Detail, states: States, what: string): SummaryLine | undefined => {
  const found = states.executions().find(({ arn }) => arn === execution);
  return found && { who: subjectOf(found.machineArn, found.input), what };
};

const lines: Record<string, (detail: Detail, states: States) => SummaryLine | undefined> = {
  'ecr image-pushed': ({ repository, tag, digest }) => ({
    who: 'ECR',
    what: `${text(repository)}${tag === undefined ? ' without a tag' : `:${text(tag)}`} pushed (${text(digest).slice(7, 19)})`,
  }),
  'ecs service-updated': ecs((detail) => `service updated to ${revisionOf(detail)}`),
  // Tasks without a service. Their `task-stopped` comes when the network interface is gone, and says nothing more: not shown.
  'ecs run-started': ecs((detail) => `${taskOf(detail)} started: ${revisionOf(detail)}`),
  'ecs run-ended': ecs((detail) => `${taskOf(detail)} ended${exitOf(detail)}`),
  // ECS stops the tasks of the previous revision with this reason: not shown.
  'ecs task-stopped': ecs((detail) =>
    detail.service === undefined || text(detail.stoppedReason).startsWith('Scaling activity')
      ? undefined
      : `task stopped: ${text(detail.stoppedReason)}${detail.exitCode === undefined ? '' : ` (exit ${detail.exitCode})`}`,
  ),
  'ecs rollout-completed': ecs(() => 'rollout completed'),
  'ecs rollout-failed': ecs(({ reason }) => `rollout failed: ${text(reason)}`),
  'ecs rollback-completed': ecs(() => 'rollback completed'),
  'states task-submitted': (detail, states) =>
    detail.state === 'AcquireLease' ? ofExecution(detail, states, 'waits for another deployment') : undefined,
  // To ECS, Slipway is a user who stops a rollout: its event does not say who.
  'states state-entered': (detail, states) => (detail.state === 'RollBack' ? ofExecution(detail, states, 'Slipway rolls back') : undefined),
  'states execution-ended': ({ execution }, states) => {
    const ended = states.executions().find(({ arn }) => arn === execution);
    if (!ended) return undefined;
    const who = subjectOf(ended.machineArn, ended.input);
    // It has no result yet: the sweep closes its record, or another execution resumes its deployment.
    if (ended.status === 'ABORTED') return { who, what: 'execution aborted' };
    const { outcome, reason } = executionResult(states, ended);
    return { who, what: [outcome, reason].filter(Boolean).join(', '), outcome };
  },
  'sns published': ({ subject, message }) => ({
    who: 'SNS',
    what: text(subject),
    body: mailOf(message),
  }),
  'slack received': () => ({ who: 'Slack', what: 'message received' }),
};

/** What a reader has to see of an entry of the emulator's log; undefined for most of them. */
export const summaryOf = ({ source, type, detail }: LogEntry, states: States): SummaryLine | undefined =>
  lines[`${source} ${type}`]?.(detail, states);

/** Columns of `who`, unless a service has a longer name. */
const WHO_WIDTH = 20;

export const whoWidthOf = (services: readonly string[]): number => Math.max(WHO_WIDTH, ...services.map(({ length }) => length));

/** What a line gets at least, on however narrow a terminal. */
const LEAST_WIDTH = 30;

/** Green for what ended as it should, yellow for what changed nothing, red for the rest. */
export const paint = (colors: Terminal['colors'], outcome: string): ((text: string) => string) => {
  if (outcome === 'SUCCEEDED') return colors.green;
  return outcome === 'SKIPPED' || outcome === 'SUPERSEDED' ? colors.yellow : colors.red;
};

/** `09:00:05  production/web      rollout completed`, within the terminal's width. */
export const renderSummary = (
  time: number,
  { who, what, outcome, body }: SummaryLine,
  { colors, width }: Terminal,
  whoWidth = WHO_WIDTH,
): string => {
  const clock = new Date(time).toISOString().slice(11, 19);
  const subject = `  ${pad(who, whoWidth)} `;
  const indent = ' '.repeat(clock.length + subject.length);
  const wrapped = wrap(what, Math.max(width - indent.length, LEAST_WIDTH), '').replaceAll('\n', `\n${indent}`);
  const bar = colors.dim('  | ');
  const shown = (body?.split('\n') ?? []).map((line) => bar + wrap(line, width - 4, '    ').replaceAll('\n', `\n${bar}`));
  return [`${colors.dim(clock)}${subject}${outcome === undefined ? wrapped : paint(colors, outcome)(wrapped)}`, ...shown].join('\n');
};
