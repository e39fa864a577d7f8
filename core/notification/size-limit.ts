import type { Message } from './message.js';

/**
 * Characters of a notification as JSON. SNS accepts 262,144 bytes (SNS API, Publish); the notification is in them twice, as text and
 * as JSON, with up to three bytes a character.
 */
const characterLimit = 40_000;

/** Keeps the details of the first `most` services that have some; the others keep their result. */
const detailed = (message: Message, most: number): Message => {
  let left = most;
  return {
    ...message,
    services: message.services.map((report) => {
      const hasDetails =
        report.logs !== undefined || [report.failures, report.events, report.warnings ?? []].some(({ length }) => length > 0);
      if (!hasDetails || left-- > 0) return report;
      const { logs: _, warnings: __, ...line } = report;
      return { ...line, failures: [], events: [], result: { ...line.result, message: line.result.message.slice(0, 300) } };
    }),
  };
};

/** Shortens a notification until SNS accepts it: a refused publish would lose it. */
export const withinLimit = (message: Message): Message => {
  const isShort = (one: Message): boolean => JSON.stringify(one).length <= characterLimit;
  if (isShort(message)) return message;
  const bare = detailed(message, 0);
  return (
    [10, 5, 3, 1].map((most) => detailed(message, most)).find(isShort) ??
    (isShort(bare) ? bare : { ...bare, services: bare.services.slice(0, 20) })
  );
};
