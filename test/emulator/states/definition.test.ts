import { refusal } from './support.js';

const pass = { Type: 'Pass', End: true };
const machine = (states: Readonly<Record<string, object>>, more: object = {}): object => ({
  StartAt: Object.keys(states)[0],
  States: states,
  ...more,
});
const one = (state: object): object => machine({ S: state });
const inJsonPath = { QueryLanguage: 'JSONPath' };
const lambda = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };

test('a valid definition is accepted', () => {
  expect(refusal(one(pass))).toEqual({ code: 'accepted', message: '' });
});

test.each([
  ['no StartAt', { States: { S: pass } }, 'These fields are required: [StartAt]'],
  ['a StartAt that does not exist', machine({ S: pass }, { StartAt: 'Nowhere' }), "Missing 'Next' target: Nowhere"],
  ['a Next that does not exist', one({ Type: 'Pass', Next: 'Nowhere' }), "Missing 'Next' target: Nowhere"],
  ['a Catch that leads nowhere', one({ ...lambda, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'N' }] }), "Missing 'Next' target: N"],
  ['a state that nothing leads to', machine({ S: pass, T: pass }), 'State "T" is not reachable.'],
  ['neither Next nor End', one({ Type: 'Pass' }), 'must have either "Next" or "End"'],
  ['both Next and End', one({ ...pass, Next: 'S' }), 'must have either "Next" or "End"'],
  ['no end', machine({ S: { Type: 'Pass', Next: 'T' }, T: { Type: 'Pass', Next: 'S' } }), 'MISSING_END_STATE'],
  ['neither StartAt nor States', {}, 'These fields are required: [States, StartAt] at /'],
  [
    'an unknown type',
    one({ Type: 'Sleep', End: true }),
    "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/S/Type",
  ],
  ['a mistyped field', one({ ...pass, Ouput: 1 }), "Field 'Ouput' is not supported at /States/S/Ouput"],
  ['a field of JSONPath', one({ ...pass, Parameters: {} }), "Field 'Parameters' is not supported"],
  ['a field of another type', one({ ...pass, TimeoutSeconds: 5 }), "Field 'TimeoutSeconds' is not supported"],
  ['an unknown field of the machine', machine({ S: pass }, { Timeout: 5 }), "Field 'Timeout' is not supported at /Timeout"],
  ['a mistyped field of a retrier', one({ ...lambda, Retry: [{ ErrorEquals: ['E'], Interval: 5 }] }), "Field 'Interval' is not supported"],
  ['a Task without a Resource', one({ Type: 'Task', End: true }), 'These fields are required: [Resource]'],
  ['a Resource that is none', one({ Type: 'Task', Resource: 'work', End: true }), 'Value is not a valid resource ARN'],
  ['a Wait without a time', one({ Type: 'Wait', End: true }), 'exactly one of [Seconds, Timestamp]'],
  ...[
    '2016-12-05 21:29:29Z',
    '2016-12-05T21:29:29',
    '2016-13-05T21:29:29Z',
    '2016-12-05T25:29:29Z',
    '05-12-2016T21:29:29Z',
    'tomorrow',
  ].map(
    (Timestamp) =>
      [
        `a Wait until ${Timestamp}`,
        one({ Type: 'Wait', Timestamp, End: true }),
        'SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/S/Timestamp',
      ] as const,
  ),
  ['a Wait until 30 February', one({ Type: 'Wait', Timestamp: '2026-02-30T00:00:00+01:00', End: true }), 'String does not match RFC3339'],
  ['a Wait until a number', one({ Type: 'Wait', Timestamp: 5, End: true }), 'Expected value of type [STRING]'],
  ['a Parallel without branches', one({ Type: 'Parallel', Branches: [], End: true }), 'Value cannot be empty at /States/S/Branches'],
  ['an unknown QueryLanguage', machine({ S: pass }, { QueryLanguage: 'jq' }), '[JSONPath, JSONata] at /QueryLanguage'],
  ['a state in an unknown QueryLanguage', one({ ...pass, QueryLanguage: 'jq' }), '[JSONPath, JSONata] at /States/S/QueryLanguage'],
  [
    'a JSONPath state in a JSONata machine',
    one({ ...pass, QueryLanguage: 'JSONPath' }),
    "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/S",
  ],
  ['a Wait of half a second', one({ Type: 'Wait', Seconds: 0.5, End: true }), 'Expected value of type [INTEGER]'],
  ['TimeoutSeconds 0', one({ ...lambda, TimeoutSeconds: 0 }), 'Value should be from 1 to 99999999, is 0'],
  [
    'States.ALL that is not last',
    one({ ...lambda, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }),
    'States.ALL must appear alone and only in the last',
  ],
  ['States.ALL that is not alone', one({ ...lambda, Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }), 'States.ALL must appear alone'],
  ['an unknown JitterStrategy', one({ ...lambda, Retry: [{ ErrorEquals: ['E'], JitterStrategy: 'SOME' }] }), '[FULL, NONE]'],
  ['a MaxDelaySeconds that is too long', one({ ...lambda, Retry: [{ ErrorEquals: ['E'], MaxDelaySeconds: 31_622_401 }] }), 'from 1 to'],
  ['an invalid JSONata expression', one({ ...pass, Output: '{% a[1,2) %}' }), 'INVALID_JSONATA_EXPRESSION'],
  [
    'a name without $',
    one({ ...pass, Output: { v: '{% phone %}' } }),
    "Reference to 'phone' at the top level is not supported. at /States/S/Output/v",
  ],
  ['a name without $ in a function', one({ ...pass, Output: '{% $count(a.b) %}' }), "Reference to 'a' at the top level"],
  ['an invalid variable name', one({ ...pass, Assign: { 'a.b': 1 } }), "'a.b' is not a valid variable name"],
  ['a variable named states', one({ ...pass, Assign: { states: 1 } }), "'states' is not a valid variable name"],
  ['an Assign of a Succeed', one({ Type: 'Succeed', Assign: { x: 1 } }), "Field 'Assign' is not supported"],
  ['a Choice without rules', one({ Type: 'Choice', Choices: [], Default: 'S' }), 'These fields are required: [Choices]'],
  ['a state name that is too long', machine({ ['x'.repeat(81)]: pass }), 'at most 80 characters'],
  [
    'a fault inside of a branch',
    one({ Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass' } } }], End: true }),
    'at /States/S/Branches[0]/States/B',
  ],
])('%s is InvalidDefinition', (_, definition, words) => {
  const { code, message } = refusal(definition);

  expect(code).toBe('InvalidDefinition');
  expect(message).toContain(words);
});

test.each([
  ['a path of JSONPath', machine({ S: { ...pass, InputPath: '$.a' } }, inJsonPath)],
  ['a Choice in JSONPath', machine({ S: { Type: 'Choice', Choices: [], Default: 'S' } }, inJsonPath)],
  ['a variable from a path', machine({ S: { ...pass, Assign: { a: { 'b.$': '$.b' } } } }, inJsonPath)],
  [
    'a distributed Map',
    one({ Type: 'Map', ItemProcessor: { ...machine({ S: pass }), ProcessorConfig: { Mode: 'DISTRIBUTED' } }, End: true }),
  ],
  ['an ItemReader', one({ Type: 'Map', ItemReader: {}, ItemProcessor: machine({ S: pass }), End: true })],
  ['an activity', one({ Type: 'Task', Resource: 'arn:aws:states:eu-west-1:123456789012:activity:a', End: true })],
  ['another integration', one({ Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', End: true })],
  ['.sync of the SDK', one({ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:ecs:runTask.sync', End: true })],
])('%s is NotEmulated', (_, definition) => {
  expect(refusal(definition).code).toBe('NotEmulated');
});

test('names in later steps, predicates and sort terms have a context, and are no top-level references', () => {
  const output = ['{% $states.input.items[value > 3] %}', '{% $states.input.a.b %}', '{% $states.input.items^(age).name %}'];

  expect(refusal(one({ ...pass, Output: output }))).toEqual({ code: 'accepted', message: '' });
});
