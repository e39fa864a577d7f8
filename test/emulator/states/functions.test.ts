import { givenStates } from './support.js';

const evaluate = async (expression: string, input: unknown = {}): Promise<unknown> => {
  const { runStates } = givenStates();
  const { output, error } = await runStates({ Begin: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } }, input);
  return error ?? output;
};

test.each([
  ['$partition([1, 2, 3], 2)', [[1, 2], [3]]],
  ['$partition([1, 2, 3], 2.9)', [[1, 2], [3]]],
  ['$partition([], 2)', 'States.QueryEvaluationError'],
  ['$range(0, 10, 3)', [0, 3, 6, 9]],
  ['$range(3, 1, -1)', [3, 2, 1]],
  ['$range(1, 9, 9)', 1],
  ['$range(1, 9, -1)', 'States.QueryEvaluationError'],
  ["$hash('a', 'SHA-256')", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
  ["$hash('a', 'MD5')", '0cc175b9c0f1b6a831c399e269772661'],
  ['$parse(\'{"a": [1]}\')', { a: [1] }],
  ["$parse('{')", 'States.QueryEvaluationError'],
  ["$eval('1 + 1')", 'States.QueryEvaluationError'],
  ['$now()', '2026-11-23T09:00:00.000Z'],
  ["$now('[Y0001]')", '2026'],
  ['$millis()', 1_795_424_400_000],
  ['$random(7) = $random(7)', true],
  ['$random() != $random()', true],
  ['$sum($shuffle([1, 2, 3]))', 6],
  ['function($x) { $x }', 'States.QueryEvaluationError'],
  ['null', null],
])('%s is %j', async (expression, expected) => {
  expect(await evaluate(expression)).toEqual(expected);
});

test('$uuid and $random come from the seed of the account', async () => {
  const uuid = await evaluate('$uuid()');

  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await evaluate('$uuid()')).toBe(uuid);
  expect(await evaluate('$random()')).toBe(await evaluate('$random()'));
});

test('what JSONata throws is the cause', async () => {
  const { runStates } = givenStates();

  const { cause } = await runStates({ Begin: { Type: 'Pass', Output: "{% $eval('1') %}", End: true } });

  expect(cause).toContain(
    "The JSONata expression '$eval('1')' specified for the field 'Output' threw an error during evaluation. T1006: Attempted to invoke a non-function",
  );
});

test.each([
  ['calls itself without end', '($f := function($n){ 1 + $f($n) }; $f(1))', 'memory limit exceeded'],
  ['goes round without end', '($f := function($n){ $f($n + 1) }; $f(1))', 'timeout exceeded'],
])('an expression that %s fails the state', async (_, expression, text) => {
  const { runStates } = givenStates();

  const { error, cause } = await runStates({ Begin: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } });

  expect(error).toBe('States.QueryEvaluationError');
  expect(cause).toContain(text);
});

test('an expression may call its own functions often', async () => {
  const { runStates } = givenStates();
  const sum = '($sumTo := function($n){ $n = 0 ? 0 : $n + $sumTo($n - 1) }; $sumTo(100))';

  expect(await runStates({ Begin: { Type: 'Pass', Output: `{% ${sum} %}`, End: true } })).toMatchObject({ output: 5050 });
});
