import { isSuccessfulOutcome, outcomes } from '../../core/result/result.js';
import { everyFunctionTask, everyState, expressionIn, type NamedState, statesOf, wordsOf } from './machines.js';

const choices = everyState.filter(({ state }) => state.Type === 'Choice');
const conditionsOf = ({ state }: NamedState): string[] => (state.Choices ?? []).map(({ Condition }) => expressionIn(Condition) ?? '');

// A Choice cannot catch an error of its expression, so it has nothing in it that could err.
const answer = /^\$states\.input = '(\w+)'$/;
const result = /^\$result\.outcome in \[('\w+'(?:, '\w+')*)\]$/;
const counters = ['$watchFailures < 10', '$watchFailures = 10', '$rollbackFailures < 3 and $watchFailures <= 10'];

test.each(choices)('$machine $name has a Default', ({ state }) => {
  expect(state.Default).toEqual(expect.any(String));
});

test.each(choices)('$machine $name does nothing but compare with words that are written out, or count', (choice) => {
  for (const condition of conditionsOf(choice))
    expect(answer.test(condition) || result.test(condition) || counters.includes(condition)).toBe(true);
});

describe.each(everyFunctionTask.filter(({ name }) => wordsOf(name).length > 0))(
  'what $machine $name answers',
  ({ machine, name, state }) => {
    const choice = statesOf(machine).find((one) => one.name === state.Next);
    const compared = choice ? conditionsOf(choice).map((condition) => answer.exec(condition)?.[1]) : [];

    test('is the word alone', () => {
      expect(state.Output).toBe('{% $states.result.Payload.action %}');
    });

    test('goes to a Choice that knows every word but "finish", and no other', () => {
      expect(choice?.state.Type).toBe('Choice');
      expect(wordsOf(name)).toContain('finish');
      expect([...compared, 'finish'].sort()).toEqual(wordsOf(name).sort());
    });

    test('is the only thing that this Choice gets', () => {
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

test.each(['deployment', 'release'] as const)('the %s machine ends as succeeded for exactly the outcomes that end well', (machine) => {
  const choice = statesOf(machine).find(({ name }) => name === 'IsSuccessful');
  const [rule] = choice?.state.Choices ?? [];
  const listed = [...(expressionIn(rule?.Condition) ?? '').matchAll(/'(\w+)'/g)].map(([, outcome]) => outcome);

  expect(rule?.Next).toBe('Succeeded');
  expect(choice?.state.Default).toBe('Failed');
  expect(listed.sort()).toEqual(outcomes.filter(isSuccessfulOutcome).sort());
});
