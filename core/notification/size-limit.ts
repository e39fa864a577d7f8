import type { Message } from './message.js';

/**
 * Characters of a message as JSON. SNS takes 262,144 bytes, in which it stands twice (as text and as JSON), each
 * character of up to three bytes.
 */
const characterLimit = 40_000;

/** Only so many services keep their details; the others keep their line. */
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

/** A message that SNS takes, whatever was found: a refused publish would leave people in the dark. */
export const withinLimit = (message: Message): Message => {
  const isShort = (one: Message): boolean => JSON.stringify(one).length <= characterLimit;
  if (isShort(message)) return message;
  const bare = detailed(message, 0);
  return (
    [10, 5, 3, 1].map((most) => detailed(message, most)).find(isShort) ??
    (isShort(bare) ? bare : { ...bare, services: bare.services.slice(0, 20) })
  );
};
