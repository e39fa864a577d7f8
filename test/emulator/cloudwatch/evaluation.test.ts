import { evaluate, evaluationRange } from '../../../emulator/cloudwatch/evaluation.js';

const settings = { EvaluationPeriods: 3, Threshold: 10, ComparisonOperator: 'GreaterThanThreshold' };

/** `0 - X - X`, the oldest first: values that breach nothing, none, and values that breach. */
const periods = (drawn: string) =>
  drawn
    .split(' ')
    .map((symbol) => (symbol === '-' ? undefined : symbol === 'X' ? 11 : 0))
    .reverse();

// The tables of AmazonCloudWatch/latest/monitoring/alarms-and-missing-data, for three of three periods.
test.each([
  ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 'OK', undefined, 'OK', 'OK'],
  ['- - - - -', 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
  ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 'ALARM', undefined, 'ALARM', 'OK'],
])('%s is %s if missing data is missing, %s if ignored, %s if breaching, %s if not breaching', (drawn, ...states) => {
  expect(
    ['missing', 'ignore', 'breaching', 'notBreaching'].map((TreatMissingData) =>
      evaluate({ ...settings, TreatMissingData }, periods(drawn)),
    ),
  ).toEqual(states);
});

test('an alarm on two of three periods needs two', () => {
  const two = { ...settings, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching' };

  expect(evaluate(two, periods('X 0 X'))).toBe('ALARM');
  expect(evaluate(two, periods('0 0 X'))).toBe('OK');
});

test('a few periods more than those that are evaluated are looked at', () => {
  expect(evaluationRange(settings)).toBe(5);
});
