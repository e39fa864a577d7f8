import { AwsError } from '../errors.js';
import type { PolicyDocument } from '../iam/api.js';
import type { MessageAttribute } from './api.js';

/** What CreateQueue and CloudFormation set. */
export type QueueSettings = {
  readonly visibilityTimeoutSeconds: number;
  readonly messageRetentionSeconds: number;
  readonly delaySeconds: number;
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
};

export type Message = {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly senderId: string;
  /** Kept when the message moves to a dead-letter queue: its retention counts from here. */
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  receiptHandle: string | undefined;
  /** The queue that it was moved from, in a dead-letter queue. */
  deadLetterSource: string | undefined;
};

export type Queue = {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly createdAt: number;
  settings: QueueSettings;
  policy: PolicyDocument | undefined;
  purgedAt: number | undefined;
  messages: Message[];
  readonly listeners: Set<() => void>;
};

/** Since 2025; it was 262,144 before. */
export const maximumMessageBytes = 1_048_576;

export const queueDoesNotExist = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

export const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

export const checkRange = (name: string, value: number | undefined, low: number, high: number): void => {
  if (value !== undefined && !(Number.isInteger(value) && value >= low && value <= high))
    throw invalidValue(`Value ${value} for parameter ${name} is invalid. Reason: Must be between ${low} and ${high}, if provided.`);
};
