import { isSuccessfulOutcome, outcomes } from '../../core/result/result.js';
import { actionsOf, everyFunctionTask, everyState, expressionIn, machineNames, type NamedState, statesOf } from './machines.js';

const choices = everyState.filter(({ state }) => state.Type === 'Choice');
const conditionsOf = ({ state }: NamedState): string[] => (state.Choices ?? []).map(({ Condition }) => expressionIn(Condition) ?? '');

// A Choice cannot catch an error of its expression, so no expression may be able to fail.
const answer = /^\$states\.input = '(\w+)'$/;
const result = /^\$result\.outcome in \[('\w+'(?:, '\w+')*)\]$/;
const counters = ['$watchFailures < 10', '$watchFailures = 10', '$rollbackFailures < 3 and $watchFailures <= 10'];

test.each(choices)('$machine $name has a Default', ({ state }) => {
  expect(state.Default).toEqual(expect.any(String));
});

test.each(choices)('$machine $name only compares with literals, or counters with numbers', (choice) => {
  for (const condition of conditionsOf(choice))
    expect(answer.test(condition) || result.test(condition) || counters.includes(condition)).toBe(true);
});

describe.each(everyFunctionTask.filter(({ name }) => actionsOf(name).length > 0))(
  'the answer of $machine $name',
  ({ machine, name, state }) => {
    const choice = statesOf(machine).find((one) => one.name === state.Next);
    const compared = choice ? conditionsOf(choice).map((condition) => answer.exec(condition)?.[1]) : [];

    test('is its action only', () => {
      expect(state.Output).toBe('{% $states.result.Payload.action %}');
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
  },
);

test.each(machineNames)('the %s machine succeeds for exactly the successful outcomes', (machine) => {
  const choice = statesOf(machine).find(({ name }) => name === 'IsSuccessful');
  const [rule] = choice?.state.Choices ?? [];
  const listed = [...(expressionIn(rule?.Condition) ?? '').matchAll(/'(\w+)'/g)].map(([, outcome]) => outcome);

  expect(rule?.Next).toBe('Succeeded');
  expect(choice?.state.Default).toBe('Failed');
  expect(listed.sort()).toEqual(outcomes.filter(isSuccessfulOutcome).sort());
});
