import type { AccountOptions } from '../../../emulator/emulated-account.js';
import { AwsError } from '../../../emulator/errors.js';
import type { RuleSpec } from '../../../emulator/events/api.js';
import { createEvents } from '../../../emulator/events/index.js';
import { operation } from '../../../emulator/operation.js';
import type { Sns } from '../../../emulator/sns/api.js';
import { createSqs } from '../../../emulator/sqs/index.js';
import { givenAccount, policyFor } from '../given-account.js';

export const ruleArn = 'arn:aws:events:eu-west-1:123456789012:rule/push';
export const machineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:release';
export const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:reconcile';
export const deadLetterArn = 'arn:aws:sqs:eu-west-1:123456789012:dead-letters';
const deadLetterUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters';

type Started = { stateMachineArn: string; input: string; name: string };
type Invoked = { FunctionName: string; InvocationType: string; Payload: string };
type DeadLetters = { Messages?: { Body: string; MessageAttributes: Record<string, { StringValue: string }> }[] };

export const machine = {
  id: 'release',
  arn: machineArn,
  roleArn: 'arn:aws:iam::123456789012:role/rule',
  maximumRetryAttempts: 185,
  maximumEventAgeSeconds: 86_400,
};
export const rule: RuleSpec = {
  name: 'push',
  arn: ruleArn,
  isEnabled: true,
  eventPattern: { source: ['aws.ecr'], detail: { 'image-tag': [{ exists: true }] } },
  targets: [machine],
};
export const push = {
  source: 'aws.ecr',
  'detail-type': 'ECR Image Action',
  resources: [],
  detail: { 'action-type': 'PUSH', 'image-tag': 'v1' },
};

export const givenBus = (options?: AccountOptions) => {
  const started: (Started & { at: number; by: string })[] = [];
  const names = new Set<string>();
  const invoked: unknown[] = [];
  const published: string[] = [];
  const given = givenAccount((account) => {
    account.add([
      operation<Started, unknown>({
        service: 'states',
        name: 'StartExecution',
        input: { stateMachineArn: 'string', input: 'string', name: 'string' },
        run: (input, { caller }) => {
          if (names.has(input.name)) throw new AwsError('ExecutionAlreadyExists', 'it is there already');
          names.add(input.name);
          started.push({ ...input, at: account.clock.now, by: caller.arn });
          return {};
        },
      }),
      operation<Invoked, unknown>({
        service: 'lambda',
        name: 'Invoke',
        input: { FunctionName: 'string', InvocationType: 'string', Payload: 'blob' },
        permissions: () => [],
        run: (input, { caller }) => {
          if (caller.kind === 'service') invoked.push([caller.arn, caller.sourceArn, input]);
          return {};
        },
      }),
    ]);
    const sns: Partial<Sns> = { publish: (_caller, _topic, { message }) => published.push(message) };
    return { events: createEvents(account), sqs: createSqs(account), sns: sns as Sns };
  }, options);
  given.sqs.createQueue({ name: 'dead-letters', arn: deadLetterArn, visibilityTimeoutSeconds: 30, messageRetentionSeconds: 1_209_600 });
  given.sqs.setQueuePolicy(deadLetterArn, policyFor('events.amazonaws.com', ruleArn));
  const deadLetters = () => given.ask<DeadLetters>('sqs', 'ReceiveMessage', { QueueUrl: deadLetterUrl, MessageAttributeNames: ['All'] });
  return { ...given, started, invoked, published, deadLetters };
};
