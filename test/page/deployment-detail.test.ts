import type { DeploymentView } from '../../core/query/answers.js';
import { deploymentDetail } from '../../page/server/deployment-detail.js';
import { head, installation } from '../cli/verbs/given.js';
import { digest } from '../core/given.js';
import { givenDetails, rowAt, viewAt } from './given-details.js';
import { minute } from './given-history.js';

const parts = { at: head.at, deployment: viewAt(0), installation, samples: [], stopped: [], problems: [] };

/** Words that are in no key and in no name: where one is seen, a value is. */
const planted = { env: 'PLANTED-ENV', secret: 'PLANTED-ARN', option: 'PLANTED-OPTION', log: 'PLANTED-LOG' };

const container = (tag: string, suffix: string) => ({
  name: 'app',
  image: `app:${tag}`,
  environment: [{ name: 'DATABASE_URL', value: `${planted.env}-${suffix}` }],
  secrets: [{ name: 'API_KEY', valueFrom: `${planted.secret}-${suffix}` }],
  logConfiguration: {
    logDriver: 'splunk',
    options: { 'splunk-token': `${planted.option}-${suffix}` },
    secretOptions: [{ name: 'splunk-url', valueFrom: `${planted.log}-${suffix}` }],
  },
});

test.each([
  ['differs', { containerDefinitions: [container('1', 'a')] }, { containerDefinitions: [container('2', 'b')] }],
  ['is new', { containerDefinitions: [] }, { containerDefinitions: [container('2', 'b')] }],
  ['is gone', { containerDefinitions: [container('1', 'a')] }, { containerDefinitions: [] }],
])('no value of the environment, of a secret or of a log option is in the diff of a container that %s', (_, before, after) => {
  const { diff } = deploymentDetail({ ...parts, before, after });

  expect(diff.length).toBeGreaterThan(0);
  expect(JSON.stringify(diff)).toContain('app:');
  expect(JSON.stringify(diff)).not.toContain('PLANTED');
});

test('the diff counts the fields that a revision has', () => {
  const [before, after] = [
    { cpu: '256', memory: '512', revision: 7 },
    { cpu: '256', memory: '1024', revision: 8 },
  ];

  expect(deploymentDetail({ ...parts, before, after })).toMatchObject({ fields: 2, diff: [{ kind: 'removed' }, { kind: 'added' }] });
  expect(deploymentDetail({ ...parts, after })).toMatchObject({ fields: 0, diff: [] });
});

const task = (id: string, at: number, more: object = {}) => ({
  id,
  taskDefinition: '',
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  stoppedAt: minute(at),
  containers: [{ name: 'app', exitCode: 1 }],
  ...more,
});

const rolledBack: DeploymentView = viewAt(0, {
  updateRequestedAt: minute(1),
  rollback: { since: minute(4), method: 'stop', reason: 'CRASHED', message: '2 tasks failed' },
  failedTasks: 2,
  failedAt: minute(3),
  failures: [{ count: 2, description: 'exit 1 in app' }],
  result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'it crashed' },
});

test('a rollback: its tasks by number, zone and how long they ran, and its marks', () => {
  const stopped = [task('30d6c729ff', 3, { startedAt: minute(2), zone: 'eu-west-1a' }), task('91bc04e2ff', 2)];
  const detail = deploymentDetail({ ...parts, deployment: rolledBack, stopped, row: rowAt('production/web', { desired: 4 }) });

  expect(detail.timeline.map(({ kind, title }) => [kind, title])).toEqual([
    ['failed', 'CloseDeployment'],
    ['rollback', 'RollBack'],
    ['taskFailed', 'Task 30d6c729 failed, 2 of 3'],
    ['taskFailed', 'Task 91bc04e2 failed, 1 of 3'],
    ['update', 'UpdateService'],
    ['started', 'OpenDeployment'],
  ]);
  expect(detail.timeline[2]).toMatchObject({ detail: 'exit 1 in app', from: 'eu-west-1a', seconds: 60 });
  expect(detail).toMatchObject({ isRebuilt: true, isOpen: false, desired: 4, failureLimit: 3 });
  expect(detail.samples.at(-1)).toEqual({ at: minute(5), old: 4, new: 0, starting: 0, failed: 2 });
});

test('once ECS has forgotten the tasks, the record says how they failed', () => {
  expect(deploymentDetail({ ...parts, deployment: rolledBack }).timeline).toContainEqual({
    at: minute(3),
    kind: 'taskFailed',
    title: '2 tasks failed',
    detail: 'exit 1 in app',
  });
});

const image = { repository: 'my-learn-app', tag: 'main-7', digest };

test('a running one: steps, task starts, hooks and events of its time alone', () => {
  const { endedAt: _, result: __, ...open } = viewAt(0, { phase: 'rollingOut', updateRequestedAt: minute(1), pausedSeconds: 90, image });
  const sample = (at: number, count: number) => ({ at: minute(at), old: 4, new: count, starting: 0, failed: 0 });
  const events = [
    { at: minute(3), message: '(service web) has started 2 tasks: (task a) (task b).' },
    { at: minute(-9), message: '(service web) has reached a steady state.' },
  ];
  const detail = deploymentDetail({
    ...parts,
    deployment: open,
    row: rowAt('production/web', { desired: 4 }),
    steps: [{ name: 'AcquireLease', at: minute(0.5), seconds: 2 }],
    samples: [sample(1, 0), sample(2, 2), sample(3, 1), sample(4, 2), sample(5, 4)],
    events,
  });

  expect(detail.timeline.map(({ title, detail: what }) => (what === undefined ? title : `${title}: ${what}`))).toEqual([
    'ECS: 4 of 4 run',
    'has started 2 tasks: (task a) (task b).',
    'ECS: 2 of 4 run',
    'Lifecycle hooks: kept it waiting, in all',
    'UpdateService: web:8',
    'AcquireLease',
    'OpenDeployment: push',
  ]);
  expect(detail).toMatchObject({ isOpen: true, isRebuilt: false, rollbackBy: minute(1 + 30 + 1.5) });
});

test('each read that is denied costs its panel alone', async () => {
  const refuse = async (): Promise<never> => {
    throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  };
  const deployment = viewAt(0, { updateRequestedAt: minute(1), endedAt: head.at });
  const { details } = givenDetails({ deployment, reads: { path: refuse, events: refuse, definition: refuse } });

  const { timeline, problems } = await details.deployment('production/web', 'run-0');

  expect(timeline).toHaveLength(3);
  expect(problems.map(({ of, reason, permission }) => [of, reason, permission]).sort()).toEqual([
    ['diff', 'ACCESS_DENIED', 'ecs:DescribeTaskDefinition'],
    ['machine', 'ACCESS_DENIED', 'states:GetExecutionHistory, states:DescribeStateMachineForExecution'],
    ['tasks', 'ACCESS_DENIED', 'ecs:DescribeServices'],
  ]);
});

test('an execution that Step Functions no longer has is said to be gone, and its log is linked', async () => {
  const path = async (): Promise<never> => {
    throw Object.assign(new Error('it does not exist'), { name: 'ExecutionDoesNotExist' });
  };
  const options = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1' };
  const definition = async () => ({
    containerDefinitions: [{ name: 'app', logConfiguration: { logDriver: 'awslogs' as const, options } }],
  });
  const { details } = givenDetails({ deployment: viewAt(0), reads: { path, definition } });

  await expect(details.deployment('production/web', 'run-0')).resolves.toMatchObject({
    problems: [{ of: 'machine', reason: 'UNREADABLE' }],
    logUrl: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fecs$252Fweb',
  });
});
