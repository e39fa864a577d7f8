import type { Topic } from '../../aws/topic.js';
import { commandMessageOf, type ReportedCommand } from '../../core/notification/command-message.js';
import { subjectOf, textOf } from '../../core/notification/text.js';

/** Publishes who asked for what, and why. A command that is repeated is reported again. */
export const reportCommand = async (
  { topic }: { readonly topic: Pick<Topic, 'publish' | 'arn'> },
  command: ReportedCommand,
): Promise<void> => {
  const message = commandMessageOf(topic.arn, command);
  await topic.publish({
    subject: subjectOf(message),
    text: textOf(message),
    json: JSON.stringify(message),
    attributes: {
      outcome: command.result.outcome,
      stage: message.stage,
      service: 'service' in command && command.service !== '*' ? [command.service] : [],
    },
  });
};
