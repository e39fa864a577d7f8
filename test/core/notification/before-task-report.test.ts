import { beforeTaskOf } from '../../../core/notification/before-task-report.js';
import { messageOf } from '../../../core/notification/message.js';
import { withinLimit } from '../../../core/notification/size-limit.js';
import { slackMessageOf } from '../../../core/notification/slack.js';
import { textOf } from '../../../core/notification/text.js';
import { beforeTaskText } from '../../../core/notification/wording.js';
import type { BeforeTaskRun } from '../../../core/records/records.js';
import { deploymentRecord, execution, later, releaseExecution, releaseRecord, startedAt } from '../given.js';
import { failedTask, messageOfOne } from './given-messages.js';

const logs = [{ container: 'app', group: '/ecs/web', prefix: 'ecs' }];
const reportOf = (beforeTask: BeforeTaskRun, places: NonNullable<Parameters<typeof beforeTaskOf>[0]['logs']> = logs) =>
  beforeTaskOf({ execution, service: 'production/web', beforeTask, logs: places }, later);

const endedAs = (ended: Partial<NonNullable<BeforeTaskRun['ended']>>): BeforeTaskRun => {
  const { exitCode: _, ...rest } = failedTask.ended;
  return { ...failedTask, ended: { ...rest, ...ended } };
};

const { ended: _, ...unfinished } = failedTask;

test.each<[string, BeforeTaskRun]>([
  ['before task: failed, exit 3, after 42 s: npm run migrate in app', failedTask],
  ['before task: failed, after 42 s: npm run migrate in app', endedAs({ reason: 'PLACEMENT' })],
  ['before task: succeeded, exit 0, after 42 s: npm run migrate in app', endedAs({ outcome: 'SUCCEEDED', exitCode: 0 })],
  ['before task: stopped at its timeout, exit 0, after 42 s: npm run migrate in app', endedAs({ outcome: 'TIMED_OUT', exitCode: 0 })],
  ['before task: cancelled, after 42 s: npm run migrate in app', endedAs({ outcome: 'CANCELLED' })],
  ['before task: its end is unknown: npm run migrate in app', endedAs({ outcome: 'UNKNOWN' })],
  ['before task: had not ended after 5 min: npm run migrate in app', unfinished],
])('%s', (text, run) => {
  const report = reportOf(run);

  expect(report && beforeTaskText(report)).toBe(text);
});

test('a deployment without a before task has no report of one', () => {
  expect(beforeTaskOf({ execution, service: 'production/web' }, later)).toBeUndefined();
  expect(messageOfOne().services[0]).not.toHaveProperty('beforeTask');
});

test('the commands can be pasted: one for the task, and one for its log from the run on', () => {
  expect(reportOf(failedTask)?.commands).toEqual([
    'aws ecs describe-tasks --region eu-west-1 --cluster production --tasks 0a1b2c3d',
    `aws logs tail /ecs/web --region eu-west-1 --since ${startedAt} --log-stream-names ecs/app/0a1b2c3d`,
  ]);
});

test.each<[string, Parameters<typeof reportOf>[1], number]>([
  ['of another container', [{ container: 'proxy', group: '/ecs/web', prefix: 'ecs' }], 1],
  ['that cannot be read', [{ container: 'app', group: '', prefix: '', unread: 'its log driver is splunk' }], 1],
])('a log %s has no command', (_, places, count) => {
  expect(reportOf(failedTask, places)?.commands).toHaveLength(count);
});

test('a log group in another Region is read there, and its name is one word of the shell', () => {
  const [, tail] = reportOf(failedTask, [{ container: 'app', group: "it's #1", prefix: 'ecs', region: 'us-east-1' }])?.commands ?? [];

  expect(tail).toContain("aws logs tail 'it'\\''s #1' --region us-east-1 ");
});

test('of a run that no answer has named a task of, the tasks that may be it are listed', () => {
  const { task: _task, ...unknown } = failedTask;
  const { requestedAt: _requestedAt, ...notRequested } = unknown;

  expect(reportOf(unknown)?.commands).toEqual(
    ['RUNNING', 'STOPPED'].map(
      (status) =>
        `aws ecs list-tasks --region eu-west-1 --cluster production --started-by slipway-dev-before/web --desired-status ${status}`,
    ),
  );
  expect(reportOf(notRequested)?.commands).toEqual([]);
});

test('a run that succeeded needs no commands and no log', () => {
  expect(reportOf(endedAs({ outcome: 'SUCCEEDED' }))).toMatchObject({ commands: [], log: [] });
});

test('nothing of the request is in a message, such as the environment of the command', () => {
  const request = {
    cluster: 'production',
    taskDefinition: 'web:8',
    startedBy: 'slipway-dev-before/web',
    overrides: { containerOverrides: [{ name: 'app', command: ['migrate'], environment: [{ name: 'KEY', value: 'hunter2' }] }] },
  };

  expect(JSON.stringify(messageOfOne({ beforeTask: { ...failedTask, request } }))).not.toContain('hunter2');
});

const release = (beforeTask: BeforeTaskRun, outcome: 'FAILED' | 'SUCCEEDED') =>
  messageOf({
    result: { outcome, reason: outcome === 'FAILED' ? 'BEFORE_TASK' : 'DEPLOYED', message: 'production/web: exit 3' },
    execution: releaseExecution,
    startedAt,
    now: later,
    release: releaseRecord({ stage: 'production' }),
    deployments: [],
    beforeTasks: [deploymentRecord({ beforeTask, logs }), deploymentRecord()],
  });

test('a failed before task of a stage is in mail and Slack with its log and the commands', () => {
  const message = release(failedTask, 'FAILED');
  const blocks = JSON.stringify(slackMessageOf(message).attachments);

  expect(message.beforeTasks).toHaveLength(1);
  expect(textOf(message)).toContain(`
before task of production: failed, exit 3, after 42 s: npm run migrate in app
  last lines of app:
    relation "users" does not exist
  aws ecs describe-tasks --region eu-west-1 --cluster production --tasks 0a1b2c3d
  aws logs tail /ecs/web --region eu-west-1 --since ${startedAt} --log-stream-names ecs/app/0a1b2c3d
`);
  expect(textOf(message)).toContain('on production: its before task failed, no service changed\n');
  for (const part of ['before task of production', 'does not exist', 'describe-tasks', 'logs tail']) expect(blocks).toContain(part);
});

test('a before task of a stage that succeeded is one line', () => {
  const message = release(endedAs({ outcome: 'SUCCEEDED', exitCode: 0 }), 'SUCCEEDED');

  expect(textOf(message)).toContain('\nbefore task of production: succeeded, exit 0, after 42 s: npm run migrate in app\n\n');
  expect(JSON.stringify(slackMessageOf(message))).not.toContain('describe-tasks');
});

test('a service shows its own before task, and after a rollback that it is not undone', () => {
  const message = messageOfOne({ beforeTask: endedAs({ outcome: 'SUCCEEDED', exitCode: 0 }), logs });

  expect(textOf(message)).toContain('\n  before task: succeeded, exit 0, after 42 s: npm run migrate in app\n');
  expect(message.services[0]?.warnings).toContain('what its before task has changed is not undone');
});

test('far too long, before tasks keep their line', () => {
  const long = {
    ...failedTask,
    command: ['x'.repeat(5000)],
    ended: { ...failedTask.ended, log: Array<string>(500).fill('x'.repeat(300)) },
  };
  const short = withinLimit(release(long, 'FAILED'));

  expect(short.beforeTasks).toMatchObject([{ stage: 'production', beforeTask: { outcome: 'FAILED', exitCode: 3, log: [] } }]);
});

test.each(['BEFORE_TASK', 'CANCELLED', 'TIMED_OUT', 'ABORTED'] as const)(
  'after a before task it is not said that nothing changed: %s',
  (reason) => {
    const result = { outcome: 'FAILED', reason, message: 'x' } as const;
    const textWith = (changes: Parameters<typeof deploymentRecord>[0]) =>
      textOf(messageOf({ result, execution, startedAt, now: later, deployments: [deploymentRecord({ result, ...changes })] }));

    expect(textWith({ beforeTask: failedTask })).not.toContain('nothing changed');
    expect(textWith({ beforeTask: failedTask }).match(/no service changed/g)).toHaveLength(2);
    expect(textWith({}).match(/nothing changed/g) ?? []).toHaveLength(reason === 'BEFORE_TASK' ? 0 : 2);
  },
);
