import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { TransientAwsError } from '../../aws/sdk-errors.js';
import { outcomes, reasons } from '../../core/result/result.js';
import { assumptions } from '../../emulator/assumptions.js';
import { loadSteps } from '../../stack/steps.js';
import { givenStates, invoke } from '../emulator/states/support.js';
import {
  decisionErrors,
  everyFunctionTask,
  everyState,
  everyTask,
  fileOf,
  isWaiting,
  type Machine,
  machine,
  membersOf,
  type State,
  sourceOf,
  stepOf,
} from './machines.js';

type Settings = { readonly handler?: string; readonly role?: string; readonly timeout?: number };
type Serverless = { readonly provider: { readonly timeout: number }; readonly functions: readonly (Record<string, Settings> | string)[] };

const unresolved = ['!Ref', '!Sub', '!GetAtt'].map((tag) => ({ tag, resolve: (text: string) => text }));
const { provider, functions } = parse(readFileSync('serverless.yml', 'utf8'), { customTags: unresolved }) as Serverless;
const functionsByName = Object.assign({}, ...functions.filter((one) => typeof one === 'object')) as Record<string, Settings>;

const lambdaErrors = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
  'States.Timeout',
];

describe.each(everyTask)('the task $machine $name', ({ name, state }) => {
  test('has a resource and a time-out', () => {
    expect(state.Resource).toMatch(/^arn:aws:states:::(lambda:invoke(\.waitForTaskToken)?|states:startExecution\.sync:2)$/);
    expect(state.TimeoutSeconds).toEqual(isWaiting(state) ? expect.stringMatching(/\$seconds\b|\$deadline\b/) : expect.any(Number));
  });

  test('is retried for named errors only, not for all errors, rejected input or results', () => {
    const retried = (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);

    expect(retried.length).toBeGreaterThan(0);
    for (const error of retried) {
      expect(['States.ALL', 'States.TaskFailed', 'States.Runtime', 'RejectedInput', 'Error']).not.toContain(error);
      expect([...outcomes, ...reasons]).not.toContain(error);
    }
  });

  test('is retried with full jitter, with growing intervals and a limited number of attempts', () => {
    for (const { IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds, JitterStrategy } of state.Retry ?? []) {
      expect(JitterStrategy).toBe('FULL');
      expect(IntervalSeconds).toBeGreaterThanOrEqual(1);
      expect(BackoffRate).toBeGreaterThan(1);
      expect(MaxDelaySeconds).toBeGreaterThanOrEqual(30);
      expect(MaxAttempts).toBeGreaterThanOrEqual(3);
      // A release waits for days, a before task runs for hours: both outlive a failure of AWS.
      expect(MaxAttempts).toBeLessThanOrEqual(['PassGates', 'RunBeforeTask'].includes(name) ? 50 : 10);
    }
  });

  test('catches all errors last', () => {
    const caught = (state.Catch ?? []).map(({ ErrorEquals }) => ErrorEquals);

    // The input and output of a child, or the answer of a user's function, may be too large, which States.ALL may not cover.
    const before = ['DeployService', 'InvokeVerifier'].includes(name) ? ['States.DataLimitExceeded'] : [];
    const waits = isWaiting(state) ? ['Woken', 'States.Timeout', ...(decisionErrors[name] ?? [])] : [];
    expect(caught).toEqual([...before, ...waits, 'States.ALL'].map((error) => [error]));
  });
});

test.each(assumptions.dataLimitExceededInStatesAll)(
  'a child whose input and output are too large leads to the end of its service, if States.DataLimitExceeded is %s by States.ALL',
  async (dataLimitExceededInStatesAll) => {
    const { runStates, path } = givenStates({ work: () => 'x'.repeat(262_144), assumptions: { dataLimitExceededInStatesAll } });
    const inner = machine('release').States.DeployServices?.ItemProcessor as Machine;
    const { Catch } = inner.States.DeployService as State;

    const { arn, status } = await runStates({
      DeployService: invoke({ Catch, Next: 'DeploymentFinished' }),
      DeploymentFinished: { Type: 'Succeed' },
    });

    expect({ status, path: path(arn) }).toEqual({ status: 'SUCCEEDED', path: ['DeployService', 'DeploymentFinished'] });
  },
);

describe.each(everyFunctionTask)('the function of $machine $name', ({ name, state }) => {
  const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

  test('has the name of its state in the machine, in its file and in serverless.yml', () => {
    // Without a version, it has the configuration that is deployed when it runs.
    const isNewest = name === 'PassGates';
    expect(state.Arguments?.FunctionName).toBe(
      isNewest ? `arn:aws:lambda:eu-west-1:123456789012:function:slipway-dev-${key}` : `GetAtt ${key}.Arn`,
    );
    expect(existsSync(fileOf(name))).toBe(true);
    expect(sourceOf(name)).toContain(`export const ${key} =`);
    expect(functionsByName[key]).toMatchObject({ handler: fileOf(name).replace(/\.ts$/, '.handler'), role: `${name}Role` });
  });

  // A state that waits may be left at any moment: its visit number refuses what its function does after that.
  if (!isWaiting(state))
    test('times out before its state does, so that no function runs longer than its state', () => {
      expect(functionsByName[key]?.timeout ?? provider.timeout).toBeLessThan(Number(state.TimeoutSeconds));
    });

  test('declares what follows a failure and what a second run does', async () => {
    expect(await stepOf(name)).toMatchObject({ onFailure: expect.stringMatching(/./), onRepeat: expect.stringMatching(/./) });
  });

  test('gets exactly the members of its input', async () => {
    expect(Object.keys(state.Arguments?.Payload ?? {}).sort()).toEqual((await membersOf(name)).sort());
  });

  test('is retried for transient errors of Lambda and AWS', () => {
    const retried = [...lambdaErrors, new TransientAwsError('').name].filter((error) => error !== 'States.Timeout' || !isWaiting(state));

    expect(state.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(retried);
  });
});

test('a function that verifies is not invoked again after it failed or timed out: that is its invocation', () => {
  const { Retry = [] } = machine('deployment').States.InvokeVerifier ?? {};

  expect(Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(lambdaErrors.slice(0, 5));
});

test('every function of serverless.yml has a step, and every step a function', async () => {
  const others = ['slack.yml', 'reconcile.yml', 'alarm-events.yml', 'scan-events.yml'].flatMap((file) => {
    const part = parse(readFileSync(`stack/${file}`, 'utf8'), { customTags: unresolved }) as { functions: Record<string, Settings> };
    return Object.keys(part.functions);
  });

  expect([...Object.keys(functionsByName), ...others].sort()).toEqual((await loadSteps()).map(({ key }) => key).sort());
});

test('every state except Choices has a comment', () => {
  expect(everyState.filter(({ state }) => state.Type !== 'Choice' && !state.Comment).map(({ name }) => name)).toEqual([]);
});

test('no function waits or reads the clock, except the one that requests a URL again and again', () => {
  for (const { name } of everyFunctionTask.filter((one) => one.name !== 'VerifyUrl'))
    expect(sourceOf(name)).not.toMatch(/setTimeout|setInterval|Date\.now|new Date\(\)|Math\.random|performance\./);
});
