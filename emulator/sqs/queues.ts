import type { Account } from '../account.js';
import type { Caller } from '../caller.js';
import type { Timer } from '../clock.js';
import { AwsError, NotEmulated } from '../errors.js';
import type { MessageAttribute } from './api.js';
import { bytesOf, checkAttributes } from './message-attributes.js';
import { invalidValue, type Message, maximumMessageBytes, type Queue, type QueueSettings, queueDoesNotExist } from './queue.js';

export type NewMessage = {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly delaySeconds?: number | undefined;
};

const attributeNames: Readonly<Record<keyof QueueSettings, string>> = {
  visibilityTimeoutSeconds: 'VisibilityTimeout',
  messageRetentionSeconds: 'MessageRetentionPeriod',
  delaySeconds: 'DelaySeconds',
  redrive: 'RedrivePolicy',
};

const differentAttribute = (one: QueueSettings, other: QueueSettings): string | undefined =>
  Object.entries(attributeNames).find(([name]) => {
    const member = name as keyof QueueSettings;
    return JSON.stringify(one[member]) !== JSON.stringify(other[member]);
  })?.[1];

/** Characters that XML 1.0 does not have; asim/nitro-plugins#437 has the words. */
const notInXml = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const checkCharacters = (body: string): void => {
  const code = notInXml.exec(body)?.[0].codePointAt(0);
  if (code === undefined) return;
  const allowed = '#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]';
  const found = `Invalid binary character '#x${code.toString(16).toUpperCase()}' was found in the message body`;
  throw new AwsError('InvalidMessageContents', `${found}, the set of allowed characters is ${allowed}.`);
};

/** The account's queues: visibility, retention and dead letters. */
export class Queues {
  readonly #account: Account;
  readonly #queues = new Map<string, Queue>();
  readonly #timers = new Map<Message, Timer>();

  constructor(account: Account) {
    this.#account = account;
  }

  get all(): readonly Queue[] {
    this.#applyElapsedTime();
    return [...this.#queues.values()];
  }

  create(name: string, settings: QueueSettings): Queue {
    if (name.endsWith('.fifo')) throw new NotEmulated(`FIFO queue ${name}`);
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw invalidValue(
        `Queue name ${name} is invalid: can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length`,
      );
    }
    const { region, accountId } = this.#account;
    const existing = this.#queues.get(name);
    if (existing) {
      const different = differentAttribute(existing.settings, settings);
      if (different === undefined) return existing;
      throw new AwsError('QueueNameExists', `A queue already exists with the same name and a different value for attribute ${different}`);
    }
    const queue: Queue = {
      name,
      arn: this.#account.arn('sqs', name),
      url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
      createdAt: this.#account.clock.now,
      settings,
      policy: undefined,
      purgedAt: undefined,
      messages: [],
      listeners: new Set(),
    };
    this.#queues.set(name, queue);
    return queue;
  }

  /** Any URL whose last two segments are the account and the queue's name: the endpoint may be the emulator's own. */
  byUrl(url: string): Queue {
    const [account, name] = url.split('/').slice(-2);
    return this.#find(account === this.#account.accountId ? name : undefined);
  }

  /** For the permission check, which comes before the check that the queue exists. */
  arnOfUrl(url: string): string {
    return this.#account.arn('sqs', url.split('/').at(-1) ?? '');
  }

  byArn(arn: string): Queue {
    const name = arn.split(':').at(-1) ?? '';
    return this.#find(arn === this.#account.arn('sqs', name) ? name : undefined);
  }

  byName(name: string): Queue {
    return this.#find(name);
  }

  #find(name: string | undefined): Queue {
    this.#applyElapsedTime();
    const queue = name === undefined ? undefined : this.#queues.get(name);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  send(queue: Queue, caller: Caller, { body, attributes, delaySeconds }: NewMessage): Message {
    if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    checkCharacters(body);
    checkAttributes(attributes);
    if (Buffer.byteLength(body) + bytesOf(attributes) > maximumMessageBytes)
      throw invalidValue(`One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageBytes} bytes.`);
    const { clock, random, log } = this.#account;
    const message: Message = {
      id: random.uuid(),
      body,
      attributes,
      senderId: caller.arn,
      sentAt: clock.now,
      visibleAt: clock.now + (delaySeconds ?? queue.settings.delaySeconds) * 1000,
      receiveCount: 0,
      firstReceivedAt: undefined,
      receiptHandle: undefined,
      deadLetterSource: undefined,
    };
    queue.messages.push(message);
    log.add('sqs', 'message-sent', { queue: queue.name, messageId: message.id });
    this.#scheduleNotice(queue, message);
    return message;
  }

  receive(queue: Queue, count: number, visibilityTimeoutSeconds: number): Message[] {
    const { now } = this.#account.clock;
    const messages = queue.messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, count);
    for (const message of messages) {
      message.receiveCount++;
      message.firstReceivedAt ??= now;
      message.receiptHandle = Buffer.from(`${message.id} ${queue.name} ${message.receiveCount}`).toString('base64');
      this.hide(queue, message, visibilityTimeoutSeconds);
    }
    return messages;
  }

  hide(queue: Queue, message: Message, seconds: number): void {
    this.#account.clock.cancel(this.#timers.get(message));
    this.#timers.delete(message);
    message.visibleAt = this.#account.clock.now + seconds * 1000;
    this.#scheduleNotice(queue, message);
  }

  remove(queue: Queue, message: Message): void {
    this.#account.clock.cancel(this.#timers.get(message));
    this.#timers.delete(message);
    queue.messages = queue.messages.filter((other) => other !== message);
  }

  /** The message that was received with this handle; undefined for the handle of an earlier receive. */
  receivedWith(queue: Queue, receiptHandle: string): Message | undefined {
    if (!/^\S+ \S+ \d+$/.test(Buffer.from(receiptHandle, 'base64').toString()))
      throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`);
    return queue.messages.find((message) => message.receiptHandle === receiptHandle);
  }

  listen(queue: Queue, listener: () => void): () => void {
    queue.listeners.add(listener);
    for (const message of queue.messages) if (!this.#timers.has(message)) this.#scheduleNotice(queue, message);
    return () => queue.listeners.delete(listener);
  }

  /** Notifies the listeners when the message becomes visible. Sets a timer only if there is a listener or a move is due. */
  #scheduleNotice(queue: Queue, message: Message): void {
    const { clock } = this.#account;
    const { redrive } = queue.settings;
    const moves = redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount;
    if (queue.listeners.size === 0 && !moves) return;
    const timer = clock.at(message.visibleAt, () => {
      this.#timers.delete(message);
      this.#applyElapsedTime();
      if (queue.messages.includes(message)) for (const listener of queue.listeners) listener();
    });
    this.#timers.set(message, timer);
  }

  /** Applies the passed time to every queue: deletes expired messages, and dead-letters those received too often. */
  #applyElapsedTime(): void {
    const { now } = this.#account.clock;
    for (const queue of this.#queues.values()) {
      const { messageRetentionSeconds, redrive } = queue.settings;
      for (const message of [...queue.messages]) {
        if (message.sentAt + messageRetentionSeconds * 1000 <= now) this.remove(queue, message);
        else if (redrive && message.visibleAt <= now && message.receiveCount >= redrive.maxReceiveCount)
          this.#moveToDeadLetterQueue(queue, message, redrive.deadLetterArn);
      }
    }
  }

  #moveToDeadLetterQueue(queue: Queue, message: Message, deadLetterArn: string): void {
    const target = [...this.#queues.values()].find(({ arn }) => arn === deadLetterArn);
    if (!target) return;
    this.remove(queue, message);
    const deadLetter = { ...message, receiptHandle: undefined, deadLetterSource: queue.arn };
    target.messages.push(deadLetter);
    this.#account.log.add('sqs', 'message-dead-lettered', { queue: queue.name, deadLetterQueue: target.name, messageId: message.id });
    this.#scheduleNotice(target, deadLetter);
  }
}
