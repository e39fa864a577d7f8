import { isRepeatable, mayBeForgotten } from '../../../core/before-task/clock.js';
import { clientTokenOf, requestOf, startedByOf } from '../../../core/before-task/request.js';
import { after } from '../../../core/result/moment.js';
import { execution, revisionArn, startedAt } from '../given.js';

const before = { like: 'production/web', command: ['migrate'], timeoutSeconds: 600 };

test('the client token is one an attempt of a record, in the form that ECS takes', () => {
  const tokens = [clientTokenOf('a deployment#1', 1), clientTokenOf('a deployment#1', 2), clientTokenOf('a deployment#11', 1)];

  expect(new Set(tokens).size).toBe(3);
  expect(tokens[0]).toMatch(/^[!-~]{64}$/);
  expect(clientTokenOf('a deployment#1', 1)).toBe(tokens[0]);
});

test('startedBy names the stack and the service, in 128 characters at most for a name of 90', () => {
  expect(startedByOf(execution, 'production/web')).toBe('slipway-dev-before/web');
  expect(startedByOf(execution.replace('slipway-dev-', `slipway-${'s'.repeat(22)}-`), `c/${'w'.repeat(90)}`).length).toBeLessThanOrEqual(
    128,
  );
});

test('without a container the first that gets the image runs the command', () => {
  const record = { service: 'production/web', execution, revision: revisionArn(8), containers: ['app', 'worker'] };
  const nameIn = (container?: string) =>
    requestOf({ ...before, ...(container !== undefined && { container }) }, record, {}).overrides.containerOverrides[0]?.name;

  expect(nameIn()).toBe('app');
  expect(nameIn('migrator')).toBe('migrator');
});

test('a request may be repeated while its token is valid; a task may be forgotten an hour later', () => {
  const run = { requestedAt: startedAt };

  expect(isRepeatable(run, after(startedAt, 55 * 60 - 1))).toBe(true);
  expect(isRepeatable(run, after(startedAt, 55 * 60))).toBe(false);
  expect(mayBeForgotten(run, after(startedAt, 3599))).toBe(false);
  expect(mayBeForgotten(run, after(startedAt, 3600))).toBe(true);
});
