import { createHash } from 'node:crypto';
import type { Account } from '../account.js';
import type { Caller } from '../caller.js';
import { AwsError } from '../errors.js';
import { isRetriable } from '../service-call.js';
import type { MessageAttribute } from '../sqs/api.js';
import type { InvocationResult, Lambda } from './api.js';
import type { FunctionRegistry } from './function-registry.js';
import type { Invocation } from './invocation.js';

type Mapping = Parameters<Lambda['createEventSourceMapping']>[0];
type Message = {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
};

// Lambda begins with five concurrent batches of a standard queue.
const pollers = 5;
const retryMs = 1000;
const answerWithinMs = 10_000;

const attributeOf = ({ DataType, StringValue, BinaryValue }: MessageAttribute) => ({
  ...(StringValue !== undefined && { stringValue: StringValue }),
  ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
  stringListValues: [],
  binaryListValues: [],
  dataType: DataType,
});

const recordOf = (message: Message, { queueArn }: Mapping, region: string) => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attributeOf(value)])),
  md5OfBody: message.MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: region,
});

/** The messages to delete. As on AWS, a response that names an ID outside the batch fails the whole batch. */
const doneOf = (messages: readonly Message[], result: InvocationResult, reportsBatchItemFailures: boolean): readonly Message[] => {
  if (result.status === 'error') return [];
  const { batchItemFailures } = (result.payload ?? {}) as { batchItemFailures?: unknown };
  if (!reportsBatchItemFailures || batchItemFailures === undefined || batchItemFailures === null) return messages;
  if (!Array.isArray(batchItemFailures)) return [];
  const failed = (batchItemFailures as ({ itemIdentifier?: unknown } | null)[]).map((failure) => failure?.itemIdentifier);
  if (!failed.every((id) => messages.some(({ MessageId }) => MessageId === id))) return [];
  return messages.filter(({ MessageId }) => !failed.includes(MessageId));
};

/** Not random: a seed's history does not depend on it. */
const idOf = ({ queueArn, functionArn }: Mapping): string =>
  createHash('sha256')
    .update(`${queueArn} ${functionArn}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** Invokes a function with a queue's messages; polls the queue as the function's role. */
export class EventSourceMapping {
  readonly id: string;
  readonly createdAt: number;
  #account: Account;
  #mapping: Mapping;
  #functions: FunctionRegistry;
  #run: (invocation: Invocation) => Promise<InvocationResult>;
  #running = 0;
  #isPolling = false;

  constructor(account: Account, mapping: Mapping, functions: FunctionRegistry, run: (invocation: Invocation) => Promise<InvocationResult>) {
    this.id = idOf(mapping);
    this.createdAt = account.clock.now;
    this.#account = account;
    this.#mapping = mapping;
    this.#functions = functions;
    this.#run = run;
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
      if (!account.services.iam.isAllowed(this.#caller, action, mapping.queueArn))
        throw new AwsError(
          'InvalidParameterValueException',
          `The function execution role does not have permissions to call ${action} on ${mapping.queueArn}`,
        );
    }
    account.services.sqs.onMessage(mapping.queueArn, () => this.#poll());
  }

  get mapping(): Mapping {
    return this.#mapping;
  }

  get #caller(): Caller {
    return { arn: this.#functions.find(this.#mapping.functionArn).spec.roleArn, kind: 'role' };
  }

  #request<Output>(name: string, input: object): Promise<Output> {
    const QueueUrl = this.#account.services.sqs.urlOf(this.#mapping.queueArn);
    return this.#account.request<Output>(this.#caller, 'sqs', name, { QueueUrl, ...input });
  }

  #poll(afterMs = 0): void {
    const { clock, log, services } = this.#account;
    const { queueArn, batchSize, maximumConcurrency = pollers } = this.#mapping;
    if (this.#isPolling || this.#running >= maximumConcurrency) return;
    this.#isPolling = true;
    clock.after(afterMs, async () => {
      // A request whose answer was lost must not end the polling.
      let isOver = false;
      const next = (delayMs: number) => {
        if (isOver) return;
        isOver = true;
        clock.cancel(deadline);
        this.#isPolling = false;
        if (services.sqs.depth(queueArn).visible > 0) this.#poll(delayMs);
      };
      const deadline = clock.after(answerWithinMs, () => next(0));
      try {
        const { Messages = [] } = await this.#request<{ Messages?: Message[] }>('ReceiveMessage', {
          MaxNumberOfMessages: Math.min(batchSize, 10),
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        });
        if (Messages.length > 0) this.#handle(Messages);
        next(0);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        log.add('lambda', 'poll-failed', { queueArn, error: `${error.name}: ${error.message}` });
        if (isRetriable(error)) next(retryMs);
        else this.#isPolling = false;
      }
    });
  }

  #handle(messages: readonly Message[]): void {
    const { clock, region, log } = this.#account;
    const version = this.#functions.find(this.#mapping.functionArn);
    this.#running++;
    clock.after(0, async () => {
      const payload = JSON.stringify({ Records: messages.map((message) => recordOf(message, this.#mapping, region)) });
      const result = await clock.yieldTo(this.#run({ version, payload }));
      this.#running--;
      this.#poll();
      const done = doneOf(messages, result, this.#mapping.reportsBatchItemFailures);
      if (done.length === 0) return;
      const Entries = done.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
      await this.#request('DeleteMessageBatch', { Entries }).catch((error: Error) => {
        // The queue delivers them again.
        log.add('lambda', 'delete-failed', { queueArn: this.#mapping.queueArn, error: `${error.name}: ${error.message}` });
      });
    });
  }
}
