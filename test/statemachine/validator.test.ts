import validate from 'asl-validator';
import { machine, machineNames } from './machines.js';

/** Replaces CloudFormation's intrinsic functions by ARNs, and empty texts, which the validator refuses and Step Functions does not. */
const deployed = (value: unknown): unknown => {
  if (value === '') return "{% '' %}";
  if (typeof value === 'string') return value.replace(/^GetAtt (\w+)\.Arn$/, 'arn:aws:lambda:eu-west-1:123456789012:function:$1');
  if (Array.isArray(value)) return value.map(deployed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deployed(one)]));
};

test.each(machineNames)('the %s machine is valid', (name) => {
  expect(validate(deployed(machine(name)) as object)).toMatchObject({ isValid: true, errors: [] });
});

test('the validator finds errors', () => {
  const { States, ...rest } = deployed(machine('deployment')) as { States: Record<string, object> };

  expect(validate({ ...rest, States: { ...States, IsOpened: { ...States.IsOpened, Default: 'Nowhere' } } }).isValid).toBe(false);
  expect(validate({ ...rest, States: { ...States, Notify: { ...States.Notify, TimeoutSecond: 30 } } }).isValid).toBe(false);
});
