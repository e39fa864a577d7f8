import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type ClientSettings, clientFor } from './client-settings.js';

const sns = clientFor(SNSClient);

/** A notification for people and programs, in one publish. */
export type Publication = {
  /** Under 100 characters, without line breaks (SNS's limits). */
  readonly subject: string;
  readonly text: string;
  /** The same as JSON, for subscribed queues. */
  readonly json: string;
  /** `quiet`: it was not asked for, and is sent neither to Slack nor by mail. */
  readonly attributes: { readonly outcome: string; readonly stage: string; readonly service: readonly string[]; readonly quiet?: boolean };
};

/** Replaces what XML 1.0 does not have: SQS refuses a message with it (SQS API, SendMessage), so a subscribed queue would not get it. */
const deliverable = (text: string): string => text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');

/** The SNS topic of the notifications. */
export class Topic {
  readonly #settings: ClientSettings;
  readonly arn: string;

  constructor(settings: ClientSettings, arn: string) {
    this.#settings = settings;
    this.arn = arn;
  }

  async publish({ subject, text, json, attributes }: Publication): Promise<void> {
    const [only = ''] = attributes.service;
    await sns(this.#settings).send(
      new PublishCommand({
        TopicArn: this.arn,
        Subject: subject,
        MessageStructure: 'json',
        Message: JSON.stringify({ default: deliverable(text), sqs: deliverable(json) }),
        MessageAttributes: {
          outcome: { DataType: 'String', StringValue: attributes.outcome },
          ...(attributes.quiet && { quiet: { DataType: 'String', StringValue: 'yes' } }),
          ...(attributes.stage !== '' && { stage: { DataType: 'String', StringValue: attributes.stage } }),
          ...(attributes.service.length === 1 && { service: { DataType: 'String', StringValue: only } }),
          ...(attributes.service.length > 1 && { service: { DataType: 'String.Array', StringValue: JSON.stringify(attributes.service) } }),
        },
      }),
    );
  }
}
