import { AwsError } from '../errors.js';
import type { Pattern } from '../events/api.js';
import type { PolicyDocument } from '../iam/api.js';
import type { PublishedMessage } from './api.js';

export const protocols = ['sqs', 'lambda', 'email', 'https'] as const;
export type Protocol = (typeof protocols)[number];

export type Subscription = {
  readonly arn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly isRaw: boolean;
  /** Matches against the message's attributes. */
  readonly filter: Pattern;
  readonly deadLetterArn: string | undefined;
};

export type Topic = {
  readonly name: string;
  readonly arn: string;
  policy: PolicyDocument | undefined;
  readonly subscriptions: Subscription[];
  readonly published: PublishedMessage[];
};

/** `bodies` are the protocols' own messages of MessageStructure json. */
export type Notification = PublishedMessage & { readonly time: number; readonly bodies: Readonly<Record<string, unknown>> };

export const invalidParameter = (reason: string): AwsError => new AwsError('InvalidParameterException', `Invalid parameter: ${reason}`);
