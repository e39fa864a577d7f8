import { existsSync, readFileSync } from 'node:fs';
import type * as v from 'valibot';
import { parse } from 'yaml';
import { AwsTrouble } from '../../aws/trouble.js';
import * as contracts from '../../core/contracts.js';
import { outcomes, reasons } from '../../core/result/result.js';
import { everyFunctionTask, everyTask, fileOf, schemaNameOf, sourceOf } from './machines.js';

type Settings = { readonly handler?: string; readonly timeout?: number };
type Serverless = { readonly provider: { readonly timeout: number }; readonly functions: readonly (Record<string, Settings> | string)[] };

const unresolved = ['!Ref', '!Sub', '!GetAtt'].map((tag) => ({ tag, resolve: (text: string) => text }));
const { provider, functions } = parse(readFileSync('serverless.yml', 'utf8'), { customTags: unresolved }) as Serverless;
const functionsByName = Object.assign({}, ...functions.filter((one) => typeof one === 'object')) as Record<string, Settings>;

const lambdaErrors = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
  'States.Timeout',
];

test('the machines have the tasks that the design has', () => {
  expect(everyTask.map(({ machine, name }) => `${machine} ${name}`)).toEqual([
    'deployment OpenDeployment',
    'deployment AcquireLease',
    'deployment RegisterRevision',
    'deployment UpdateService',
    'deployment CheckRollout',
    'deployment RollBack',
    'deployment CloseDeployment',
    'deployment Notify',
    'release PlanRelease',
    'release DeployService',
    'release JudgeStage',
    'release CloseRelease',
    'release Notify',
  ]);
});

describe.each(everyTask)('the task $machine $name', ({ name, state }) => {
  test('has a resource and a time-out', () => {
    expect(state.Resource).toMatch(/^arn:aws:states:::(lambda:invoke|states:startExecution\.sync:2)$/);
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
  });

  test('is retried for caught that it names, never for everything, never for a refusal or an end of ours', () => {
    const retried = (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);

    expect(retried.length).toBeGreaterThan(0);
    for (const error of retried) {
      expect(['States.ALL', 'States.TaskFailed', 'States.Runtime', 'RejectedInput', 'Error']).not.toContain(error);
      expect([...outcomes, ...reasons]).not.toContain(error);
    }
  });

  test('is retried with full jitter, ever later, and not for ever', () => {
    for (const { IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds, JitterStrategy } of state.Retry ?? []) {
      expect(JitterStrategy).toBe('FULL');
      expect(IntervalSeconds).toBeGreaterThanOrEqual(1);
      expect(BackoffRate).toBeGreaterThan(1);
      expect(MaxDelaySeconds).toBeGreaterThanOrEqual(30);
      expect(MaxAttempts).toBeGreaterThanOrEqual(3);
      expect(MaxAttempts).toBeLessThanOrEqual(10);
    }
  });

  test('catches everything, alone and last', () => {
    const caught = (state.Catch ?? []).map(({ ErrorEquals }) => ErrorEquals);

    // A child's input and output may be large: the one error that States.ALL does not cover.
    expect(caught).toEqual(name === 'DeployService' ? [['States.DataLimitExceeded'], ['States.ALL']] : [['States.ALL']]);
  });
});

describe.each(everyFunctionTask)('the function of $machine $name', ({ name, state }) => {
  const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

  test('has the name of its state, in the machine, in its file and in serverless.yml', () => {
    expect(state.Arguments?.FunctionName).toBe(`GetAtt ${key}.Arn`);
    expect(existsSync(fileOf(name))).toBe(true);
    expect(sourceOf(name)).toContain(`export const ${key} =`);
    expect(functionsByName[key]?.handler).toBe(fileOf(name).replace(/\.ts$/, '.handler'));
  });

  test('is over before its state gives it up, so that no function outlives its turn', () => {
    expect(functionsByName[key]?.timeout ?? provider.timeout).toBeLessThan(state.TimeoutSeconds ?? 0);
  });

  test('gets what its schema asks for, no less and no more', () => {
    const schema = (contracts as Record<string, unknown>)[schemaNameOf(name)] as v.ObjectSchema<v.ObjectEntries, undefined>;

    expect(Object.keys(state.Arguments?.Payload ?? {}).sort()).toEqual(Object.keys(schema.entries).sort());
  });

  test('is retried for what Lambda and AWS may do better next time', () => {
    expect(state.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual([...lambdaErrors, new AwsTrouble('').name]);
  });
});

test('every function of serverless.yml is a task of a machine, but for the sweep', () => {
  const tasks = everyFunctionTask.map(({ name }) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`);
  expect(Object.keys(functionsByName).sort()).toEqual([...new Set([...tasks, 'sweep'])].sort());
});

test('no function waits or looks at the clock: the machine does', () => {
  for (const { name } of everyFunctionTask)
    expect(sourceOf(name)).not.toMatch(/setTimeout|setInterval|Date\.now|new Date\(\)|Math\.random|performance\./);
});
