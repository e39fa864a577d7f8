import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type ClientSettings, clientFor } from './client-settings.js';

/** Calls the configured endpoint, not the host of the queue's URL: the emulator has only the former. */
class RegionalClient extends SQSClient {
  constructor(settings: ClientSettings) {
    super({ ...settings, useQueueUrlAsEndpoint: false });
  }
}
const sqs = clientFor(RegionalClient);

/** A queue of SQS. */
export class MessageQueue {
  readonly #settings: ClientSettings;
  readonly #url: string;

  constructor(settings: ClientSettings, url: string) {
    this.#settings = settings;
    this.#url = url;
  }

  /** Hides a message for so many seconds, at most 12 h (SQS API, ChangeMessageVisibility); then SQS delivers it again. */
  async delayRetry(receiptHandle: string, seconds: number): Promise<void> {
    const VisibilityTimeout = Math.min(43_200, Math.max(0, Math.ceil(seconds)));
    await sqs(this.#settings).send(
      new ChangeMessageVisibilityCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle, VisibilityTimeout }),
    );
  }
}
