import * as v from 'valibot';
import { MessageQueue } from '../../aws/message-queue.js';
import { Secrets } from '../../aws/secret.js';
import { cut } from '../../core/notification/cut.js';
import type { Message } from '../../core/notification/message.js';
import { plainSlackMessageOf, slackMessageOf } from '../../core/notification/slack.js';
import { plainSlackWaitingMessageOf, slackWaitingMessageOf } from '../../core/notification/slack-waiting.js';
import { isWaiting, type WaitingMessage } from '../../core/notification/waiting-message.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { logger } from '../runtime/logger.js';
import { atPackaging } from '../runtime/permissions.js';

const QueueEvent = v.object({
  Records: v.array(v.object({ messageId: v.string(), receiptHandle: v.string(), body: v.string() })),
});
type QueueEvent = v.InferOutput<typeof QueueEvent>;

/** Slack's answer, with at most 200 characters of its body. */
type Answer = { readonly status: number; readonly body: string; readonly retryAfterSeconds: number | undefined };

type Deps = {
  readonly webhookUrl: () => Promise<string>;
  readonly post: (url: string, body: string) => Promise<Answer>;
  readonly queue: Pick<MessageQueue, 'delayRetry'>;
  /** Gets the answers to a message of which Slack did not accept the first post. */
  readonly log: (answers: readonly Answer[]) => void;
};

/** An incoming webhook answers `ok` to a message that it posts; status 200 with any other text is an error. */
const isDelivered = ({ status, body }: Answer): boolean => status === 200 && body.trim() === 'ok';

/** Did Slack refuse this message, and not only the rate of messages? */
const isRefused = ({ status }: Answer): boolean => status >= 400 && status < 500 && status !== 429;

/**
 * Posts messages from the queue behind the topic to a Slack incoming webhook. A message that Slack refuses is posted once more as plain
 * text. What is not delivered then is retried by the queue for hours, and moved to the dead-letter queue, which raises an alarm.
 */
export const sendToSlack =
  ({ webhookUrl, post, queue, log }: Deps) =>
  async ({ Records }: QueueEvent): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, receiptHandle, body } of Records) {
      const message = JSON.parse(body) as Message | WaitingMessage;
      const [full, short] = isWaiting(message)
        ? [slackWaitingMessageOf(message), plainSlackWaitingMessageOf(message)]
        : [slackMessageOf(message), plainSlackMessageOf(message)];
      const url = await webhookUrl();
      const first = await post(url, JSON.stringify(full));
      const answer = isRefused(first) ? await post(url, JSON.stringify(short)) : first;
      if (!isDelivered(first)) log([...new Set([first, answer])]);
      if (isDelivered(answer)) continue;
      batchItemFailures.push({ itemIdentifier: messageId });
      if (answer.status === 429 && answer.retryAfterSeconds !== undefined) await queue.delayRetry(receiptHandle, answer.retryAfterSeconds);
    }
    return { batchItemFailures };
  };

/** How long to wait for Slack's answer, in milliseconds. */
const timeoutMs = 8_000;

/** Posts to a webhook. @throws TimeoutError if the answer does not come in time. */
export const post = async (url: string, body: string): Promise<Answer> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(timeoutMs),
    // A webhook that redirects is not Slack's: the page that it leads to would answer 200.
    redirect: 'manual',
  });
  const answer = cut(await response.text(), 200);
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { status: response.status, body: answer, retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined };
};

export const { step, handler } = defineStep({
  name: 'SendToSlack',
  input: QueueEvent,
  permissions: atPackaging([
    { allow: ['secretsmanager:GetSecretValue'], on: 'slackSecret', for: 'the URL of the webhook' },
    {
      allow: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      on: 'slackQueue',
      for: 'the messages',
    },
  ]),
  onlyIf: atPackaging(({ notifications }) => notifications.slack !== undefined),
  run: (environment) => {
    const secrets = new Secrets(environment.clients);
    const name = variable(environment, 'SLACK_SECRET');
    return sendToSlack({
      // Read for each message: a replaced webhook takes effect at once, and messages are few.
      webhookUrl: async () => {
        const url = (await secrets.value(name)).trim();
        if (!URL.canParse(url)) throw new Error(`secret ${name} is not a URL; expected the URL of a Slack incoming webhook`);
        return url;
      },
      post,
      log: (answers) => logger.warn('Slack did not accept a message', { answers }),
      queue: new MessageQueue(environment.clients, variable(environment, 'SLACK_QUEUE_URL')),
    });
  },
});
