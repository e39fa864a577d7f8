import { executionResult } from '../../cli/execution-result.js';
import { mailOf } from '../../cli/mail.js';
import { subjectOf, summaryOf } from '../../cli/summary.js';
import { line, Timeline } from '../../cli/timeline.js';
import type { LogEntry } from '../../emulator/event-log.js';
import type { ExecutionView, States } from '../../emulator/states/api.js';

const arn = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:by-hand';

const ended = (output: unknown, error?: string): ExecutionView => ({
  arn,
  name: 'by-hand',
  machineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-deployment',
  status: error === undefined ? 'SUCCEEDED' : 'FAILED',
  startTime: 0,
  stopTime: 1000,
  input: {},
  output,
  error,
  cause: error && 'why it failed',
});

/** States with one execution, whose Tasks answered `answers`. */
const statesWith = (execution: ExecutionView, answers: readonly unknown[] = []): States => ({
  createStateMachine: () => {},
  executions: () => [execution],
  history: () =>
    answers.map((answer, id) => ({
      id,
      previousEventId: id,
      timestamp: new Date(0),
      type: 'TaskSucceeded',
      taskSucceededEventDetails: { output: JSON.stringify(answer) },
    })),
  transitions: () => 1,
});

const entry = (source: string, type: string, detail: Record<string, unknown>): LogEntry => ({ time: 0, source, type, detail });
const started = (input: unknown): LogEntry =>
  entry('states', 'execution-started', { execution: arn, machine: 'slipway-dev-deployment', input });

const inputs = ['production/web', { service: 5 }, { service: { name: 'web' } }, { service: null }, null, 5, [], [[1]], true, ''];

describe('the timeline shows an execution of any input', () => {
  test.each(inputs)('%j', (input) => {
    const step = new Timeline(statesWith(ended({}))).entryOf(started(input));

    expect(step).toMatchObject({ who: 'deployment', what: 'execution started' });
    expect(step && line(step, 17)).toContain('execution started');
  });

  test('by the service that it deploys', () => {
    expect(new Timeline(statesWith(ended({}))).entryOf(started({ service: 'production/web' }))).toMatchObject({ who: 'production/web' });
  });
});

describe('a wait', () => {
  const shown = (type: string, state: string, error?: string) =>
    new Timeline(statesWith(ended({}))).entryOf(entry('states', type, { execution: arn, state, type: 'Task', ...(error && { error }) }));

  test.each(['AcquireLease', 'RegisterRevision', 'RunBeforeTask', 'WatchRollout', 'Verify'])(
    'of %s is shown, and what ends it is no failure',
    (state) => {
      expect(shown('state-entered', state)).toBeUndefined();
      expect(shown('task-submitted', state)).toMatchObject({ what: state, detail: 'waits' });
      expect(shown('task-failed', state, 'Woken')).toMatchObject({ what: state, detail: 'woken' });
      expect(shown('task-failed', state, 'States.Timeout')).toMatchObject({ what: state, detail: 'looks again' });
    },
  );

  test('of another Task is that for an execution, which is shown itself', () => {
    expect(shown('task-submitted', 'DeployService')).toBeUndefined();
  });

  test('that fails is shown as a failure, as is the time-out of a Task that does not wait', () => {
    expect(shown('task-failed', 'WatchRollout', 'TransientAwsError')).toMatchObject({ detail: 'failed: TransientAwsError' });
    expect(shown('task-failed', 'UpdateService', 'States.Timeout')).toMatchObject({ detail: 'failed: States.Timeout' });
  });
});

test.each(inputs)('the summary names an execution of any input: %j', (input) => {
  const { machineArn } = ended({});

  expect(subjectOf(machineArn, input)).toBe('deployment of no tag');
  expect(subjectOf(machineArn, { tag: input, detail: null })).toBe(
    `deployment of ${typeof input === 'string' && input ? input : 'no tag'}`,
  );
});

test.each([
  [{ resume: 'service#production/web deployment#2026-11-23T09:00:05.123Z#web' }, 'production/web'],
  [{ repository: 'my-learn-app', rollback: true, by: 'ada' }, 'rollback of my-learn-app'],
  [{ resume: 'web' }, 'deployment of no tag'],
  [{ resume: 5 }, 'deployment of no tag'],
  [{ repository: 'app', rollback: true, stage: 'production' }, 'rollback of app'],
  [{ service: 'production/web', rollback: true }, 'production/web'],
  [{ repository: 'app', digest: `sha256:${'ab'.repeat(32)}` }, 'deployment of abababababab'],
])('the summary names what %j is about', (input, subject) => {
  expect(subjectOf(ended({}).machineArn, input)).toBe(subject);
});

test('an execution that was aborted has no outcome in the summary', () => {
  const aborted = { ...ended(undefined, 'who knows'), status: 'ABORTED' as const, input: { service: 'production/web' } };

  expect(summaryOf(entry('states', 'execution-ended', { execution: arn }), statesWith(aborted))).toEqual({
    who: 'production/web',
    what: 'execution aborted',
  });
});

test.each([
  ['state-entered', 'RollBack', 'Slipway rolls back'],
  ['state-entered', 'WatchRollout', undefined],
  ['task-submitted', 'AcquireLease', 'waits for another deployment'],
  ['task-submitted', 'WatchRollout', undefined],
])('%s %s in the summary: %s', (type, state, what) => {
  const states = statesWith({ ...ended({}), input: { service: 'production/web' } });
  const line = summaryOf(entry('states', type, { execution: arn, state, type: 'Task' }), states);

  expect(line).toEqual(what && { who: 'production/web', what });
});

describe('a task without a service', () => {
  const detail = { cluster: 'staging', group: 'family:web', taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:2' };
  const before = { ...detail, startedBy: 'slipway-dev-before/web' };
  const shown = (type: string, its: Record<string, unknown>) => summaryOf(entry('ecs', type, its), statesWith(ended({})));

  test('is a line of the service that a before task is like, when it starts and when its containers have ended', () => {
    expect(shown('run-started', before)).toEqual({ who: 'staging/web', what: 'before task started: web:2' });
    expect(shown('run-ended', { ...before, exitCodes: { app: 3 } })).toEqual({ who: 'staging/web', what: 'before task ended (exit 3)' });
    expect(shown('run-ended', { ...before, exitCodes: { app: undefined } })).toMatchObject({ what: 'before task ended' });
    expect(shown('task-stopped', { ...before, stoppedReason: 'Essential container in task exited' })).toBeUndefined();
  });

  test('is one of its family if an operator runs it', () => {
    expect(shown('run-started', detail)).toEqual({ who: 'staging/family:web', what: 'task started: web:2' });
  });
});

describe('a result', () => {
  const deployed = { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'exit 1' };

  test('is the output, or the last answer of a Task', () => {
    expect(executionResult(statesWith(ended({})), ended(deployed))).toEqual(deployed);
    expect(
      executionResult(
        statesWith(ended(undefined, 'ROLLED_BACK'), [{ Payload: { result: deployed } }, null]),
        ended(undefined, 'ROLLED_BACK'),
      ),
    ).toEqual(deployed);
  });

  test.each([
    null,
    'text',
    5,
    [],
    { outcome: 5 },
    { outcome: 'SUCCEEDED' },
    { Payload: null },
    { Payload: 'text' },
    { Payload: { result: 'text' } },
  ])('is unknown for an execution that answered %j', (answer) => {
    const unknown = { outcome: 'UNKNOWN', reason: 'AWS_ERROR' };

    expect(executionResult(statesWith(ended(answer), [answer]), ended(answer))).toMatchObject({ ...unknown, message: '' });
    expect(executionResult(statesWith(ended(answer), [answer]), ended(undefined, 'States.Runtime'))).toMatchObject({
      ...unknown,
      message: 'why it failed',
    });
  });
});

test.each([
  ['{"default":"a mail","email":"another"}', 'a mail'],
  ['plain text', 'plain text'],
  ['"text"', '"text"'],
  ['null', 'null'],
  ['{"default":5}', '{"default":5}'],
])('the mail of the message %s', (message, mail) => {
  const published = entry('sns', 'published', { subject: 'subject', message });

  expect(mailOf(message)).toBe(mail);
  expect(new Timeline(statesWith(ended({}))).entryOf(published)).toMatchObject({ body: mail });
  expect(summaryOf(published, statesWith(ended({})))).toMatchObject({ body: mail });
});
