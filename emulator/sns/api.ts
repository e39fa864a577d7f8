import type { Caller } from '../caller.js';
import type { PolicyDocument } from '../iam/api.js';
import type { MessageAttribute } from '../sqs/api.js';

export type PublishedMessage = {
  readonly messageId: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
};

export type Sns = {
  createTopic(topic: { readonly name: string; readonly arn: string }): void;
  setTopicPolicy(topicArn: string, policy: PolicyDocument): void;
  subscribe(subscription: {
    readonly topicArn: string;
    readonly protocol: string;
    readonly endpoint: string;
    readonly rawMessageDelivery: boolean;
    readonly filterPolicy?: Readonly<Record<string, unknown>>;
    readonly deadLetterArn?: string;
  }): string;
  /** Publishes as a service: the topic's policy decides. @throws AwsError */
  publish(caller: Caller, topicArn: string, message: { readonly subject?: string; readonly message: string }): void;
  /** The messages published to the topic, oldest first; for tests. */
  published(topicArn: string): readonly PublishedMessage[];
};
