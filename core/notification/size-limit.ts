import { cut } from './cut.js';
import type { Message, ServiceReport } from './message.js';

/**
 * Characters of a notification as JSON. SNS accepts 262,144 bytes (SNS API, Publish); the notification is in them twice, as text and
 * as JSON, with up to three bytes a character.
 */
const characterLimit = 40_000;

const hasDetails = ({ logs, failures, events, warnings = [] }: ServiceReport): boolean =>
  logs !== undefined || [failures, events, warnings].some(({ length }) => length > 0);

/** Result and image alone. */
const withoutDetails = ({ logs: _, warnings: __, ...report }: ServiceReport): ServiceReport => ({
  ...report,
  from: cut(report.from, 300),
  ...(report.revision !== undefined && { revision: cut(report.revision, 300) }),
  failures: [],
  events: [],
  result: { ...report.result, message: cut(report.result.message, 300) },
});

/** Keeps the details of the first `most` services that have some. */
const detailed = (message: Message, most: number): Message => {
  let left = most;
  return { ...message, services: message.services.map((report) => (hasDetails(report) && left-- > 0 ? report : withoutDetails(report))) };
};

/** The first services without details, and every text of the release shortened: the least that is published. */
const least = (message: Message): Message => ({
  ...message,
  result: { ...message.result, message: cut(message.result.message, 2000) },
  to: cut(message.to, 600),
  services: message.services.slice(0, 20).map(withoutDetails),
});

/** Shortens a notification until SNS accepts it: a refused publish would lose it. */
export const withinLimit = (message: Message): Message => {
  const isShort = (one: Message): boolean => JSON.stringify(one).length <= characterLimit;
  if (isShort(message)) return message;
  return [10, 5, 3, 1, 0].map((most) => detailed(message, most)).find(isShort) ?? least(message);
};
