import jsonata from 'jsonata';
import * as v from 'valibot';
import {
  type CaughtError,
  type Decision,
  decided,
  decidedByError,
  type GateDecision,
  type PlanDecision,
  type Probe,
  type StageDecision,
  type VerificationTask,
} from '../../core/step/contracts.js';
import { execution, later } from '../core/given.js';
import { begun, context, contextOf, evaluated, firstOf, opened, result, type Variables } from './evaluation.js';
import {
  answerTypeOf,
  assignedBefore,
  decisionErrors,
  everyFunctionTask,
  everyState,
  expressionsIn,
  type MachineName,
  machine,
  machineNames,
  type NamedState,
  resultOf,
  statesOf,
  stepOf,
} from './machines.js';

/** The variables if the first Task fails. */
const failedAtOnce = async (name: MachineName, input: unknown): Promise<Variables> => {
  const isFirst = ({ state }: NamedState) => state.Type === 'Task';
  const [caught] = statesOf(name).find(isFirst)?.state.Catch ?? [];
  const variables = firstOf(name).Type === 'Pass' ? await begun(name, input) : {};
  const states = { input, errorOutput: { Error: 'States.Timeout' }, context: contextOf(input) };
  return { ...variables, ...((await evaluated(caught?.Assign, { ...variables, states })) as Variables) };
};

const decision: Decision<'wait'> = { ...decided('wait', result), deadline: later };
const stage: StageDecision<'proceed'> = {
  action: 'proceed',
  record: 'repository#my-learn-app release#1',
  stage: 'staging',
  services: [{ service: 'staging/web', name: 'staging-web-1', delaySeconds: 0 }],
  parallel: 20,
  result,
};
const answersByType: Record<string, object> = {
  Decision: decision,
  PlanDecision: { ...stage, deadline: '' } satisfies PlanDecision,
  EvaluationDecision: stage,
  GateDecision: { ...stage, deadline: later } satisfies GateDecision,
  OpenDeploymentOutput: opened,
  Probe: { outcome: 'passed', seen: '200' } satisfies Probe,
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

const functions = ['ceil', 'exists', 'floor', 'length', 'min', 'parse', 'string', 'substring', 'toMillis', 'type'];

test.each(everyExpression)('$machine $state: {% $expression %} parses, and uses only known variables', ({ machine: name, expression }) => {
  const own = [...expression.matchAll(/\$(\w+) :=/g)].map(([, variable]) => variable);
  const known = [...Object.keys(firstOf(name).Assign ?? {}), ...own, ...functions, 'states'];

  for (const used of namesIn(expression)) expect(known).toContain(used);
});

test.each(everyState)('$machine $name assigns only variables that its first state assigns', ({ machine: name, state }) => {
  const known = Object.keys(firstOf(name).Assign ?? {});
  const assigned = [state, ...(state.Catch ?? [])].flatMap(({ Assign = {} }) => Object.keys(Assign));

  for (const variable of assigned) expect(known).toContain(variable);
});

test.each(machineNames)('every variable of the %s machine is assigned on every way to a state that uses it', (name) => {
  const unassigned = statesOf(name).flatMap(({ name: state, state: definition }) => {
    const { ItemProcessor: _, ...own } = definition;
    const known = assignedBefore(name).get(state);
    const used = expressionsIn(own)
      .flatMap(namesIn)
      .filter((one) => one in (firstOf(name).Assign ?? {}));
    return known ? used.filter((one) => !known.has(one)).map((one) => `${state}: ${one}`) : [];
  });

  expect(unassigned).toEqual([]);
});

test.each(machineNames.flatMap((name) => [{}, [], null, 'text', 7, { service: 'production/web' }].map((input) => ({ name, input }))))(
  'the $name machine takes the input $input',
  async ({ name, input }) => {
    const given = { ...(await begun(name, input)), states: { input, context: contextOf(input) } };
    const first = statesOf(name).find(({ state }) => state.Type === 'Task');

    expect(await evaluated(first?.state.Arguments?.Payload, given)).toMatchObject({ input });
    expect(await failedAtOnce(name, input)).toMatchObject({ isClosed: true });
  },
);

test.each<[unknown, string]>([
  [{ repository: 'my-learn-app', tag: 'main-7' }, 'my-learn-app'],
  [{ detail: { 'repository-name': 'team/app' } }, 'team/app'],
  [{ repository: 7 }, ''],
  [{ detail: 'x' }, ''],
  [null, ''],
])('a release knows its repository if PlanRelease fails: %j', async (input, repository) => {
  expect(await failedAtOnce('release', input)).toMatchObject({ repository });
});

test.each<[unknown, object]>([
  [
    { service: 'production/web', image: 'x' },
    { service: 'production/web', release: '', resumes: '', result: { outcome: 'FAILED' } },
  ],
  [
    { service: 'staging/web', release: 'repository#x release#y' },
    { service: 'staging/web', release: 'repository#x release#y' },
  ],
  [{ resume: 'service#x deployment#y' }, { service: '', resumes: 'service#x deployment#y', result: { outcome: 'UNKNOWN' } }],
  [
    { service: 7, release: 7, resume: 7 },
    { service: '', release: '', resumes: '' },
  ],
  [null, { service: '', release: '', resumes: '' }],
])('a deployment knows its service, its release and the record to resume if OpenDeployment fails: %j', async (input, variables) => {
  expect(await failedAtOnce('deployment', input)).toMatchObject({ record: '', ...variables });
});

describe.each(everyFunctionTask)('$machine $name', ({ machine: name, name: task, state }) => {
  const bindings = async (states: object): Promise<Variables> => ({
    ...(await begun(name)),
    states: { input: 'proceed', context, ...states },
  });
  const payload = async (variables: Variables) =>
    v.safeParse((await stepOf(task)).input, await evaluated(state.Arguments?.Payload, variables)).issues;

  test('sends the input of its function when only the first state has assigned variables', async () => {
    expect(await payload(await bindings({}))).toBeUndefined();
  });

  test('sends the input of its function after each state has assigned the answer of its function', async () => {
    let variables = await bindings({});
    for (const { name: other, state: definition } of everyFunctionTask.filter((one) => one.machine === name))
      variables = {
        ...variables,
        ...((await evaluated(definition.Assign ?? {}, {
          ...variables,
          states: { result: resultOf(definition, answerOf(other)), context },
        })) as Variables),
      };

    expect(await payload(variables)).toBeUndefined();
  });

  test('reads only members that its function answers', async () => {
    const variables = await bindings({ result: resultOf(state, answerOf(task)) });

    await expect(evaluated({ assign: state.Assign ?? {}, output: state.Output ?? '' }, variables)).resolves.toBeDefined();
  });

  test.each([
    ['with its cause', { Error: 'TransientAwsError', Cause: 'x'.repeat(30_000) }],
    ['without a cause', { Error: 'States.Timeout' }],
    ['with an empty cause', { Error: 'States.Timeout', Cause: '' }],
  ])('passes on an error %s, with at most 1,000 characters of its cause', async (_, errorOutput) => {
    const variables = await bindings({ errorOutput });
    const caught = state.Catch?.at(-1);
    const assigned = (await evaluated(caught?.Assign ?? {}, variables)) as { caught?: CaughtError };

    expect(assigned.caught?.cause.length ?? 0).toBeLessThanOrEqual(1000);
    if (assigned.caught) expect(assigned.caught).toMatchObject({ state: 'Now', error: errorOutput.Error });
    expect(await payload({ ...variables, ...assigned })).toBeUndefined();
  });
});

const task: VerificationTask = { repository: 'my-learn-app', verifier: 'verifier', request: { version: 1 }, until: later };

describe.each(Object.entries(decisionErrors).flatMap(([name, errors]) => errors.map((error) => ({ name, error }))))(
  'the error $error of $name',
  ({ name, error }) => {
    const caught = machine('deployment').States[name]?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error));
    const verifies = error === 'VerifyUrl' || error === 'InvokeVerifier';
    const decision = {
      ...decidedByError(error, { ...result, message: 'as decided' }),
      ...(verifies && { verification: task }),
      deadline: later,
    };

    test('assigns the decision that is its cause, and nothing caught', async () => {
      const variables = {
        ...(await begun('deployment')),
        states: { errorOutput: { Error: error, Cause: JSON.stringify(decision) }, context },
      };
      const assigned = await evaluated(caught?.Assign, variables);

      expect(assigned).toMatchObject({
        visit: 2,
        because: 'entered',
        deadline: later,
        ...(verifies ? { verification: task } : { result: decision.result }),
      });
      expect(assigned).not.toHaveProperty('caught');
    });
  },
);

test('the function of a user gets what is to be verified, and its answer is a text', async () => {
  const { Arguments, Assign, Catch } = machine('deployment').States.InvokeVerifier ?? {};
  const given = { ...(await begun('deployment')), verification: task };
  const answered = (Payload: unknown) => evaluated(Assign, { ...given, states: { result: { Payload }, context } });

  expect(await evaluated(Arguments, given)).toEqual({ FunctionName: 'verifier', Payload: { version: 1 } });
  expect(await answered({ verified: true })).toMatchObject({ invocation: { status: 'answered', answer: '{"verified":true}' } });
  expect(await answered('x'.repeat(4096))).toMatchObject({ invocation: { status: 'answered', answer: 'x'.repeat(4096) } });
  expect(await answered('x'.repeat(4097))).toMatchObject({ invocation: { status: 'answered', answer: '' } });
  for (const answer of [null, '', 7, [], false])
    expect(await answered(answer)).toMatchObject({ invocation: { status: 'answered', answer: expect.any(String) } });
  for (const { Assign: assigned } of Catch ?? [])
    expect(await evaluated(assigned, { ...given, states: { errorOutput: { Error: 'States.Timeout' }, context } })).toMatchObject({
      invocation: { status: 'States.Timeout', answer: '' },
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
