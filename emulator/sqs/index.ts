import type { Caller } from '../caller.js';
import type { EmulatedAccount } from '../emulated-account.js';
import { AwsError } from '../errors.js';
import { serviceCall } from '../service-call.js';
import type { MessageAttribute, Sqs } from './api.js';
import { changeMessageVisibility } from './change-message-visibility.js';
import { deleteMessage, deleteMessageBatch } from './delete-message.js';
import { ageOfOldest, countsOf } from './queue-attributes.js';
import { queueOperations } from './queue-operations.js';
import { Queues } from './queues.js';
import { receiveMessage } from './receive-message.js';
import { sendMessage } from './send-message.js';

/** Amazon SQS: standard queues with visibility timeouts, retention and dead letters. */
export const createSqs = (account: EmulatedAccount): Sqs => {
  const queues = new Queues(account);
  account.add([
    sendMessage(queues),
    receiveMessage(queues),
    deleteMessage(queues),
    deleteMessageBatch(queues),
    changeMessageVisibility(queues),
    ...queueOperations(queues),
  ]);

  const send = (caller: Caller, queueArn: string, body: string, attributes: Readonly<Record<string, string | MessageAttribute>>): void => {
    const queue = queues.byArn(queueArn);
    if (!account.services.iam.isAllowedByResource(queue.policy, caller, 'sqs:SendMessage', queueArn)) {
      throw new AwsError(
        'AccessDeniedException',
        `User: ${caller.arn} is not authorized to perform: sqs:sendmessage on resource: ${queueArn} because no resource-based policy allows the sqs:sendmessage action`,
        { status: 403 },
      );
    }
    const typed = Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? { DataType: 'String', StringValue: value } : value,
    ]);
    queues.send(queue, caller, { body, attributes: Object.fromEntries(typed) });
  };

  return {
    createQueue: ({ name, visibilityTimeoutSeconds, messageRetentionSeconds, redrive }) => {
      const { url } = queues.create(name, { visibilityTimeoutSeconds, messageRetentionSeconds, delaySeconds: 0, redrive });
      return { url };
    },
    setQueuePolicy: (queueArn, policy) => {
      queues.byArn(queueArn).policy = policy;
    },
    send: (caller, queueArn, body, attributes = {}) => {
      serviceCall(account, caller, 'sqs', 'SendMessage', () => send(caller, queueArn, body, attributes));
    },
    onMessage: (queueArn, listener) => queues.listen(queues.byArn(queueArn), listener),
    urlOf: (queueArn) => queues.byArn(queueArn).url,
    depth: (queueArn) => {
      const { visible, inFlight } = countsOf(queues.byArn(queueArn), account.clock.now);
      return { visible, inFlight };
    },
    ageOfOldestMessage: (queueArn) => ageOfOldest(queues.byArn(queueArn), account.clock.now),
  };
};
