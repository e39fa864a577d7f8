import type { Account } from '../account.js';
import { NotEmulated } from '../errors.js';
import type { InvocationResult } from './api.js';
import type { Invocation } from './invocation.js';
import { throttled } from './runtime.js';

/** A function's or version's EventInvokeConfig. */
export type EventInvokeConfig = {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
  readonly onFailureArn?: string;
};

// Lambda waits one minute before the second attempt and two before the third.
const retryAfterMs = [60_000, 120_000];

// A throttled event returns to the queue, and is tried again after up to five minutes (userguide/invocation-async-error-handling).
const throttledForMs = 300_000;

/** Invocations of type Event: answered at once, run with retries, and sent to the failure destination or dropped at last. */
export class AsyncInvocations {
  #account: Account;
  #run: (invocation: Invocation) => Promise<InvocationResult>;
  #configs = new Map<string, EventInvokeConfig>();

  constructor(account: Account, run: (invocation: Invocation) => Promise<InvocationResult>) {
    this.#account = account;
    this.#run = run;
  }

  /** `arn` is qualified, or the function's own for $LATEST. */
  configure(arn: string, config: EventInvokeConfig): void {
    if (config.onFailureArn !== undefined && !config.onFailureArn.includes(':sqs:') && !config.onFailureArn.includes(':sns:'))
      throw new NotEmulated(`destination ${config.onFailureArn} of a function's EventInvokeConfig`);
    this.#configs.set(arn, config);
  }

  accept(invocation: Invocation): void {
    const { clock } = this.#account;
    const acceptedAt = clock.now;
    const { maximumRetryAttempts = 2, maximumEventAgeSeconds = 21_600 } = this.#configs.get(invocation.version.arn) ?? {};

    const attempt = (number: number, afterMs = number === 0 ? 0 : (retryAfterMs[number - 1] as number)) =>
      clock.after(afterMs, async () => {
        const result = await clock.yieldTo(this.#run(invocation));
        if (result.status === 'ok') return;
        if (result === throttled && clock.now + throttledForMs <= acceptedAt + maximumEventAgeSeconds * 1000) {
          attempt(number, throttledForMs);
          return;
        }
        const isTooOld = result === throttled || clock.now + (retryAfterMs[number] ?? 0) > acceptedAt + maximumEventAgeSeconds * 1000;
        if (number < maximumRetryAttempts && !isTooOld) attempt(number + 1);
        else await this.#discard(invocation, result, number + 1, isTooOld ? 'EventAgeExceeded' : 'RetriesExhausted');
      });
    attempt(0);
  }

  async #discard(
    { version, payload }: Invocation,
    result: InvocationResult,
    approximateInvokeCount: number,
    condition: string,
  ): Promise<void> {
    const { clock, random, log, services } = this.#account;
    const { onFailureArn } = this.#configs.get(version.arn) ?? {};
    log.add('lambda', 'event-dropped', { function: version.spec.name, condition, ...(onFailureArn !== undefined && { onFailureArn }) });
    if (onFailureArn === undefined) return;
    const { status, ...responsePayload } = result;
    const record = JSON.stringify({
      version: '1.0',
      timestamp: clock.date().toISOString(),
      requestContext: {
        requestId: random.uuid(),
        functionArn: `${version.spec.arn}:${version.version}`,
        condition,
        approximateInvokeCount,
      },
      requestPayload: JSON.parse(payload) as unknown,
      responseContext: { statusCode: 200, executedVersion: version.version, ...(status === 'error' && { functionError: 'Unhandled' }) },
      responsePayload,
    });
    // Lambda writes to a destination as the function's role.
    const caller = { arn: version.spec.roleArn, kind: 'role' } as const;
    const [service, name, input] = onFailureArn.includes(':sns:')
      ? ['sns', 'Publish', { TopicArn: onFailureArn, Message: record }]
      : ['sqs', 'SendMessage', { QueueUrl: services.sqs.urlOf(onFailureArn), MessageBody: record }];
    await this.#account.request(caller, service as string, name as string, input as object).catch((error: Error) => {
      log.add('lambda', 'destination-failed', { function: version.spec.name, onFailureArn, error: `${error.name}: ${error.message}` });
    });
  }
}
