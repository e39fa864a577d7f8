import jsonata from 'jsonata';
import * as v from 'valibot';
import type { Result } from '../../core/result/result.js';
import type { CaughtError, Decision, OpenDeploymentOutput, StageDecision } from '../../core/step/contracts.js';
import { digest, execution, image, later, registry, startedAt } from '../core/given.js';
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

/** A value with its expressions evaluated, as Step Functions does; an expression without a result is an error there. */
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
  services: [{ service: 'staging/web', name: 'staging-web-1', image: `${registry}/${image.repository}@${digest}` }],
  result,
};
const opened: OpenDeploymentOutput = {
  action: 'proceed',
  service: 'production/web',
  record: 'service#production/web deployment#1',
  release: '',
  result,
};

const answersByType: Record<string, object> = { Decision: decision, StageDecision: stage, OpenDeploymentOutput: opened };

/** What a function answers, with nothing beside what its declared type has. */
const answerOf = (task: string): object => {
  const type = answerTypeOf(task);
  const members = [...type.matchAll(/(\w+): (\w+)/g)];
  return answersByType[type] ?? Object.fromEntries(members.map(([, name, of]) => [name, of === 'string' ? 'text' : result]));
};

const everyExpression = everyState.flatMap(({ machine: name, name: state, state: definition }) => {
  const { ItemProcessor: _, ...own } = definition;
  return expressionsIn(own).map((expression) => ({ machine: name, state, expression }));
});

/** Names of the variables and functions in an expression: what is marked with a `$`. */
const namesIn = (expression: string): string[] => {
  const visit = (node: unknown): string[] => {
    if (typeof node !== 'object' || node === null) return [];
    const { type, value } = node as { type?: string; value?: unknown };
    return [...(type === 'variable' ? [String(value)] : []), ...Object.values(node).flatMap(visit)];
  };
  return visit(jsonata(expression).ast());
};

test('there are expressions to try', () => {
  expect(everyExpression.length).toBeGreaterThan(100);
});

test.each(everyExpression)(
  '$machine $state: {% $expression %} parses, and names nothing that Begin does not assign',
  ({ machine: name, expression }) => {
    const known = [...Object.keys(machine(name).States.Begin?.Assign ?? {}), 'states', 'substring', 'type'];

    for (const used of namesIn(expression)) expect(known).toContain(used);
  },
);

test.each(everyState)('$machine $name assigns nothing that Begin does not', ({ machine: name, state }) => {
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
  [{ repository: 'my-learn-app', tag: 'main-7' }, `repository#my-learn-app release#${startedAt}#one`],
  [{ detail: { 'repository-name': 'team/app' } }, `repository#team/app release#${startedAt}#one`],
  [{ repository: 7 }, ''],
  [{ detail: 'x' }, ''],
  [null, ''],
])('a release knows the name of its record before PlanRelease opens it: %j', async (input, record) => {
  expect(await begun('release', input)).toMatchObject({ record });
});

test.each<[unknown, string]>([
  [{ service: 'production/web', image: 'x' }, `service#production/web deployment#${startedAt}#one`],
  [{ service: 'production/web', resume: 'service#production/web deployment#1' }, ''],
  [{ resume: 'service#production/web deployment#1' }, ''],
  [{ service: 7 }, ''],
  [null, ''],
])('a deployment knows the name of its record before OpenDeployment opens it: %j', async (input, record) => {
  expect(await begun('deployment', input)).toMatchObject({ record });
});

test('a deployment knows who tells should OpenDeployment fail', async () => {
  expect(await begun('deployment', { release: 'repository#x release#y' })).toMatchObject({
    release: 'repository#x release#y',
    resumes: '',
  });
  expect(await begun('deployment', { resume: 'service#x deployment#y' })).toMatchObject({ release: '', resumes: 'service#x deployment#y' });
});

describe.each(everyFunctionTask)('$machine $name', ({ machine: name, name: task, state }) => {
  const bindings = async (states: object): Promise<Variables> => ({
    ...(await begun(name)),
    states: { input: 'proceed', context, ...states },
  });
  const payload = async (variables: Variables) =>
    v.safeParse((await stepOf(task)).input, await evaluated(state.Arguments?.Payload, variables)).issues;

  test('sends what its function takes, even before anything but Begin has assigned', async () => {
    expect(await payload(await bindings({}))).toBeUndefined();
  });

  test('sends what its function takes, after each state has assigned what its function answers', async () => {
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

  test('reads nothing from the answer that its function does not answer', async () => {
    const known = await bindings({ result: { Payload: answerOf(task) } });

    await expect(evaluated({ assign: state.Assign ?? {}, output: state.Output ?? '' }, known)).resolves.toBeDefined();
  });

  test.each([
    ['with its cause', { Error: 'TransientAwsError', Cause: 'x'.repeat(30_000) }],
    ['without a cause', { Error: 'States.Timeout' }],
    ['with an empty cause', { Error: 'States.Timeout', Cause: '' }],
  ])('keeps of an error %s what its function takes, and not more than 1,000 characters', async (_, errorOutput) => {
    const known = await bindings({ errorOutput });
    const [caught] = state.Catch ?? [];
    const assigned = (await evaluated(caught?.Assign ?? {}, known)) as { caught?: CaughtError };

    expect(assigned.caught?.cause.length ?? 0).toBeLessThanOrEqual(1000);
    if (assigned.caught) expect(assigned.caught).toMatchObject({ state: 'Now', error: errorOutput.Error });
    expect(await payload({ ...known, ...assigned })).toBeUndefined();
  });
});

test('a service of the plan is started with what a deployment takes', async () => {
  const deploy = statesOf('release').find(({ name }) => name === 'DeployService') as NamedState;
  const variables = { ...(await begun('release')), record: stage.record, states: { input: stage.services[0], context } };

  expect(await evaluated(deploy.state.Arguments, variables)).toEqual({
    StateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-deployment',
    Name: 'staging-web-1',
    Input: {
      service: 'staging/web',
      image: `${registry}/my-learn-app@${digest}`,
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
    ['release', 'IsPlanned', 'proceed', 'DeployStage'],
    ['release', 'IsPlanned', 'finish', 'CloseRelease'],
    ['release', 'IsRolloutComplete', 'proceed', 'DeployStage'],
    ['release', 'IsRolloutComplete', 'finish', 'CloseRelease'],
  ] as const)('%s %s: "%s" leads to %s', async (of, name, input, next) => {
    expect(await go(choice(name, of), { input })).toBe(next);
  });

  test.each(['something new', '', null, 7, {}])('of an answer that nobody declared (%j) ends', async (input) => {
    for (const one of everyState.filter(({ state }) => state.Choices?.some(({ Condition }) => Condition.includes('$states.input'))))
      expect(['CloseDeployment', 'WaitForInFlightCalls', 'CloseRelease']).toContain(await go(one, { input }));
  });

  test.each([
    [1, 'WaitForRollout'],
    [9, 'WaitForRollout'],
    [10, 'RollBack'],
    [11, 'CloseDeployment'],
  ])('sight that was lost %i times in a row leads to %s', async (watchFailures, next) => {
    expect(await go(choice('CanRetryWatch'), {}, { watchFailures })).toBe(next);
  });

  test.each([
    [1, 0, 'WaitForRollout'],
    [2, 10, 'WaitForRollout'],
    [3, 0, 'WaitForInFlightCalls'],
    [1, 11, 'WaitForInFlightCalls'],
  ])('a way back that failed %i times, while sight was lost %i times, leads to %s', async (rollbackFailures, watchFailures, next) => {
    expect(await go(choice('CanRetryRollBack'), {}, { rollbackFailures, watchFailures })).toBe(next);
  });

  test.each([
    ['SUCCEEDED', 'Succeeded'],
    ['SKIPPED', 'Succeeded'],
    ['SUPERSEDED', 'Succeeded'],
    ['FAILED', 'Failed'],
    ['ROLLED_BACK', 'Failed'],
    ['ROLLBACK_FAILED', 'Failed'],
    ['UNKNOWN', 'Failed'],
    ['something new', 'Failed'],
  ])('of the end %s leads to %s', async (outcome, next) => {
    for (const of of machineNames) expect(await go(choice('IsSuccessful', of), {}, { result: { ...result, outcome } })).toBe(next);
  });
});
