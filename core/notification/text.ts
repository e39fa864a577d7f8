import { nextStep } from '../result/runbook.js';
import { cut } from './cut.js';
import type { Message, ServiceReport } from './message.js';
import { line, plain } from './plain-text.js';
import { duration, headlineOf, meaningOf, meaningOfResult, startedBy, titleOf } from './wording.js';

/** The subject of a mail: under 100 characters, without line breaks or control characters (SNS API, Publish). */
export const subjectOf = (message: Message): string =>
  cut(plain(message.command ? `${titleOf(message)}: ${meaningOf(message)}` : headlineOf(message)), 99);

const ofService = ({
  service,
  result,
  from,
  revision,
  durationSeconds,
  failures,
  logs,
  events,
  warnings = [],
  consoleUrl,
}: ServiceReport): string[] => [
  `${service}: ${meaningOfResult(result)} (${result.reason}), after ${duration(durationSeconds)}`,
  ...(result.message ? [`  ${plain(result.message)}`] : []),
  ...(nextStep(result) ? [`  to do: ${nextStep(result)}`] : []),
  ...(from ? [`  before: ${plain(from)}`] : []),
  ...(revision ? [`  revision: ${plain(revision)}`] : []),
  ...failures.map(({ count, description: failure }) => `  ${count} × ${plain(failure)}`),
  ...(logs ? [`  last lines of ${plain(logs.container)}:`, ...logs.lines.map((text) => `    ${plain(text)}`)] : []),
  ...events.map((event) => `  ECS: ${plain(event)}`),
  ...warnings.map((warning) => `  ${plain(warning)}`),
  ...(consoleUrl ? [`  ${consoleUrl}`] : []),
];

/** Renders a notification as the plain text of a mail. */
export const textOf = (message: Message): string => {
  const { result, account, region, trigger, commit = '', sourceUrl = '', durationSeconds, services } = message;
  return [
    `${plain(titleOf(message))}: ${meaningOf(message)}`,
    ...(result.message ? [plain(result.message)] : []),
    '',
    ...line('outcome', `${result.outcome}, ${result.reason}`),
    ...line('to do', nextStep(result)),
    ...line('image', message.to),
    ...line('commit', [commit, sourceUrl].filter(Boolean).join(' of ')),
    ...line('started', startedBy(trigger)),
    ...(message.command ? [] : line('took', duration(durationSeconds))),
    ...line('account', `${account} in ${region}`),
    '',
    ...services.flatMap((service) => [...ofService(service), '']),
    ...(message.consoleUrl ? [`${message.command ? 'console' : 'execution'}: ${message.consoleUrl}`] : []),
    `id: ${message.id}`,
  ].join('\n');
};
