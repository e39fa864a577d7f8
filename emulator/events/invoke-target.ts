import { createHash } from 'node:crypto';
import type { Account } from '../account.js';
import type { Caller } from '../caller.js';
import { AwsError } from '../errors.js';
import type { BusEvent } from './api.js';
import type { Rule } from './rule.js';
import { type Target, targetKind } from './target.js';

/** The delivery of an event to one target of a rule. */
export type Delivery = { readonly rule: Rule; readonly target: Target; readonly event: BusEvent };

/**
 * Undocumented, but observed: the name of an execution that EventBridge starts is made from the event's ID, so that the
 * same event, delivered again, collides (yufushiro.dev, August 2025).
 */
const executionName = (account: Account, { rule, target, event }: Delivery): string => {
  if (account.assumptions.eventBridgeExecutionNames === 'random') return account.random.uuid();
  const hash = createHash('sha256').update(`${rule.spec.arn} ${target.id}`).digest('hex');
  return `${event.id}_${hash.slice(0, 8)}-${hash.slice(8, 12)}-${hash.slice(12, 16)}-${hash.slice(16, 20)}-${hash.slice(20, 32)}`;
};

const startExecution = async (account: Account, delivery: Delivery, input: string): Promise<void> => {
  const { arn, roleArn = '' } = delivery.target;
  if (!account.services.iam.canAssume(roleArn, 'events.amazonaws.com', delivery.rule.spec.arn))
    throw new AwsError('AccessDeniedException', `events.amazonaws.com is not authorized to assume role ${roleArn}`);
  const caller: Caller = { arn: roleArn, kind: 'role' };
  try {
    await account.request(caller, 'states', 'StartExecution', { stateMachineArn: arn, input, name: executionName(account, delivery) });
  } catch (error) {
    // The event has been delivered before.
    if (!(error instanceof AwsError && error.code === 'ExecutionAlreadyExists')) throw error;
  }
};

/** Delivers the event to the target. Rejects with AwsError when the target refuses it. */
export const invokeTarget = async (account: Account, delivery: Delivery): Promise<void> => {
  const { target, event, rule } = delivery;
  const input = target.input ?? JSON.stringify(event);
  const caller: Caller = { arn: 'events.amazonaws.com', kind: 'service', sourceArn: rule.spec.arn };
  switch (targetKind(target.arn)) {
    case 'states':
      await startExecution(account, delivery, input);
      break;
    case 'lambda':
      await account.request(caller, 'lambda', 'Invoke', { FunctionName: target.arn, InvocationType: 'Event', Payload: input });
      break;
    case 'sqs':
      account.services.sqs.send(caller, target.arn, input);
      break;
    case 'sns':
      account.services.sns.publish(caller, target.arn, { message: input });
      break;
  }
};
