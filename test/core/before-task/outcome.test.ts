import { outcomeOfRun } from '../../../core/before-task/outcome.js';
import { type StoppedTask, withRoles } from '../../../core/rollout/stopped-task.js';
import { stoppedTask } from '../given.js';

const run = { container: 'app', timeoutSeconds: 600 };

/** The outcome of a task of app, which has the image, of an essential proxy and of an agent that a task outlives. */
const outcomeOf = (changes: Partial<StoppedTask>, more: Partial<Parameters<typeof outcomeOfRun>[1]> = {}) => {
  const { outcome, reason, speaksOfImage } = outcomeOfRun(withRoles(stoppedTask(changes), ['app'], ['agent']), { ...run, ...more });
  return `${outcome}${reason === undefined ? '' : ` ${reason}`}${speaksOfImage ? ', of the image' : ''}`;
};

const exits = (app: number | undefined, proxy?: number, reasons: { readonly app?: string; readonly proxy?: string } = {}) => ({
  containers: [
    { name: 'proxy', ...(proxy !== undefined && { exitCode: proxy }), ...(reasons.proxy && { reason: reasons.proxy }) },
    { name: 'app', ...(app !== undefined && { exitCode: app }), ...(reasons.app && { reason: reasons.app }) },
  ],
});
const outOfMemory = 'OutOfMemoryError: Container killed due to memory usage';
const notStarted = (stoppedReason: string, app?: string) => ({
  stopCode: 'TaskFailedToStart',
  stoppedReason,
  ...exits(undefined, undefined, app === undefined ? {} : { app }),
});

test.each<[string, Partial<StoppedTask>, string]>([
  ['0', exits(0), 'SUCCEEDED'],
  ['0, and the proxy is killed after it', exits(0, 143), 'SUCCEEDED'],
  ['0, and the proxy ends with 1 on SIGTERM', exits(0, 1), 'SUCCEEDED'],
  ['3', exits(3, 143), 'FAILED CRASHED, of the image'],
  [
    '3, and the agent has ended before',
    {
      containers: [
        { name: 'agent', exitCode: 1 },
        { name: 'app', exitCode: 3 },
      ],
    },
    'FAILED CRASHED, of the image',
  ],
  ['137, as it took too much memory', exits(137, 143, { app: outOfMemory }), 'FAILED CRASHED, of the image'],
  ['137, alone', { containers: [{ name: 'app', exitCode: 137 }] }, 'FAILED CRASHED, of the image'],
  [
    '137, and the agent with 0',
    {
      containers: [
        { name: 'agent', exitCode: 0 },
        { name: 'app', exitCode: 137 },
      ],
    },
    'FAILED CRASHED, of the image',
  ],
  ['143, after the proxy has ended with 1', exits(143, 1), 'FAILED HOST'],
  ['137, after the proxy has ended with 0', exits(137, 0), 'FAILED HOST'],
  ['143, after the proxy took too much memory', exits(143, 137, { proxy: outOfMemory }), 'FAILED HOST'],
  ['nothing, as the proxy that it depends on failed', exits(undefined, 1), 'FAILED HOST'],
  ['0 on the SIGTERM of a Spot interruption', { stopCode: 'SpotInterruption', ...exits(0) }, 'FAILED HOST'],
  ['143 on a Spot interruption', { stopCode: 'SpotInterruption', ...exits(143) }, 'FAILED HOST'],
  ['1 as its host is retired', { stopCode: 'TerminationNotice', ...exits(1) }, 'FAILED HOST'],
  [
    '0 as another user stopped it',
    { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user', ...exits(0) },
    'FAILED STOPPED_IN_ECS',
  ],
  ['137 as another user stopped it', { stopCode: 'UserInitiated', ...exits(137) }, 'FAILED STOPPED_IN_ECS'],
  ['137 as its service was deleted', { stopCode: 'ServiceSchedulerInitiated', ...exits(137) }, 'FAILED STOPPED_IN_ECS'],
  ['1 as its host failed', { stopCode: 'InfrastructureHealth', ...exits(1) }, 'FAILED HOST'],
  ['nothing, and the proxy is killed', exits(undefined, 143), 'FAILED CRASHED'],
  [
    'nothing: no image, and the proxy ends meanwhile',
    { ...notStarted(''), ...exits(undefined, 1, { app: 'CannotPullContainerError: not found' }) },
    'FAILED CANNOT_PULL',
  ],
  ['nothing: no image', notStarted('CannotPullContainerError: not found', 'CannotPullContainerError: not found'), 'FAILED CANNOT_PULL'],
  ['nothing: no secret', notStarted('ResourceInitializationError: unable to pull secrets or registry auth'), 'FAILED CANNOT_START'],
  ['nothing: no network interface', notStarted('Unexpected EC2 error while creating network interface'), 'FAILED CANNOT_START'],
  ['nothing: no such command', notStarted('CannotStartContainerError: exec: "npm": executable file not found in $PATH'), 'FAILED CRASHED'],
])('a command that ends with %s', (_, changes, expected) => {
  expect(outcomeOf(changes)).toBe(expected);
});

test('after our StopTask no exit code counts', () => {
  const at = '2026-11-23T12:10:00.000Z';

  for (const code of [0, 1, 143]) {
    expect(outcomeOf({ stopCode: 'UserInitiated', ...exits(code) }, { stop: { at, because: 'timeout' } })).toBe('TIMED_OUT');
    expect(outcomeOf({ stopCode: 'UserInitiated', ...exits(code) }, { stop: { at, because: 'cancelled' } })).toBe('CANCELLED');
  }
});

test('the named container decides, and does not speak of an image that is not its own', () => {
  expect(outcomeOf(exits(143, 1), { container: 'proxy' })).toBe('FAILED CRASHED');
  expect(outcomeOf(exits(1, 0), { container: 'proxy' })).toBe('SUCCEEDED');
});

test('the message says what failed, without secrets', () => {
  const { message, exitCode } = outcomeOfRun(stoppedTask({ stoppedReason: 'token=abc', containers: [{ name: 'app', exitCode: 3 }] }), run);

  expect(message).toContain('exit 3 in app');
  expect(message).not.toContain('abc');
  expect(exitCode).toBe(3);
});
