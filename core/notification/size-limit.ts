import type { StageBeforeTask } from './before-task-report.js';
import { cut } from './cut.js';
import { byNeed } from './last-result.js';
import type { Message, ServiceReport } from './message.js';
import { textOf } from './text.js';
import type { ServiceChange, WaitingMessage } from './waiting-message.js';
import { waitingTextOf } from './waiting-text.js';

/**
 * Bytes of a notification. SNS accepts 262,144 with its attributes (SNS API, MessageAttributeValue); it is in them
 * twice, as text and as JSON, and one attribute names its services.
 */
const byteLimit = 240_000;

type Named = readonly { readonly service: string }[];

type Content = { readonly services: Named; readonly beforeTasks?: Named };

/** The services that a notification names, in an attribute by which subscribers filter. */
export const servicesNamed = ({ services, beforeTasks = [] }: Content): string[] => [
  ...new Set([...services, ...beforeTasks].map(({ service }) => service)),
];

const isAccepted = <Form extends Content>(content: Form, textOf: (content: Form) => string): boolean => {
  const json = JSON.stringify(content);
  // The text of what is far too long is not rendered.
  if (json.length > byteLimit) return false;
  const names = JSON.stringify(servicesNamed(content));
  return Buffer.byteLength(JSON.stringify({ default: textOf(content), sqs: json })) + Buffer.byteLength(names) <= byteLimit;
};

const shortText = (text: string, limit: number): string => (text.length <= limit ? text : `${cut(text, limit - 1)}…`);

const hasDetails = ({ logs, beforeTask, verification, failures, events, warnings = [] }: ServiceReport): boolean =>
  logs !== undefined ||
  beforeTask !== undefined ||
  verification !== undefined ||
  [failures, events, warnings].some(({ length }) => length > 0);

const shortEnd = <End extends Pick<ServiceReport, 'result'>>(end: End, limit: number): End => ({
  ...end,
  result: { ...end.result, message: shortText(end.result.message, limit) },
});

/** Result and image alone, with so many characters of each text. */
const withoutDetails = (
  { logs: _, beforeTask: _task, verification: _verification, warnings: _warnings, ...report }: ServiceReport,
  limit: number,
): ServiceReport => ({
  ...shortEnd(report, limit),
  from: shortText(report.from, limit),
  ...(report.revision !== undefined && { revision: shortText(report.revision, limit) }),
  ...(report.undo && { undo: shortEnd(report.undo, limit) }),
  failures: [],
  events: [],
});

/** The services that need an operator most, without details, and every text of the release shortened: the least that is published. */
const least = (message: Message): Message => {
  const { services, to, approvals, passedOver, warnings, beforeTasks } = message;
  return {
    ...shortEnd(message, 2000),
    to: shortText(to, 600),
    ...(approvals && {
      approvals: approvals.slice(0, 20).map((one) => ({ ...one, ...(one.reason && { reason: shortText(one.reason, 150) }) })),
    }),
    ...(passedOver && { passedOver: passedOver.slice(0, 20).map((one) => ({ ...one, message: shortText(one.message, 150) })) }),
    ...(warnings && { warnings: warnings.slice(0, 20).map((warning) => shortText(warning, 150)) }),
    ...(beforeTasks && { beforeTasks: beforeTasks.slice(-leastServices).map(shortBeforeTask) }),
    services: services
      .toSorted(byNeed)
      .slice(0, leastServices)
      .map((report) => withoutDetails(report, 150)),
    ...(services.length > leastServices && { unlisted: services.length - leastServices }),
  };
};

const leastServices = 20;

const shortBeforeTask = ({ beforeTask, ...of }: StageBeforeTask): StageBeforeTask => ({
  ...of,
  beforeTask: { ...beforeTask, command: shortText(beforeTask.command, 150), log: [], commands: [] },
});

/** The first of several forms of a notification, ever shorter, that SNS accepts: a refused publish would lose it. */
const firstShort = <Form extends Content>(forms: readonly (() => Form)[], last: () => Form, textOf: (form: Form) => string): Form => {
  for (const form of forms) {
    const made = form();
    if (isAccepted(made, textOf)) return made;
  }
  return last();
};

/** Shortens a notification until SNS accepts it: the services that need an operator most keep their details longest. */
export const withinLimit = (message: Message): Message => {
  if (isAccepted(message, textOf)) return message;
  const { services } = message;
  const short = services.map((report) => withoutDetails(report, 300));
  const places = services.flatMap((report, place) => (hasDetails(report) ? [{ report, place }] : []));
  const neediest = places.toSorted((one, other) => byNeed(one.report, other.report)).map(({ place }) => place);
  const detailed = (most: number): Message => {
    const chosen = new Set(neediest.slice(0, most));
    return { ...message, services: services.map((report, place) => (chosen.has(place) ? report : (short[place] ?? report))) };
  };
  const brief = (): Message => ({ ...message, services: short.map((report) => withoutDetails(report, 80)) });
  return firstShort([...[20, 10, 5, 3, 1, 0].map((most) => () => detailed(most)), brief], () => least(message), textOf);
};

const withFewer = (change: ServiceChange, most: number): ServiceChange => ({
  ...change,
  differences: change.differences.slice(0, most).map(({ path, before, after }) => ({
    path: shortText(path, 200),
    ...(before !== undefined && { before: shortText(before, 200) }),
    ...(after !== undefined && { after: shortText(after, 200) }),
  })),
  more: change.more + Math.max(0, change.differences.length - most),
});

/** Shortens the notification of a release that waits until SNS accepts it. */
export const waitingWithinLimit = (message: WaitingMessage): WaitingMessage => {
  const { services, findings } = message;
  const fewer = (most: number, shown = services.length): WaitingMessage => ({
    ...message,
    services: services.slice(0, shown).map((service) => ({ ...service, ...withFewer(service, most) })),
    ...(shown < services.length && { unlisted: services.length - shown }),
  });
  const last = (): WaitingMessage => ({
    ...fewer(0, leastServices),
    findings: findings.slice(0, leastServices).map((finding) => ({ ...finding, message: shortText(finding.message, 300) })),
  });
  return firstShort([() => message, ...[20, 5, 1, 0].map((most) => () => fewer(most))], last, waitingTextOf);
};
