import jsonata from 'jsonata';
import * as v from 'valibot';
import type { Result } from '../../core/result/result.js';
import type { CaughtError, Decision, OpenDeploymentOutput, StageDecision } from '../../core/step/contracts.js';
import { execution, later, startedAt } from '../core/given.js';
import {
  answerTypeOf,
  everyFunctionTask,
  everyState,
  expressionIn,
  expressionsIn,
  machine,
  machineNames,
  type NamedState,
  statesOf,
  stepOf,
} from './machines.js';

type Variables = Record<string, unknown>;
const context = { Execution: { Id: execution, Name: 'one', StartTime: startedAt }, State: { Name: 'Now', EnteredTime: later } };

/** Evaluates the expressions in a value as Step Functions does: an expression without a result is an error. */
const evaluated = async (value: unknown, bindings: Variables): Promise<unknown> => {
  const expression = expressionIn(value);
  if (expression !== undefined) {
    const result: unknown = await jsonata(expression).evaluate(undefined, bindings);
    if (result === undefined) throw new Error(`${expression} has no result`);
    return result;
  }
  if (Array.isArray(value)) return Promise.all(value.map((one) => evaluated(one, bindings)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    await Promise.all(Object.entries(value).map(async ([key, one]) => [key, await evaluated(one, bindings)] as const)),
  );
};

const begun = async (name: 'deployment' | 'release', input: unknown = {}): Promise<Variables> =>
  (await evaluated(machine(name).States.Begin?.Assign, { states: { input, context } })) as Variables;

const result: Result = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' };
const decision: Decision<'wait'> = { action: 'wait', waitSeconds: 10, result };
const stage: StageDecision = {
  action: 'proceed',
  record: 'repository#my-learn-app release#1',
  stage: 'staging',
  services: [{ service: 'staging/web', name: 'staging-web-1' }],
  result,
};
const opened: OpenDeploymentOutput = {
  action: 'proceed',
  service: 'production/web',
  record: 'service#production/web deployment#1',
  release: '',
  result,
};

const answersByType: Record<string, object> = {
  Decision: decision,
  StageDecision: stage,
  OpenDeploymentOutput: opened,
  Closed: { action: 'notify', result },
};

/** An answer of a function with only the members of its declared type. */
const answerOf = (task: string): object => {
  const type = answerTypeOf(task);
  const members = [...type.matchAll(/(\w+): (\w+)/g)];
  return answersByType[type] ?? Object.fromEntries(members.map(([, name, of]) => [name, of === 'string' ? 'text' : result]));
};

const everyExpression = everyState.flatMap(({ machine: name, name: state, state: definition }) => {
  const { ItemProcessor: _, ...own } = definition;
  return expressionsIn(own).map((expression) => ({ machine: name, state, expression }));
});

/** The names of the variables and functions in an expression, which begin with `$`. */
const namesIn = (expression: string): string[] => {
  const visit = (node: unknown): string[] => {
    if (typeof node !== 'object' || node === null) return [];
    const { type, value } = node as { type?: string; value?: unknown };
    return [...(type === 'variable' ? [String(value)] : []), ...Object.values(node).flatMap(visit)];
  };
  return visit(jsonata(expression).ast());
};

test('the machines have expressions', () => {
  expect(everyExpression.length).toBeGreaterThan(100);
});

test.each(everyExpression)(
  '$machine $state: {% $expression %} parses, and uses only variables that Begin assigns',
  ({ machine: name, expression }) => {
    const known = [...Object.keys(machine(name).States.Begin?.Assign ?? {}), 'states', 'substring', 'type'];

    for (const used of namesIn(expression)) expect(known).toContain(used);
  },
);

test.each(everyState)('$machine $name assigns only variables that Begin assigns', ({ machine: name, state }) => {
  const known = Object.keys(machine(name).States.Begin?.Assign ?? {});
  const assigned = [state, ...(state.Catch ?? [])].flatMap(({ Assign = {} }) => Object.keys(Assign));

  for (const variable of assigned) expect(known).toContain(variable);
});

test.each(machineNames.flatMap((name) => [{}, [], null, 'text', 7, { service: 'production/web' }].map((input) => ({ name, input }))))(
  'Begin of the $name machine takes the input $input',
  async ({ name, input }) => {
    expect(await begun(name, input)).toMatchObject({ input });
  },
);

test.each<[unknown, string]>([
  [{ repository: 'my-learn-app', tag: 'main-7' }, 'my-learn-app'],
  [{ detail: { 'repository-name': 'team/app' } }, 'team/app'],
  [{ repository: 7 }, ''],
  [{ detail: 'x' }, ''],
  [null, ''],
])('a release knows its repository before PlanRelease runs: %j', async (input, repository) => {
  expect(await begun('release', input)).toMatchObject({ repository });
});

test.each<[unknown, object]>([
  [
    { service: 'production/web', image: 'x' },
    { service: 'production/web', release: '', resumes: '' },
  ],
  [
    { service: 'staging/web', release: 'repository#x release#y' },
    { service: 'staging/web', release: 'repository#x release#y' },
  ],
  [{ resume: 'service#x deployment#y' }, { service: '', resumes: 'service#x deployment#y' }],
  [
    { service: 7, release: 7, resume: 7 },
    { service: '', release: '', resumes: '' },
  ],
  [null, { service: '', release: '', resumes: '' }],
])('a deployment knows its service, its release and the record to resume before OpenDeployment runs: %j', async (input, variables) => {
  expect(await begun('deployment', input)).toMatchObject(variables);
});

describe.each(everyFunctionTask)('$machine $name', ({ machine: name, name: task, state }) => {
  const bindings = async (states: object): Promise<Variables> => ({
    ...(await begun(name)),
    states: { input: 'proceed', context, ...states },
  });
  const payload = async (variables: Variables) =>
    v.safeParse((await stepOf(task)).input, await evaluated(state.Arguments?.Payload, variables)).issues;

  test('sends the input of its function when only Begin has assigned variables', async () => {
    expect(await payload(await bindings({}))).toBeUndefined();
  });

  test('sends the input of its function after each state has assigned the answer of its function', async () => {
    let variables = await bindings({});
    for (const { name: other, state: definition } of everyFunctionTask.filter((one) => one.machine === name))
      variables = {
        ...variables,
        ...((await evaluated(definition.Assign ?? {}, {
          ...variables,
          states: { result: { Payload: answerOf(other) }, context },
        })) as Variables),
      };

    expect(await payload(variables)).toBeUndefined();
  });

  test('reads only members that its function answers', async () => {
    const variables = await bindings({ result: { Payload: answerOf(task) } });

    await expect(evaluated({ assign: state.Assign ?? {}, output: state.Output ?? '' }, variables)).resolves.toBeDefined();
  });

  test.each([
    ['with its cause', { Error: 'TransientAwsError', Cause: 'x'.repeat(30_000) }],
    ['without a cause', { Error: 'States.Timeout' }],
    ['with an empty cause', { Error: 'States.Timeout', Cause: '' }],
  ])('passes on an error %s, with at most 1,000 characters of its cause', async (_, errorOutput) => {
    const variables = await bindings({ errorOutput });
    const [caught] = state.Catch ?? [];
    const assigned = (await evaluated(caught?.Assign ?? {}, variables)) as { caught?: CaughtError };

    expect(assigned.caught?.cause.length ?? 0).toBeLessThanOrEqual(1000);
    if (assigned.caught) expect(assigned.caught).toMatchObject({ state: 'Now', error: errorOutput.Error });
    expect(await payload({ ...variables, ...assigned })).toBeUndefined();
  });
});

test('a planned service is deployed with the input of a deployment', async () => {
  const deploy = statesOf('release').find(({ name }) => name === 'DeployService') as NamedState;
  const variables = { ...(await begun('release')), record: stage.record, states: { input: stage.services[0], context } };

  expect(await evaluated(deploy.state.Arguments, variables)).toEqual({
    StateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-deployment',
    Name: 'staging-web-1',
    Input: {
      service: 'staging/web',
      release: stage.record,
      AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: execution,
    },
  });
});

describe('each Choice', () => {
  const go = async ({ machine: name, state }: NamedState, states: object, variables: Variables = {}): Promise<string | undefined> => {
    for (const { Condition, Next } of state.Choices ?? [])
      if ((await evaluated(Condition, { ...(await begun(name)), ...variables, states })) === true) return Next;
    return state.Default;
  };
  const choice = (name: string, of: 'deployment' | 'release' = 'deployment') => statesOf(of).find((one) => one.name === name) as NamedState;

  test.each([
    ['deployment', 'IsOpened', 'proceed', 'AcquireLease'],
    ['deployment', 'IsOpened', 'resume', 'WaitForRollout'],
    ['deployment', 'IsOpened', 'finish', 'CloseDeployment'],
    ['deployment', 'IsLeaseGranted', 'proceed', 'RegisterRevision'],
    ['deployment', 'IsLeaseGranted', 'wait', 'WaitInQueue'],
    ['deployment', 'IsLeaseGranted', 'finish', 'WaitForInFlightCalls'],
    ['deployment', 'IsRegistered', 'proceed', 'UpdateService'],
    ['deployment', 'IsRegistered', 'wait', 'WaitForService'],
    ['deployment', 'IsRegistered', 'finish', 'CloseDeployment'],
    ['deployment', 'IsUpdated', 'wait', 'WaitForRollout'],
    ['deployment', 'IsUpdated', 'register', 'WaitForService'],
    ['deployment', 'IsUpdated', 'finish', 'WaitForInFlightCalls'],
    ['deployment', 'IsRolloutComplete', 'wait', 'WaitForRollout'],
    ['deployment', 'IsRolloutComplete', 'update', 'UpdateService'],
    ['deployment', 'IsRolloutComplete', 'rollBack', 'RollBack'],
    ['deployment', 'IsRolloutComplete', 'finish', 'CloseDeployment'],
    ['deployment', 'IsRollbackStarted', 'wait', 'WaitForRollout'],
    ['deployment', 'IsRollbackStarted', 'finish', 'WaitForInFlightCalls'],
    ['deployment', 'IsReporting', 'notify', 'Notify'],
    ['deployment', 'IsReporting', 'finish', 'IsSuccessful'],
    ['release', 'IsPlanned', 'proceed', 'DeployStage'],
    ['release', 'IsPlanned', 'finish', 'CloseRelease'],
    ['release', 'IsStageComplete', 'proceed', 'DeployStage'],
    ['release', 'IsStageComplete', 'finish', 'CloseRelease'],
  ] as const)('%s %s: "%s" leads to %s', async (of, name, input, next) => {
    expect(await go(choice(name, of), { input })).toBe(next);
  });

  test.each(['something new', '', null, 7, {}])('an undeclared action (%j) leads to the end', async (input) => {
    for (const one of everyState.filter(({ state }) => state.Choices?.some(({ Condition }) => Condition.includes('$states.input'))))
      expect(['CloseDeployment', 'WaitForInFlightCalls', 'CloseRelease', 'IsSuccessful']).toContain(await go(one, { input }));
  });

  test.each([
    [1, 'WaitForRollout'],
    [9, 'WaitForRollout'],
    [10, 'RollBack'],
    [11, 'CloseDeployment'],
  ])('after %i consecutive watch failures comes %s', async (watchFailures, next) => {
    expect(await go(choice('CanRetryWatch'), {}, { watchFailures })).toBe(next);
  });

  test.each([
    [1, 0, 'WaitForRollout'],
    [2, 10, 'WaitForRollout'],
    [3, 0, 'WaitForInFlightCalls'],
    [1, 11, 'WaitForInFlightCalls'],
  ])('after %i failures of RollBack and %i of WatchRollout comes %s', async (rollbackFailures, watchFailures, next) => {
    expect(await go(choice('CanRetryRollBack'), {}, { rollbackFailures, watchFailures })).toBe(next);
  });

  test.each([
    ['SUCCEEDED', 'Succeeded'],
    ['PARTIAL', 'Succeeded'],
    ['SKIPPED', 'Succeeded'],
    ['SUPERSEDED', 'Succeeded'],
    ['FAILED', 'Failed'],
    ['ROLLED_BACK', 'Failed'],
    ['ROLLBACK_FAILED', 'Failed'],
    ['UNKNOWN', 'Failed'],
    ['something new', 'Failed'],
  ])('the outcome %s leads to %s', async (outcome, next) => {
    for (const of of machineNames) expect(await go(choice('IsSuccessful', of), {}, { result: { ...result, outcome } })).toBe(next);
  });
});
