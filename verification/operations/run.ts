import { createEmulator, type Emulator } from '../../emulator/emulator.js';
import { functionName, roleArn, stackName, steps, topicArn } from './calls.js';
import { createSend } from './clients.js';
import { type Form, formOf, mergedForms } from './form.js';

export type Run = {
  /** By operation, as in `ecs.DescribeServices`: the members that its answers had. */
  readonly answers: ReadonlyMap<string, Form>;
  /** Members of answers that the API model lacks, which a client loses. */
  readonly unknown: readonly string[];
  /** Operations that the SDK sent, and the emulator did not answer. */
  readonly refused: readonly string[];
};

/** What requests cannot create: a stack, a function, a topic, and the role of both. */
const prepare = async (emulator: Emulator): Promise<void> => {
  const { account } = emulator;
  const { iam, lambda, sns, logs } = account.services;
  const boundaryArn = `${roleArn}s-boundary`;
  iam.putPolicy(boundaryArn, { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  const principals = ['lambda.amazonaws.com', 'states.amazonaws.com'];
  iam.putRole({
    arn: roleArn,
    trust: { Statement: [{ Effect: 'Allow', Principal: { Service: principals }, Action: 'sts:AssumeRole' }] },
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
  logs.createLogGroup('/ecs/web');
  await emulator.deploy({
    stackName,
    template: {
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'of-the-stack' } } },
      Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } },
    },
  });
};

/** Calls every operation through the JavaScript SDK, with what the SDK fills in. */
export const callEveryOperation = async (): Promise<Run> => {
  const emulator = createEmulator({ staleReadMs: 0, functionCode: () => async (payload) => payload });
  const { account } = emulator;
  await prepare(emulator);
  const forms = new Map<string, Form[]>();
  const [unknown, refused]: [Set<string>, string[]] = [new Set(), []];
  // What the emulator answers, before a client drops the members that it does not know.
  let raw: unknown;
  const request = account.request.bind(account);
  account.request = async (...given) => {
    const answer = await request<never>(...given);
    raw = answer;
    return answer;
  };
  const answers = new Map<string, Record<string, unknown>>();
  const send = createSend(emulator.clientConfig());
  for (const step of steps) {
    if ('minutes' in step) {
      await account.clock.advance(step.minutes * 60_000);
      continue;
    }
    const [service, operation, given] = step;
    const name = `${service}.${operation}`;
    try {
      const input = typeof given === 'function' ? given((other) => answers.get(other) ?? {}) : given;
      // Some requests take virtual time.
      const sent = send(service, operation, input);
      await Promise.race([sent, account.clock.advance(1000)]);
      const { output, schema } = await sent;
      answers.set(operation, output);
      forms.set(name, [...(forms.get(name) ?? []), formOf(raw, schema, name, (path) => unknown.add(path))]);
    } catch (error) {
      refused.push(`${name}: ${error}`);
    }
  }
  await emulator.close();
  return {
    answers: new Map([...forms].map(([name, each]) => [name, mergedForms(each) as Form])),
    unknown: [...unknown],
    refused,
  };
};
