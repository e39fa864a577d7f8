import { AwsError, NotEmulated } from '../errors.js';
import type { PolicyDocument } from '../iam/api.js';
import { checkRange, invalidValue, maximumMessageBytes, type Queue, type QueueSettings } from './queue.js';

/** Approximate numbers as AWS counts them: delayed messages are neither visible nor in flight. */
export const countsOf = (queue: Queue, now: number): { visible: number; inFlight: number; delayed: number } => {
  const hidden = queue.messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiptHandle }) => receiptHandle === undefined).length;
  return { visible: queue.messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
};

/**
 * Seconds, as ApproximateAgeOfOldestMessage has them: a message that was received three times goes to the back of the queue, and
 * is not counted until it is processed (SQS developer guide, available CloudWatch metrics).
 */
export const ageOfOldest = ({ messages }: Queue, now: number): number =>
  Math.max(0, ...messages.filter(({ receiveCount }) => receiveCount < 3).map(({ sentAt }) => Math.floor((now - sentAt) / 1000)));

/** Attributes as GetQueueAttributes answers them, all strings. */
export const attributesOf = (queue: Queue, now: number): Record<string, string> => {
  const { visible, inFlight, delayed } = countsOf(queue, now);
  const { visibilityTimeoutSeconds, messageRetentionSeconds, delaySeconds, redrive } = queue.settings;
  const created = String(Math.floor(queue.createdAt / 1000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    MaximumMessageSize: String(maximumMessageBytes),
    MessageRetentionPeriod: String(messageRetentionSeconds),
    DelaySeconds: String(delaySeconds),
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    ...(queue.policy ? { Policy: JSON.stringify(queue.policy) } : {}),
    ...(redrive
      ? { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: redrive.deadLetterArn, maxReceiveCount: redrive.maxReceiveCount }) }
      : {}),
  };
};

const known = new Set(['DelaySeconds', 'MessageRetentionPeriod', 'VisibilityTimeout', 'RedrivePolicy', 'Policy', 'SqsManagedSseEnabled']);

const numberIn = (attributes: Record<string, string>, name: string, byDefault: number, low: number, high: number): number => {
  const text = attributes[name];
  if (text === undefined) return byDefault;
  checkRange(name, Number(text), low, high);
  return Number(text);
};

const objectIn = (name: string, text: string): object => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalidValue(`Value ${text} for parameter ${name} is invalid. Reason: it is not a JSON object.`);
};

const redriveIn = (text: string | undefined): QueueSettings['redrive'] => {
  if (text === undefined) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = objectIn('RedrivePolicy', text) as Record<string, unknown>;
  const refuse = (reason: string): never => {
    throw invalidValue(`Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  };
  if (deadLetterTargetArn === undefined || maxReceiveCount === undefined)
    return refuse('Redrive policy does not contain mandatory attribute.');
  if (typeof deadLetterTargetArn !== 'string') return refuse('deadLetterTargetArn is not a text.');
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    return refuse(`Invalid value for maxReceiveCount: ${JSON.stringify(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`);
  return { deadLetterArn: deadLetterTargetArn, maxReceiveCount: count };
};

/** Attributes as CreateQueue takes them. */
export const settingsFrom = (
  attributes: Record<string, string>,
): { readonly settings: QueueSettings; readonly policy: PolicyDocument | undefined } => {
  for (const name of Object.keys(attributes)) if (!known.has(name)) throw new NotEmulated(`attribute ${name} of an SQS queue`);
  return {
    settings: {
      visibilityTimeoutSeconds: numberIn(attributes, 'VisibilityTimeout', 30, 0, 43_200),
      messageRetentionSeconds: numberIn(attributes, 'MessageRetentionPeriod', 345_600, 60, 1_209_600),
      delaySeconds: numberIn(attributes, 'DelaySeconds', 0, 0, 900),
      redrive: redriveIn(attributes.RedrivePolicy),
    },
    policy: attributes.Policy === undefined ? undefined : (objectIn('Policy', attributes.Policy) as PolicyDocument),
  };
};

export const selectAttributes = (attributes: Record<string, string>, names: readonly string[]): Record<string, string> => {
  if (names.includes('All')) return attributes;
  const optional = ['Policy', 'RedrivePolicy'];
  const unknown = names.find((name) => attributes[name] === undefined && !optional.includes(name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
};
