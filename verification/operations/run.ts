import { createEmulator, type Emulator } from '../../emulator/emulator.js';
import { functionName, identityProviderArn, roleArn, ruleName, type Step, stackName, steps, topicArn } from './calls.js';
import { createSend } from './clients.js';
import { type Form, formOf, mergedForms } from './form.js';

/** The newest answer of each operation. */
export type Answers = Map<string, Record<string, unknown>>;

type Send = (service: string, operation: string, input: object) => Promise<Record<string, unknown>>;

export type Run = {
  /** By operation, as in `ecs.DescribeServices`: the members that its answers had. */
  readonly answers: ReadonlyMap<string, Form>;
  /** Members of answers that the API model lacks, which a client loses. */
  readonly unknown: readonly string[];
  /** Operations that the SDK sent, and the emulator did not answer. */
  readonly refused: readonly string[];
};

/** An account without stale reads, with functions that answer what they are given. */
export const createAccount = (): Emulator => createEmulator({ staleReadMs: 0, functionCode: () => async (payload) => payload });

/** Creates what requests cannot create: a stack, a function, a topic, a log group, and their role. */
export const prepare = async (emulator: Emulator): Promise<void> => {
  const { account } = emulator;
  const { events, iam, lambda, sns, logs } = account.services;
  const boundaryArn = `${roleArn}s-boundary`;
  iam.putPolicy(boundaryArn, { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  const principals = ['lambda.amazonaws.com', 'states.amazonaws.com'];
  iam.putRole({
    arn: roleArn,
    trust: {
      Statement: [
        { Effect: 'Allow', Principal: { Service: principals }, Action: 'sts:AssumeRole' },
        { Effect: 'Allow', Principal: { Federated: identityProviderArn }, Action: 'sts:AssumeRoleWithWebIdentity' },
      ],
    },
    policies: [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
    boundaryArn,
  });
  lambda.createFunction({
    name: functionName,
    arn: account.arn('lambda', `function:${functionName}`),
    roleArn,
    handler: 'index.handler',
    zipPath: undefined,
    environment: {},
    timeoutSeconds: 3,
    memoryMb: 128,
  });
  sns.createTopic({ name: 'deployments', arn: topicArn });
  events.putRule({
    name: ruleName,
    arn: account.arn('events', `rule/${ruleName}`),
    isEnabled: true,
    scheduleExpression: 'cron(0 3 * * ? *)',
    targets: [
      {
        id: functionName,
        arn: account.arn('lambda', `function:${functionName}`),
        deadLetterArn: account.arn('sqs', 'of-the-stack'),
        maximumRetryAttempts: 2,
        maximumEventAgeSeconds: 300,
      },
    ],
  });
  logs.createLogGroup('/ecs/web');
  await emulator.deploy({
    stackName,
    template: {
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'of-the-stack' } } },
      Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } },
    },
  });
};

/**
 * Sends requests one after the other, by any transport; each takes up to a second of virtual time. Inputs take what they need from
 * `answers`, which collects the answers. Returns the refusals.
 */
export const sendSteps = async ({ account }: Emulator, given: readonly Step[], send: Send, answers: Answers): Promise<string[]> => {
  const refused: string[] = [];
  const request = account.request.bind(account);
  let passing: Promise<void> | undefined;
  account.request = (...received) => {
    const answer = request<never>(...received);
    // State machines make requests while time passes.
    passing ??= account.clock.advance(1000);
    return answer;
  };
  for (const step of given) {
    if ('minutes' in step) {
      passing = account.clock.advance(step.minutes * 60_000);
      await passing;
      continue;
    }
    passing = undefined;
    const [service, operation, input] = step;
    try {
      const filled = typeof input === 'function' ? input((other) => answers.get(other) ?? {}) : input;
      answers.set(operation, await send(service, operation, filled));
    } catch (error) {
      refused.push(`${service}.${operation}: ${error}`);
    }
    await passing;
  }
  account.request = request;
  return refused;
};

/** Calls every operation through the JavaScript SDK, with what the SDK fills in. */
export const callEveryOperation = async (): Promise<Run> => {
  const emulator = createAccount();
  const { account } = emulator;
  await prepare(emulator);
  const forms = new Map<string, Form[]>();
  const unknown = new Set<string>();
  // What the emulator answers, before a client drops the members that it does not know.
  let raw: unknown;
  const request = account.request.bind(account);
  account.request = async (...given) => {
    const answer = await request<never>(...given);
    raw = answer;
    return answer;
  };
  const sendThroughSdk = createSend(emulator.clientConfig());
  const send: Send = async (service, operation, input) => {
    const { output, schema } = await sendThroughSdk(service, operation, input);
    const name = `${service}.${operation}`;
    forms.set(name, [...(forms.get(name) ?? []), formOf(raw, schema, name, (path) => unknown.add(path))]);
    return output;
  };
  const refused = await sendSteps(emulator, steps, send, new Map());
  await emulator.close();
  return {
    answers: new Map([...forms].map(([name, each]) => [name, mergedForms(each) as Form])),
    unknown: [...unknown],
    refused,
  };
};
