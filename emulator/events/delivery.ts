import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { isRetriable, withTimeout } from '../service-call.js';
import { type Delivery, invokeTarget } from './invoke-target.js';

/** How long EventBridge waits for a target's answer before it counts as failed. */
const answerWithinMs = 30_000;

/** The values of ERROR_CODE that are documented (eb-rule-dlq). */
const errorCode = ({ code, status }: AwsError): string => {
  if (code === 'TIMEOUT') return code;
  if (/AccessDenied|AuthorizationError/.test(code)) return 'NO_PERMISSIONS';
  if (/DoesNotExist|NotFound/.test(code)) return 'NO_RESOURCE';
  if (/throttl|TooManyRequests/i.test(code)) return 'THROTTLING';
  return status >= 500 ? 'ERROR_FROM_TARGET' : 'SDK_CLIENT_ERROR';
};

const deadLetter = (
  account: Account,
  { rule, target, event }: Delivery,
  error: AwsError,
  attempts: number,
  exhausted: string | undefined,
): void => {
  const detail = { rule: rule.spec.name, target: target.arn, error: error.code, id: event.id };
  if (target.deadLetterArn === undefined) {
    account.log.add('events', 'dropped', { ...detail, reason: 'no dead-letter queue' });
    return;
  }
  try {
    account.services.sqs.send(
      { arn: 'events.amazonaws.com', kind: 'service', sourceArn: rule.spec.arn },
      target.deadLetterArn,
      JSON.stringify(event),
      {
        RULE_ARN: rule.spec.arn,
        TARGET_ARN: target.arn,
        ERROR_CODE: errorCode(error),
        ERROR_MESSAGE: error.message,
        ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
        RETRY_ATTEMPTS: String(attempts),
      },
    );
    account.log.add('events', 'dead-lettered', detail);
  } catch (reason) {
    if (!(reason instanceof AwsError)) throw reason;
    account.log.add('events', 'dropped', { ...detail, reason: reason.message });
  }
};

/** Exponential with jitter; with this cap, 185 retries take about 24 hours, which are the defaults. */
const backOffMs = (account: Account, retries: number): number =>
  Math.min(1000 * 2 ** retries, 480_000) * (0.75 + account.random.next() / 2);

/** Delivers an event, with retries for retriable errors up to the limits of the target's retry policy. */
export const deliver = async (account: Account, delivery: Delivery, putAt: number, retries = 0): Promise<void> => {
  const { rule, target } = delivery;
  try {
    await withTimeout(account, answerWithinMs, () => invokeTarget(account, delivery));
    account.log.add('events', 'delivered', { rule: rule.spec.name, target: target.arn, id: delivery.event.id });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'NotEmulated') throw error;
    const delay = backOffMs(account, retries);
    if (!isRetriable(error)) deadLetter(account, delivery, error, retries, undefined);
    else if (retries >= target.maximumRetryAttempts) deadLetter(account, delivery, error, retries, 'MaximumRetryAttempts');
    else if (account.clock.now + delay > putAt + target.maximumEventAgeSeconds * 1000)
      deadLetter(account, delivery, error, retries, 'MaximumEventAgeInSeconds');
    else account.clock.after(delay, () => deliver(account, delivery, putAt, retries + 1));
  }
};
