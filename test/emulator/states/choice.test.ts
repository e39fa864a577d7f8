import { givenStates } from './support.js';

const choice = (more: object) => ({
  Which: { Type: 'Choice', ...more },
  One: { Type: 'Pass', Output: { at: 'One', x: '{% $exists($x) ? $x : "none" %}', input: '{% $states.input %}' }, End: true },
  Two: { Type: 'Pass', Output: { at: 'Two', x: '{% $exists($x) ? $x : "none" %}', input: '{% $states.input %}' }, End: true },
});

test('the first rule that holds decides, with its own Assign and Output', async () => {
  const { runStates } = givenStates();
  const rules = [
    { Condition: '{% $states.input.n > 5 %}', Next: 'One', Assign: { x: 'rule' }, Output: 'big' },
    { Condition: '{% $states.input.n > 1 %}', Next: 'Two' },
  ];

  const { output } = await runStates(choice({ Choices: rules, Default: 'Two', Assign: { x: 'default' } }), { n: 6 });

  expect(output).toEqual({ at: 'One', x: 'rule', input: 'big' });
});

test('Assign and Output of the state itself belong to the Default', async () => {
  const { runStates } = givenStates();
  const rules = [{ Condition: '{% $states.input.n > 5 %}', Next: 'One' }];

  const byDefault = await runStates(choice({ Choices: rules, Default: 'Two', Assign: { x: 'default' }, Output: 'small' }), { n: 1 });
  const byRule = await runStates(choice({ Choices: rules, Default: 'Two', Assign: { x: 'default' }, Output: 'small' }), { n: 6 });

  expect(byDefault.output).toEqual({ at: 'Two', x: 'default', input: 'small' });
  expect(byRule.output).toEqual({ at: 'One', x: 'none', input: { n: 6 } });
});

test('without a match and without a Default the execution fails with States.NoChoiceMatched', async () => {
  const { runStates } = givenStates();

  const { error } = await runStates(
    choice({
      Choices: [
        { Condition: false, Next: 'One' },
        { Condition: '{% $states.input.n > 5 %}', Next: 'Two' },
      ],
    }),
    { n: 1 },
  );

  expect(error).toBe('States.NoChoiceMatched');
});

test('a condition that is not a boolean fails the state', async () => {
  const { runStates } = givenStates();

  const { error, cause } = await runStates(
    choice({
      Choices: [
        { Condition: '{% $states.input.n %}', Next: 'One' },
        { Condition: true, Next: 'Two' },
      ],
    }),
    { n: 1 },
  );

  expect(error).toBe('States.QueryEvaluationError');
  expect(cause).toContain(
    "specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
  );
});
