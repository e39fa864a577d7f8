import * as v from 'valibot';
import { RejectedInput } from '../../../core/result/rejected-input.js';
import { defineStep } from '../../../functions/runtime/define-step.js';
import type { Environment } from '../../../functions/runtime/environment.js';
import { variable } from '../../../functions/runtime/environment.js';
import { configuration } from '../../core/given.js';
import { sdkError } from '../given-failure.js';

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
