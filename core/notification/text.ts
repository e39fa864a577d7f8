import { duration } from '../result/moment.js';
import { nextStep } from '../result/runbook.js';
import type { BeforeTaskReport } from './before-task-report.js';
import { cut } from './cut.js';
import { byNeed, lastResultOf } from './last-result.js';
import type { Message, ServiceReport } from './message.js';
import { isPasteable, line, plain } from './plain-text.js';
import { pasteLines } from './to-paste.js';
import {
  andMore,
  approvalText,
  beforeTaskText,
  durationText,
  headlineOf,
  ignoredByHand,
  isNotBegun,
  meaningOf,
  meaningOfResult,
  messagesOf,
  notBegunText,
  operatorText,
  remarksOf,
  startedBy,
  titleOf,
  verificationTexts,
} from './wording.js';

/** The subject of a mail: under 100 characters, without line breaks or control characters (SNS API, Publish). */
export const subjectOf = (message: Message): string =>
  cut(plain(message.command ? `${titleOf(message)}: ${meaningOf(message)}` : headlineOf(message)), 99);

const endOf = ({ result, durationSeconds, beforeTask }: Pick<ServiceReport, 'result' | 'durationSeconds' | 'beforeTask'>): string =>
  `${meaningOfResult(result, beforeTask && true)} (${result.reason}), after ${duration(durationSeconds)}`;

const lastLines = (container: string, lines: readonly string[]): string[] => [
  `  last lines of ${plain(container)}:`,
  ...lines.map((text) => `    ${plain(text)}`),
];

const ofBeforeTask = (report: BeforeTaskReport, stage?: string): string[] => {
  const { container, log, commands } = report;
  return [
    plain(beforeTaskText(report, stage)),
    ...(log.length > 0 ? lastLines(container, log) : []),
    ...commands.filter(isPasteable).map((command) => `  ${command}`),
  ];
};

const ofService = (report: ServiceReport): string[] => {
  const { service, undo, from, revision, beforeTask, failures, logs, events, warnings = [], consoleUrl } = report;
  const advice = nextStep(lastResultOf(report));
  return [
    `${service}: ${endOf(report)}${undo ? `; then ${endOf(undo)}` : ''}`,
    ...messagesOf(report).map((message) => `  ${plain(message)}`),
    ...(advice ? [`  to do: ${advice}`] : []),
    ...(from ? [`  before: ${plain(from)}`] : []),
    ...(revision ? [`  revision: ${plain(revision)}`] : []),
    ...(beforeTask ? ofBeforeTask(beforeTask).map((text) => `  ${text}`) : []),
    ...verificationTexts(report).map((text) => `  ${plain(text)}`),
    ...failures.map(({ count, description: failure }) => `  ${count} × ${plain(failure)}`),
    ...(logs ? lastLines(logs.container, logs.lines) : []),
    ...events.map((event) => `  ECS: ${plain(event)}`),
    ...warnings.map((warning) => `  ${plain(warning)}`),
    ...(consoleUrl ? [`  ${consoleUrl}`] : []),
  ];
};

/** Renders a notification as the plain text of a mail. */
export const textOf = (message: Message): string => {
  const {
    result,
    account,
    region,
    trigger,
    commit = '',
    sourceUrl = '',
    approvals = [],
    beforeTasks = [],
    services,
    unlisted = 0,
    lines = [],
  } = message;
  const end = [...remarksOf(message), notBegunText(services), ...andMore(unlisted, 'service')].filter(Boolean);
  return [
    `${plain(titleOf(message))}: ${meaningOf(message)}`,
    ...(result.message ? [plain(result.message)] : []),
    '',
    ...line('outcome', `${result.outcome}, ${result.reason}`),
    ...line('to do', nextStep(result)),
    ...line('image', message.to),
    ...line('commit', [commit, sourceUrl].filter(Boolean).join(' of ')),
    ...(message.command && trigger?.kind === 'hand' ? line('by', operatorText(trigger)) : line('started', startedBy(trigger))),
    ...line('ignored', ignoredByHand(message)),
    ...approvals.flatMap((approval) => line('approved', approvalText(approval))),
    ...(message.command ? [] : line('took', durationText(message))),
    ...line('account', `${account} in ${region}`),
    '',
    ...beforeTasks.flatMap(({ stage, beforeTask }) => [...ofBeforeTask(beforeTask, stage), '']),
    ...services
      .filter((service) => !isNotBegun(service))
      .toSorted(byNeed)
      .flatMap((service) => [...ofService(service), '']),
    ...(end.length > 0 ? [...end.map(plain), ''] : []),
    ...pasteLines(lines),
    ...(message.consoleUrl ? [`${message.command ? 'console' : 'execution'}: ${message.consoleUrl}`] : []),
    `id: ${message.id}`,
  ].join('\n');
};
