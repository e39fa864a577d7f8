import type { Topic } from '../../aws/topic.js';
import { waitingWithinLimit } from '../../core/notification/size-limit.js';
import { type WaitingInput, waitingMessageOf } from '../../core/notification/waiting-message.js';
import { waitingSubjectOf, waitingTextOf } from '../../core/notification/waiting-text.js';

/** Publishes that a release waits before a stage, and for what. Published twice, it has the same ID. */
export const publishWaiting = async ({ topic }: { readonly topic: Pick<Topic, 'publish'> }, input: WaitingInput): Promise<void> => {
  const message = waitingWithinLimit(waitingMessageOf(input));
  await topic.publish({
    subject: waitingSubjectOf(message),
    text: waitingTextOf(message),
    json: JSON.stringify(message),
    attributes: { outcome: 'WAITING', stage: message.stage, service: message.services.map(({ service }) => service) },
  });
};
