import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { HttpHandler } from '@smithy/core/protocols';
import { strToU8, zipSync } from 'fflate';
import type { Assumptions } from '../../../emulator/assumptions.js';
import { createEmulator, type Emulator } from '../../../emulator/emulator.js';
import type { ExecutionView } from '../../../emulator/states/api.js';

const region = 'eu-west-1';
const roleArn = 'arn:aws:iam::123456789012:role/ask';
const machineRoleArn = 'arn:aws:iam::123456789012:role/machine';
const functionArn = `arn:aws:lambda:${region}:123456789012:function:ask`;
const machineArn = `arn:aws:states:${region}:123456789012:stateMachine:machine`;

type Code = (client: SFNClient, payload: { readonly token: string; readonly visit: number }) => Promise<unknown>;

const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Begin',
  States: {
    Begin: { Type: 'Pass', Assign: { visit: 1 }, Next: 'Ask' },
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}', visit: '{% $visit %}' } },
      TimeoutSeconds: '{% $visit = 1 ? 10 : 3600 %}',
      Output: '{% $states.result %}',
      Catch: [
        { ErrorEquals: ['Woken', 'States.Timeout'], Assign: { visit: '{% $visit + 1 %}' }, Next: 'Ask' },
        { ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Failed' },
      ],
      End: true,
    },
    Failed: { Type: 'Pass', End: true },
  },
};

const emulators: Emulator[] = [];
const folder = mkdtempSync(join(tmpdir(), 'callbacks-'));
afterEach(async () => {
  for (const emulator of emulators.splice(0)) await emulator.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A machine that waits for its function's answer. The function runs from `code`, in process, or from a zip file, in a worker. */
const given = ({
  code,
  zipPath,
  resource = '*',
  assumptions = {},
}: {
  code?: Code;
  zipPath?: string;
  resource?: string;
  assumptions?: Partial<Assumptions>;
}) => {
  const emulator = createEmulator({
    assumptions,
    ...(code && {
      functionCode: (_spec, { environment, requestHandler }) => {
        const client = new SFNClient({
          region,
          credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: 'secret' },
          maxAttempts: 1,
          requestHandler: requestHandler as HttpHandler,
        });
        return (payload) => code(client, payload as Parameters<Code>[1]);
      },
    }),
  });
  emulators.push(emulator);
  const { account } = emulator;
  const { iam, lambda, states } = account.services;
  const role = (arn: string, service: string, action: string, on: string) =>
    iam.putRole({
      arn,
      trust: { Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] },
      policies: [{ Statement: [{ Effect: 'Allow', Action: action, Resource: on }] }],
    });
  role(roleArn, 'lambda.amazonaws.com', 'states:SendTask*', resource);
  role(machineRoleArn, 'states.amazonaws.com', 'lambda:InvokeFunction', functionArn);
  lambda.createFunction({
    name: 'ask',
    arn: functionArn,
    roleArn,
    handler: 'index.handler',
    zipPath,
    environment: {},
    timeoutSeconds: 60,
    memoryMb: 256,
  });
  states.createStateMachine({ name: 'machine', arn: machineArn, roleArn: machineRoleArn, definition });
  const client = new SFNClient(emulator.clientConfig());
  const start = () => client.send(new StartExecutionCommand({ stateMachineArn: machineArn }));
  const execution = (): ExecutionView => states.executions()[0] as ExecutionView;
  const ended = async () => {
    await start();
    await account.clock.run({ until: () => execution().status !== 'RUNNING' });
    await account.clock.advance(120_000);
    return execution();
  };
  return { emulator, account, client, start, execution, ended };
};

const succeed = (client: SFNClient, taskToken: string, output: unknown = 'done') =>
  client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));

const answering: Code = (client, { token, visit }) => succeed(client, token, { visit });

test('a function answers its own token with the SDK', async () => {
  const { ended } = given({ code: answering });

  expect(await ended()).toMatchObject({ status: 'SUCCEEDED', output: { visit: 1 } });
});

describe('a packaged function, over HTTP,', () => {
  const zipPath = join(folder, 'ask.zip');
  const handler = `
    const send = async (operation, input) => {
      const { AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL } = process.env;
      const answer = await fetch(AWS_ENDPOINT_URL, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AWSStepFunctions.' + operation,
          authorization: 'AWS4-HMAC-SHA256 Credential=' + AWS_ACCESS_KEY_ID + '/20261123/eu-west-1/states/aws4_request',
        },
        body: JSON.stringify(input),
      });
      if (!answer.ok) throw new Error(await answer.text());
    };
    export const handler = async ({ token: taskToken }) => {
      await send('SendTaskHeartbeat', { taskToken });
      await send('SendTaskSuccess', { taskToken, output: '"over HTTP"' });
    };`;
  beforeAll(() => writeFileSync(zipPath, zipSync({ 'index.mjs': strToU8(handler) })));

  test('answers its own token', async () => {
    const { emulator, ended } = given({ zipPath });
    await emulator.listen({ port: 0 });

    expect(await ended()).toMatchObject({ status: 'SUCCEEDED', output: 'over HTTP' });
  });

  test.each([
    [1, 'Runtime.ExitError'],
    [2, 'over HTTP'],
  ])('is killed after %i requests', async (afterRequests, output) => {
    const { emulator, account, ended } = given({ zipPath });
    await emulator.listen({ port: 0 });
    account.faults.injectInvocation({ function: 'ask', kind: 'killed', afterRequests });

    expect(await ended()).toMatchObject({ status: 'SUCCEEDED', output });
    expect(account.log.of('lambda', 'failed')).toMatchObject([{ detail: { errorType: 'Runtime.ExitError' } }]);
  });
});

test('a role needs the permission to answer on all resources', async () => {
  const errors: unknown[] = [];
  const code: Code = async (client, { token: taskToken }) => {
    const commands = [new SendTaskFailureCommand({ taskToken }), new SendTaskHeartbeatCommand({ taskToken })];
    await succeed(client, taskToken).catch((error: Error) => errors.push(error.name));
    for (const command of commands) await client.send(command as SendTaskHeartbeatCommand).catch((error: Error) => errors.push(error.name));
    throw new Error('denied');
  };

  expect(await given({ code, resource: machineArn }).ended()).toMatchObject({ output: 'Error' });
  expect(errors).toEqual(Array(3).fill('AccessDeniedException'));
});

test('3,000 answers at once share one limit, and 500 pass in each second after', async () => {
  const { account, client } = given({ code: answering });
  const { rateLimit } = account.operation('states', 'SendTaskSuccess') ?? {};
  for (let count = 0; count < 2999; count++) if (rateLimit) account.throttle.take(rateLimit);

  const errorOf = (command: object) => client.send(command as SendTaskHeartbeatCommand).catch(({ name }: Error) => name);
  const taskToken = 'unknown';
  const first = await errorOf(new SendTaskHeartbeatCommand({ taskToken }));
  const second = await errorOf(new SendTaskFailureCommand({ taskToken }));
  await account.clock.advance(2);
  const third = await errorOf(new SendTaskSuccessCommand({ taskToken, output: '1' }));
  const fourth = await errorOf(new SendTaskSuccessCommand({ taskToken, output: '1' }));

  expect([first, second, third, fourth]).toEqual(['InvalidToken', 'ThrottlingException', 'InvalidToken', 'ThrottlingException']);
});

describe('faults', () => {
  const lost: Code = async (client, { token, visit }) => {
    if (visit > 1) await succeed(client, token, { visit });
    else await client.send(new SendTaskFailureCommand({ taskToken: token, error: 'Woken' }));
  };

  test.each([
    ['timeoutAfter', 'takes effect, and the function learns nothing of it', 0, 'Woken'],
    ['timeoutBefore', 'has no effect', 10, undefined],
    ['delayedEffect', 'is refused when it takes effect after the time-out', 10, undefined],
  ] as const)('an answer whose own answer is lost (%s) %s', async (kind, _, seconds, error) => {
    const { account, ended, execution } = given({ code: lost });
    account.faults.inject({ on: 'states.SendTaskFailure', kind });

    const { output, startTime, arn } = await ended();

    const history = account.services.states.history(arn);
    const left = history.find(({ type }) => type === 'TaskStateExited');
    expect(output).toEqual({ visit: 2 });
    expect(Math.floor((Number(left?.timestamp) - startTime) / 1000)).toBe(seconds);
    expect(history.find(({ type }) => type === 'TaskFailed')?.taskFailedEventDetails?.error).toBe(error);
    expect(account.log.of('lambda', 'timed-out')).toHaveLength(1);
    expect(execution().status).toBe('SUCCEEDED');
  });

  test('a function that starts after its state was left finds its token closed', async () => {
    const errors: unknown[] = [];
    const code: Code = (client, payload) => answering(client, payload).catch((error: unknown) => errors.push(error));
    const { account, ended } = given({ code });
    account.faults.injectInvocation({ function: 'ask', kind: 'startsLate', delayMs: 15_000 });

    expect(await ended()).toMatchObject({ output: { visit: 2 } });
    expect(errors).toEqual([expect.any(TaskTimedOut)]);
  });

  test.each([
    ['accepted', { visit: 1 }],
    ['afterReturn', { visit: 2 }],
  ] as const)('a function that returns after its state has timed out, when an early answer is %s', async (callbackBeforeReturn, output) => {
    const { account, ended } = given({ code: answering, assumptions: { callbackBeforeReturn } });
    account.faults.injectInvocation({ function: 'ask', kind: 'returnsLate', delayMs: 15_000 });

    expect(await ended()).toMatchObject({ status: 'SUCCEEDED', output });
    expect(account.log.of('lambda', 'answered')).toHaveLength(output.visit);
  });

  test.each([
    ['accepted', { visit: 1 }],
    ['afterReturn', 'Runtime.ExitError'],
  ] as const)('a function that is killed after its answer, when an early answer is %s', async (callbackBeforeReturn, output) => {
    const { account, ended } = given({ code: answering, assumptions: { callbackBeforeReturn } });
    account.faults.injectInvocation({ function: 'ask', kind: 'killed' });

    expect(await ended()).toMatchObject({ status: 'SUCCEEDED', output });
  });
});
