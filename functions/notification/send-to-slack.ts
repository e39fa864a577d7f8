import * as v from 'valibot';
import { MessageQueue } from '../../aws/message-queue.js';
import { Secrets } from '../../aws/secret.js';
import type { Message } from '../../core/notification/message.js';
import { slackMessageOf } from '../../core/notification/slack.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { atPackaging } from '../runtime/permissions.js';

const QueueEvent = v.object({
  Records: v.array(v.object({ messageId: v.string(), receiptHandle: v.string(), body: v.string() })),
});
type QueueEvent = v.InferOutput<typeof QueueEvent>;

/** The part of Slack's answer that decides. */
type Answer = { readonly status: number; readonly retryAfterSeconds: number | undefined };

type Deps = {
  readonly webhookUrl: () => Promise<string>;
  readonly post: (url: string, body: string) => Promise<Answer>;
  readonly queue: Pick<MessageQueue, 'delayRetry'>;
};

/**
 * Posts messages from the queue behind the topic to a Slack incoming webhook. What Slack refuses is retried by the queue
 * for hours, then moved to the dead-letter queue, which raises an alarm.
 */
export const sendToSlack =
  ({ webhookUrl, post, queue }: Deps) =>
  async ({ Records }: QueueEvent): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, receiptHandle, body } of Records) {
      const { status, retryAfterSeconds } = await post(await webhookUrl(), JSON.stringify(slackMessageOf(JSON.parse(body) as Message)));
      if (status >= 200 && status < 300) continue;
      batchItemFailures.push({ itemIdentifier: messageId });
      if (status === 429 && retryAfterSeconds !== undefined) await queue.delayRetry(receiptHandle, retryAfterSeconds);
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
  });
  await response.arrayBuffer();
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { status: response.status, retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined };
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
      queue: new MessageQueue(environment.clients, variable(environment, 'SLACK_QUEUE_URL')),
    });
  },
});
