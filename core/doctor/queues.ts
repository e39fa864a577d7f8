import { aws, deployStack, type Where } from './commands.js';
import type { QueueFacts, Read } from './facts.js';
import { type Found, found, notChecked } from './finding.js';
import * as messages from './messages.js';

/** A queue of messages that nothing could process, by its URL. */
export const deadLetterFindings = (where: Where, url: string, read: Read<QueueFacts | undefined>): Found[] => {
  const name = url.slice(url.lastIndexOf('/') + 1);
  if ('unread' in read) return [notChecked(name, read.unread)];
  const queue = read.value;
  if (!queue) return [found('QUEUE_MISSING', 'error', name, messages.resourceMissing(), { command: deployStack(where) })];
  if (queue.messages === 0) return [];
  const command = aws(where, 'sqs', 'receive-message', '--queue-url', url, '--message-attribute-names', 'All', '--visibility-timeout', '0');
  const { severity, advice } = name.endsWith('-undelivered-pushes')
    ? { severity: 'error' as const, advice: messages.undeliveredPushes(queue.messages) }
    : { severity: 'warning' as const, advice: messages.deadLetters(queue.messages) };
  return [found('DEAD_LETTERS', severity, name, advice, { command, explains: [name] })];
};
