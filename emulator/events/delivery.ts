import { AwsError } from '../errors.js';
import { answeredWithin, isRetriable } from '../service-call.js';
import type { World } from '../world.js';
import { type Delivery, invokeTarget } from './target.js';

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
  world: World,
  { rule, target, event }: Delivery,
  error: AwsError,
  attempts: number,
  exhausted: string | undefined,
): void => {
  const detail = { rule: rule.spec.name, target: target.arn, error: error.code, id: event.id };
  if (target.deadLetterArn === undefined) {
    world.log.add('events', 'dropped', { ...detail, reason: 'no dead-letter queue' });
    return;
  }
  try {
    world.services.sqs.send(
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
    world.log.add('events', 'dead-lettered', detail);
  } catch (reason) {
    if (!(reason instanceof AwsError)) throw reason;
    world.log.add('events', 'dropped', { ...detail, reason: reason.message });
  }
};

/** Exponential with jitter; with this cap, 185 retries take about 24 hours, which are the defaults. */
const backOffMs = (world: World, retries: number): number => Math.min(1000 * 2 ** retries, 480_000) * (0.75 + world.random.next() / 2);

/** Delivers now, and again later where it makes sense, until a limit of the target's retry policy. */
export const deliver = async (world: World, delivery: Delivery, putAt: number, retries = 0): Promise<void> => {
  const { rule, target } = delivery;
  try {
    await answeredWithin(world, answerWithinMs, () => invokeTarget(world, delivery));
    world.log.add('events', 'delivered', { rule: rule.spec.name, target: target.arn, id: delivery.event.id });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'NotEmulated') throw error;
    const delay = backOffMs(world, retries);
    if (!isRetriable(error)) deadLetter(world, delivery, error, retries, undefined);
    else if (retries >= target.maximumRetryAttempts) deadLetter(world, delivery, error, retries, 'MaximumRetryAttempts');
    else if (world.clock.now + delay > putAt + target.maximumEventAgeSeconds * 1000)
      deadLetter(world, delivery, error, retries, 'MaximumEventAgeInSeconds');
    else world.clock.after(delay, () => deliver(world, delivery, putAt, retries + 1));
  }
};
