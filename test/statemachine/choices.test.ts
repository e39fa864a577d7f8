import { isSuccessfulOutcome, outcomes } from '../../core/result/result.js';
import { begun, evaluated, result as succeeded, type Variables } from './evaluation.js';
import {
  actionsOf,
  decisionErrors,
  everyFunctionTask,
  everyState,
  expressionIn,
  isWaiting,
  type MachineName,
  machine,
  machineNames,
  type NamedState,
  statesOf,
} from './machines.js';

const choices = everyState.filter(({ state }) => state.Type === 'Choice');
const conditionsOf = ({ state }: NamedState): string[] => (state.Choices ?? []).map(({ Condition }) => expressionIn(Condition) ?? '');

// A Choice cannot catch an error of its expression, so no expression may be able to fail.
const answer = /^\$states\.input (?:= '\w+'|in \['\w+'(?:, '\w+')*\])(?: and \$retries = 0)?$/;
const wordsIn = (condition: string): string[] =>
  answer.test(condition) ? [...condition.matchAll(/'(\w+)'/g)].map(([, word = '']) => word) : [];
const result = /^\$result\.outcome in \[('\w+'(?:, '\w+')*)\]$/;
const counters = ['$retries = 0', '$watchFailures < 10', '$watchFailures = 10', '$rollbackFailures < 3 and $watchFailures <= 10'];

test.each(choices)('$machine $name has a Default', ({ state }) => {
  expect(state.Default).toEqual(expect.any(String));
});

test.each(choices)('$machine $name only compares with literals, or counters with numbers', (choice) => {
  for (const condition of conditionsOf(choice))
    expect(answer.test(condition) || result.test(condition) || counters.includes(condition)).toBe(true);
});

const deciding = everyFunctionTask.filter(({ name }) => actionsOf(name).length > 0 && decisionErrors[name] === undefined);

test('every function ahead of a Choice decides it, except for Notify, after which the result does', () => {
  const ahead = everyFunctionTask.filter(({ machine, state }) => choices.some((one) => one.machine === machine && one.name === state.Next));

  expect([...new Set(ahead.filter((one) => !deciding.includes(one)).map(({ name }) => name))]).toEqual(['Notify']);
});

describe.each(deciding)('the answer of $machine $name', ({ machine, name, state }) => {
  const choice = statesOf(machine).find((one) => one.name === state.Next);
  const compared = new Set(choice ? conditionsOf(choice).flatMap(wordsIn) : []);

  test('is its action only', () => {
    expect(state.Output).toBe(isWaiting(state) ? '{% $states.result.action %}' : '{% $states.result.Payload.action %}');
  });

  test('goes to a Choice with a rule for every action except "finish", and no other', () => {
    expect(choice?.state.Type).toBe('Choice');
    expect(actionsOf(name)).toContain('finish');
    expect([...compared, 'finish'].sort()).toEqual(actionsOf(name).sort());
  });

  test('is the only input of this Choice', () => {
    const before = statesOf(machine).filter(({ state: other }) =>
      [
        other.Next,
        other.Default,
        ...(other.Choices ?? []).map(({ Next }) => Next),
        ...(other.Catch ?? []).map(({ Next }) => Next),
      ].includes(choice?.name),
    );

    expect(before.map((one) => one.name)).toEqual([name]);
  });
});

const lastChoices = choices.filter(({ state }) => state.Default === 'Failed');

test('both machines have a Choice that ends them', () => {
  expect([...new Set(lastChoices.map(({ machine }) => machine))]).toEqual(machineNames);
});

test.each(lastChoices)('$machine $name succeeds for exactly the successful outcomes', ({ state }) => {
  const rule = state.Choices?.at(-1);
  const listed = [...(expressionIn(rule?.Condition) ?? '').matchAll(/'(\w+)'/g)].map(([, outcome]) => outcome);

  expect(rule?.Next).toBe('Succeeded');
  expect(listed.sort()).toEqual(outcomes.filter(isSuccessfulOutcome).sort());
});

describe('each Choice', () => {
  const go = async ({ machine: name, state }: NamedState, states: object, variables: Variables = {}): Promise<string | undefined> => {
    for (const { Condition, Next } of state.Choices ?? [])
      if ((await evaluated(Condition, { ...(await begun(name)), ...variables, states })) === true) return Next;
    return state.Default;
  };
  /** A state, and those that follow it without a decision. */
  const wayOf = (of: MachineName, name = ''): string[] => {
    const { Type, Next = '' } = machine(of).States[name] ?? {};
    const isStep = Type === 'Task' && machine(of).States[Next]?.Type === 'Task';
    return isStep ? [name, ...wayOf(of, Next)] : [name];
  };
  const choice = (name: string, of: 'deployment' | 'release' = 'deployment') => statesOf(of).find((one) => one.name === name) as NamedState;

  test.each([
    ['deployment', 'IsOpened', 'proceed', 'AcquireLease'],
    ['deployment', 'IsOpened', 'resume', 'WatchRollout'],
    ['deployment', 'IsOpened', 'finish', 'CloseDeployment'],
    ['deployment', 'IsLeaseGranted', 'proceed', 'RegisterRevision'],
    ['deployment', 'IsLeaseGranted', 'wait', 'AcquireLease'],
    ['deployment', 'IsLeaseGranted', 'finish', 'CloseDeployment'],
    ['deployment', 'IsRegistered', 'proceed', 'UpdateService'],
    ['deployment', 'IsRegistered', 'runTask', 'RunBeforeTask'],
    ['deployment', 'IsRegistered', 'wait', 'RegisterRevision'],
    ['deployment', 'IsRegistered', 'finish', 'CloseDeployment'],
    ['deployment', 'IsUpdated', 'watch', 'WatchRollout'],
    ['deployment', 'IsUpdated', 'register', 'WaitForSettledService'],
    ['deployment', 'IsUpdated', 'finish', 'CloseDeployment'],
    ['deployment', 'IsRolloutComplete', 'wait', 'WatchRollout'],
    ['deployment', 'IsRolloutComplete', 'verifyUrl', 'VerifyUrl'],
    ['deployment', 'IsRolloutComplete', 'invokeVerifier', 'InvokeVerifier'],
    ['deployment', 'IsRolloutComplete', 'verify', 'Verify'],
    ['deployment', 'IsRolloutComplete', 'update', 'UpdateService'],
    ['deployment', 'IsRolloutComplete', 'rollBack', 'RollBack'],
    ['deployment', 'IsRolloutComplete', 'finish', 'CloseDeployment'],
    ['deployment', 'IsRollbackStarted', 'watch', 'WatchRollout'],
    ['deployment', 'IsRollbackStarted', 'finish', 'CloseDeployment'],
    ['deployment', 'IsReporting', 'notify', 'Notify'],
    ['deployment', 'IsReporting', 'finish', 'Succeeded'],
    ['release', 'IsPlanned', 'proceed', 'PassGates'],
    ['release', 'IsPlanned', 'deploy', 'DeployServices'],
    ['release', 'IsPlanned', 'finish', 'CloseRelease'],
    ['release', 'MayBegin', 'proceed', 'DeployServices'],
    ['release', 'MayBegin', 'prepare', 'DeployServices'],
    ['release', 'MayBegin', 'wait', 'PassGates'],
    ['release', 'MayBegin', 'finish', 'CloseRelease'],
    ['release', 'IsStageComplete', 'proceed', 'PassGates'],
    ['release', 'IsStageComplete', 'begin', 'DeployServices'],
    ['release', 'IsStageComplete', 'rollBack', 'DeployServices'],
    ['release', 'IsStageComplete', 'finish', 'CloseRelease'],
  ] as const)('%s %s: "%s" leads to %s', async (of, name, input, next) => {
    expect(wayOf(of, await go(choice(name, of), { input }))).toContain(next);
  });

  test.each(['something new', '', null, 7, {}])('an undeclared action (%j) leads to the end', async (input) => {
    for (const one of everyState.filter(({ state }) => state.Choices?.some(({ Condition }) => Condition.includes('$states.input'))))
      expect(['CloseDeployment', 'CloseRelease', 'IsSuccessful', 'Failed']).toContain(
        await go(one, { input }, { result: { ...succeeded, outcome: 'FAILED' } }),
      );
  });

  test.each(['IsUpdated', 'IsRollbackStarted'])(
    'what follows %s waits for the invocation whose answer was lost if there was a retry, and only then',
    async (name) => {
      expect(await go(choice(name), { input: 'finish' }, { retries: 0 })).toBe('CloseDeployment');
      for (const retries of [1, 6]) expect(await go(choice(name), { input: 'finish' }, { retries })).toBe('WaitForInFlightCalls');
      expect(await go(choice(name), { input: 'watch' }, { retries: 0 })).toBe('WatchRollout');
      expect(await go(choice(name), { input: 'watch' }, { retries: 1 })).toBe('WaitBeforeLook');
    },
  );

  test.each([
    [1, 'WaitBeforeLook'],
    [9, 'WaitBeforeLook'],
    [10, 'RollBack'],
    [11, 'CloseDeployment'],
  ])('after %i consecutive watch failures comes %s', async (watchFailures, next) => {
    expect(await go(choice('CanRetryWatch'), {}, { watchFailures })).toBe(next);
  });

  test.each([
    [1, 0, 'WaitBeforeLook'],
    [2, 10, 'WaitBeforeLook'],
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
    const given = { result: { ...succeeded, outcome } };
    for (const of of machineNames) expect(await go(choice('IsSuccessful', of), {}, given)).toBe(next);
    expect(await go(choice('IsReporting'), { input: 'finish' }, given)).toBe(next);
  });
});
