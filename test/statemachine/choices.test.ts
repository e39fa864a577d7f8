import { isSuccessfulOutcome, outcomes } from '../../core/result/result.js';
import { actionsOf, everyFunctionTask, everyState, expressionIn, isWaiting, machineNames, type NamedState, statesOf } from './machines.js';

const choices = everyState.filter(({ state }) => state.Type === 'Choice');
const conditionsOf = ({ state }: NamedState): string[] => (state.Choices ?? []).map(({ Condition }) => expressionIn(Condition) ?? '');

// A Choice cannot catch an error of its expression, so no expression may be able to fail.
const answer = /^\$states\.input = '(\w+)'$/;
const result = /^\$result\.outcome in \[('\w+'(?:, '\w+')*)\]$/;
const counters = ['$retries = 0', '$watchFailures < 10', '$watchFailures = 10', '$rollbackFailures < 3 and $watchFailures <= 10'];

test.each(choices)('$machine $name has a Default', ({ state }) => {
  expect(state.Default).toEqual(expect.any(String));
});

test.each(choices)('$machine $name only compares with literals, or counters with numbers', (choice) => {
  for (const condition of conditionsOf(choice))
    expect(answer.test(condition) || result.test(condition) || counters.includes(condition)).toBe(true);
});

const deciding = everyFunctionTask.filter(({ name }) => actionsOf(name).length > 0);

test('every function decides, apart from those at the end', () => {
  const others = everyFunctionTask.filter((one) => !deciding.includes(one)).map(({ name }) => name);

  expect([...new Set(others)].sort()).toEqual(['CloseRelease', 'Notify']);
});

describe.each(deciding)('the answer of $machine $name', ({ machine, name, state }) => {
  const choice = statesOf(machine).find((one) => one.name === state.Next);
  const compared = choice ? conditionsOf(choice).flatMap((condition) => answer.exec(condition)?.slice(1) ?? []) : [];

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
