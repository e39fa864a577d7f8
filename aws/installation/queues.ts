import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueFacts, Read } from '../../core/doctor/facts.js';
import { type ClientSettings, clientFor } from '../client-settings.js';
import { isNamed } from '../sdk-errors.js';
import { read, readEach } from './read.js';

/** Asks the endpoint that is configured, which is not always the host of a queue's URL. */
class Sqs extends SQSClient {
  constructor(settings: ClientSettings) {
    super({ ...settings, useQueueUrlAsEndpoint: false });
  }
}

const sqs = clientFor(Sqs);

/** Queues by their URLs. */
export const readQueues = (settings: ClientSettings, urls: readonly string[]): Promise<ReadonlyMap<string, Read<QueueFacts | undefined>>> =>
  readEach(urls, (QueueUrl) =>
    read('sqs:GetQueueAttributes', async () => {
      try {
        const { Attributes = {} } = await sqs(settings).send(
          new GetQueueAttributesCommand({
            QueueUrl,
            AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
          }),
        );
        const { ApproximateNumberOfMessages: visible = 0, ApproximateNumberOfMessagesNotVisible: inFlight = 0 } = Attributes;
        return { name: QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1), messages: Number(visible) + Number(inFlight) };
      } catch (error) {
        if (isNamed(error, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue')) return undefined;
        throw error;
      }
    }),
  );
