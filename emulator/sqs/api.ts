import type { Caller } from '../caller.js';
import type { PolicyDocument } from '../iam/api.js';

/** A message attribute of SNS and SQS, as in requests. */
export type MessageAttribute = { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: Uint8Array };

export type Sqs = {
  createQueue(queue: {
    readonly name: string;
    readonly arn: string;
    readonly visibilityTimeoutSeconds: number;
    readonly messageRetentionSeconds: number;
    readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
  }): { url: string };
  setQueuePolicy(queueArn: string, policy: PolicyDocument): void;
  /** Sends as a service: the queue's policy decides. @throws AwsError */
  send(caller: Caller, queueArn: string, body: string, attributes?: Readonly<Record<string, string | MessageAttribute>>): void;
  /** Calls the listener whenever a message becomes visible: sent, or visible again. Returns the function that ends it. */
  onMessage(queueArn: string, listener: () => void): () => void;
  urlOf(queueArn: string): string;
  /** Approximate numbers, as GetQueueAttributes has them. */
  depth(queueArn: string): { visible: number; inFlight: number };
  /** Seconds, as the metric ApproximateAgeOfOldestMessage has them. */
  ageOfOldestMessage(queueArn: string): number;
};
