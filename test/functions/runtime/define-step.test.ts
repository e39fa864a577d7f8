import * as v from 'valibot';
import { RejectedInput } from '../../../core/result/rejected-input.js';
import { unfinished } from '../../../core/result/result.js';
import { type Decision, decided, WaitingStepInput } from '../../../core/step/contracts.js';
import { defineStep } from '../../../functions/runtime/define-step.js';
import { defineWaitingStep } from '../../../functions/runtime/define-waiting-step.js';
import type { Environment } from '../../../functions/runtime/environment.js';
import { variable } from '../../../functions/runtime/environment.js';
import { logger } from '../../../functions/runtime/logger.js';
import { type Answer, fakeAws } from '../../aws/fake-aws.js';
import { configuration } from '../../core/given.js';
import { sdkError } from '../given-failure.js';
import { waiting } from '../given-waiting.js';

const environment: Environment = {
  configuration,
  variables: { TABLE_NAME: 'slipway', EMPTY: '' },
  clients: { region: 'eu-west-1', maxAttempts: 1 },
  now: () => new Date(0),
};
const Input = v.object({ service: v.string() });
const stepOf = <Output>(run: (environment: Environment) => (input: v.InferOutput<typeof Input>) => Promise<Output>) =>
  defineStep({ name: 'Try', input: Input, permissions: [], run }).step;
const thatThrows = (error: unknown) =>
  stepOf(() => async () => {
    throw error;
  }).in(environment);

test('a step gets the payload of the state, without members that its input does not declare', async () => {
  const run = stepOf(() => async (input) => input).in(environment);

  expect(await run({ service: 'production/web', tomorrow: 1 })).toEqual({ service: 'production/web' });
});

test.each([undefined, null, 'text', [], {}, { service: 7 }])('the payload %j is rejected before the step runs', async (payload) => {
  let runs = 0;
  const run = stepOf(() => async () => runs++).in(environment);

  await expect(run(payload)).rejects.toMatchObject({ name: 'ValiError' });
  expect(runs).toBe(0);
});

test('a step is created once for all payloads', async () => {
  let made = 0;
  const run = stepOf(() => {
    made++;
    return async () => made;
  }).in(environment);

  expect([await run({ service: 'a' }), await run({ service: 'b' })]).toEqual([1, 1]);
});

test('a transient error becomes a TransientAwsError, which Step Functions retries, with the original error as its cause', async () => {
  const cause = sdkError('ThrottlingException', 'Rate exceeded');

  await expect(thatThrows(cause)({ service: 'a' })).rejects.toMatchObject({
    name: 'TransientAwsError',
    message: 'ThrottlingException: Rate exceeded',
    cause,
  });
});

test.each([
  sdkError('AccessDeniedException', 'User is not authorized to perform ecs:UpdateService'),
  sdkError('ClusterNotFoundException'),
  new RejectedInput('no'),
  new TypeError('x is not a function'),
])('%s keeps its name, and is not retried', async (error) => {
  await expect(thatThrows(error)({ service: 'a' })).rejects.toBe(error);
});

test('a variable that is not set, or empty, is named together with the file that sets it', () => {
  expect(variable(environment, 'TABLE_NAME')).toBe('slipway');
  for (const name of ['EMPTY', 'TOPIC_ARN'])
    expect(() => variable(environment, name)).toThrow(`the environment variable ${name} is not set; serverless.yml sets it`);
});

describe('a step that waits for its token', () => {
  const that = (decide: () => Promise<Decision<string> | undefined>) =>
    defineWaitingStep({ name: 'Wait', input: WaitingStepInput, permissions: undefined, run: () => decide });
  const run = async (decide: () => Promise<Decision<string> | undefined>, answer: Answer = [200, {}]) => {
    const { settings, calls } = fakeAws(() => answer);
    return { calls, answer: await that(decide).step.in({ ...environment, clients: settings })(waiting()) };
  };
  const proceed = decided('proceed', unfinished);

  test('answers the token with its decision', async () => {
    const { calls, answer } = await run(async () => proceed);

    expect(calls).toEqual([{ operation: 'SendTaskSuccess', input: { taskToken: 'token of the visit', output: JSON.stringify(proceed) } }]);
    expect(answer).toEqual({ ...proceed, isAccepted: true });
  });

  test('answers nothing while it waits', async () => {
    expect(await run(async () => undefined)).toEqual({ calls: [], answer: { action: 'wait', isAccepted: false } });
  });

  test('that is late has its answer refused, which is no failure', async () => {
    const { answer } = await run(async () => proceed, [400, { __type: 'TaskTimedOut', message: 'Task Timed Out' }]);

    expect(answer).toEqual({ ...proceed, isAccepted: false });
  });

  test('whose answer cannot be sent fails, so that it is tried again', async () => {
    await expect(run(async () => proceed, [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }])).rejects.toMatchObject({
      name: 'TransientAwsError',
    });
  });

  test('that fails answers nothing: its state fails with its error', async () => {
    const { settings, calls } = fakeAws(() => [200, {}]);
    const { step } = that(() => Promise.reject(new TypeError('x is not a function')));

    await expect(step.in({ ...environment, clients: settings })(waiting())).rejects.toMatchObject({ name: 'TypeError' });
    expect(calls).toEqual([]);
  });

  test.each<[string, () => Promise<undefined>, string]>([
    ['answers', async () => undefined, 'out'],
    ['fails', () => Promise.reject(new TypeError('x is not a function')), 'failed'],
  ])('that %s never logs its token: who has it can answer for the function', async (_, decide, last) => {
    Object.assign(globalThis, { SLIPWAY_CONFIGURATION: configuration });
    const lines: unknown[][] = [];
    const { info, error } = { info: jest.spyOn(logger, 'info'), error: jest.spyOn(logger, 'error') };
    for (const log of [info, error]) log.mockImplementation((...line) => lines.push(line) as never);
    const { handler } = that(decide);

    await handler(waiting(), {} as never).catch(() => undefined);
    for (const log of [info, error]) log.mockRestore();

    expect(lines.map(([message]) => message)).toEqual(['in', last]);
    const { record } = waiting();
    expect(JSON.stringify([lines, logger.getPersistentLogAttributes()])).toContain(record);
    expect(JSON.stringify([lines, logger.getPersistentLogAttributes()])).not.toContain(waiting().token);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['answers', async () => ({ did: 'unknown' }), 'out'],
    ['fails', () => Promise.reject(new TypeError('x is not a function')), 'failed'],
  ])('a function that %s and logs once has what it got in that line', async (_, run, last) => {
    Object.assign(globalThis, { SLIPWAY_CONFIGURATION: configuration });
    const lines: unknown[][] = [];
    const spies = [jest.spyOn(logger, 'info'), jest.spyOn(logger, 'error')];
    for (const log of spies) log.mockImplementation((...line) => lines.push(line) as never);
    const { handler } = defineStep({ name: 'Once', input: v.unknown(), permissions: undefined, logsOnce: true, run: () => run });

    await handler({ source: 'aws.ecs' }, {} as never).catch(() => undefined);
    for (const log of spies) log.mockRestore();

    expect(lines).toEqual([[last, expect.objectContaining({ payload: { source: 'aws.ecs' } })]]);
  });

  test('whose input is none of its own never logs its token', async () => {
    Object.assign(globalThis, { SLIPWAY_CONFIGURATION: configuration });
    const level = logger.getLevelName();
    logger.setLogLevel('INFO');
    const written: string[] = [];
    const write = (stream: NodeJS.WriteStream) => jest.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const spies = [write(process.stdout), write(process.stderr)];
    const { handler } = that(async () => undefined);

    const failing = handler({ ...waiting(), visit: { number: 'one', retry: 0 } }, {} as never);
    await expect(failing).rejects.toMatchObject({ name: 'ValiError' });
    for (const spy of spies) spy.mockRestore();
    logger.setLogLevel(level);

    expect(written.join()).toContain('ValiError');
    expect(written.join()).not.toContain(waiting().token);
  });
});
