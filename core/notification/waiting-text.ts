import { duration, moment } from '../result/moment.js';
import { cut } from './cut.js';
import { line, plain } from './plain-text.js';
import { secondsBetween } from './seconds-between.js';
import { pasteLines } from './to-paste.js';
import type { ClosedStage, Difference, Finding, PlannedTask, ServiceChange, WaitingMessage } from './waiting-message.js';
import { andMore, ignoredByHand, startedBy } from './wording.js';

/** What a release that waits needs: `WAITING for approval`. */
const headings = {
  request: 'WAITING for approval',
  reminder: 'WAITING for approval, a reminder',
  window: 'WAITING for its window',
  freeze: 'WAITING for the end of a freeze',
} as const;

export const headingOf = ({ waiting }: WaitingMessage): string => headings[waiting.kind === 'window' ? waiting.because : waiting.kind];

export const waitingTitleOf = ({ to, stage }: Pick<WaitingMessage, 'to' | 'stage'>): string => `${to || 'a release'} on ${stage}`;

/** The subject of a mail: under 100 characters, without line breaks or control characters (SNS API, Publish). */
export const waitingSubjectOf = (message: WaitingMessage): string => cut(plain(`${headingOf(message)}: ${waitingTitleOf(message)}`), 99);

/** What an approval does while the stage is closed. */
const whileClosed = (stage: string, { reason, opensAt, isSkipped }: ClosedStage): string => {
  const end = opensAt === undefined ? ', and does not open within 400 days' : ` until ${moment(opensAt)}`;
  return `${stage} is closed${end}, because ${reason}. Approved before then, the release ${isSkipped ? 'is skipped' : 'waits for that'}.`;
};

/** What happens at the end of the wait, and what an approval does not do at once. */
export const afterwards = ({ waiting, stage }: WaitingMessage): string => {
  if (waiting.kind !== 'window') {
    const { closed } = waiting;
    return `No answer is a no: then the release ends, and ${stage} does not change.${closed ? ` ${whileClosed(stage, closed)}` : ''}`;
  }
  const { reason, opensAt } = waiting;
  const because = reason ? `, and not now, because ${reason}` : '';
  if (opensAt !== undefined) return `Then the release ends, for it waits no longer. ${stage} opens at ${moment(opensAt)}${because}.`;
  return `${stage} begins then${because}.`;
};

/** Seconds from the message to the end of the wait. */
export const secondsLeft = ({ at, waiting: { until } }: WaitingMessage): number => secondsBetween(at, until);

/** `my-learn-app:main-6 (0f0f0f0f0f0f) → my-learn-app:main-7 (a1b2c3d4a1b2)` */
export const imagesOf = ({ from, to, isRunning }: Pick<ServiceChange, 'from' | 'to' | 'isRunning'>): string =>
  isRunning ? `runs ${to} already` : `${from || 'unknown'} → ${to}`;

export const differenceText = ({ path, before = '(none)', after = '(none)' }: Difference): string => `${path}: ${before} → ${after}`;

const plannedTaskText = (stage: string, { of, service, command }: PlannedTask): string =>
  of === 'stage' ? `before task of ${stage}, like ${service}: ${command}` : `before task of ${service}: ${command}`;

/** What will run before the services of the stage, a line each. */
export const plannedTaskTexts = ({ stage, plannedTasks }: Pick<WaitingMessage, 'stage' | 'plannedTasks'>): string[] => [
  ...(plannedTasks?.shown ?? []).map((task) => plannedTaskText(stage, task)),
  ...andMore(plannedTasks?.more ?? 0, 'before task'),
];

export const findingText = ({ severity, code, service, message }: Finding): string =>
  `${severity === 'block' ? 'refused' : 'warning'}, ${code}: ${service === undefined ? '' : `${service}: `}${message}`;

export const namesOfOperator = 'With --reason you say why, and with --by who does it.';

const ofService = (change: WaitingMessage['services'][number]): string[] => [
  `${change.service}: ${plain(imagesOf(change))}`,
  ...change.differences.map((difference) => `  ${plain(differenceText(difference))}`),
  ...andMore(change.more, 'difference').map((rest) => `  ${rest}`),
  ...(change.consoleUrl ? [`  ${change.consoleUrl}`] : []),
];

/** Renders the notification of a release that waits as the plain text of a mail. */
export const waitingTextOf = (message: WaitingMessage): string => {
  const { waiting, to, digest, commit = '', sourceUrl = '', trigger, passed, account, region, services, unlisted = 0 } = message;
  return [
    `${headingOf(message)}: ${plain(waitingTitleOf(message))}`,
    plain(afterwards(message)),
    '',
    ...line('until', `${moment(waiting.until)}, in ${duration(secondsLeft(message))}`),
    ...line('image', to),
    ...line('digest', digest),
    ...line('commit', [commit, sourceUrl].filter(Boolean).join(' of ')),
    ...line('started', startedBy(trigger)),
    ...line('ignored', ignoredByHand(message)),
    ...line('passed', passed.join(', ')),
    ...line('account', `${account} in ${region}`),
    '',
    ...plannedTaskTexts(message).map(plain),
    ...services.flatMap(ofService),
    ...andMore(unlisted, 'service'),
    ...message.findings.map((finding) => plain(findingText(finding))),
    '',
    ...pasteLines(message.asks.map(({ input, line }) => ({ to: `${input.command} it`, line }))),
    namesOfOperator,
    '',
    ...(message.consoleUrl ? [`execution: ${message.consoleUrl}`] : []),
    `id: ${message.id}`,
  ].join('\n');
};
