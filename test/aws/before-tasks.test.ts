import { BeforeTasks } from '../../aws/before-tasks.js';
import type { BeforeTaskRequest } from '../../core/records/records.js';
import { revisionArn, taskArn } from '../core/given.js';
import { fakeAws } from './fake-aws.js';

const request: BeforeTaskRequest = {
  cluster: 'production',
  taskDefinition: revisionArn(8),
  startedBy: 'slipway-dev-before/web',
  overrides: { containerOverrides: [{ name: 'app', command: ['migrate'] }] },
  launchType: 'FARGATE',
};
const answering = (statusCode: number, answer: object): BeforeTasks => new BeforeTasks(fakeAws(() => [statusCode, answer]).settings);
const error = (name: string, more: object = {}) => ({ __type: name, message: 'no', ...more });

test.each<[string, number, object, object]>([
  ['a task', 200, { tasks: [{ taskArn }], failures: [] }, { task: taskArn }],
  ['failures alone', 200, { tasks: [], failures: [{ reason: 'RESOURCE:CPU', detail: 'x' }] }, { unplaced: 'RESOURCE:CPU: x' }],
  ['nothing', 200, {}, { unplaced: 'ECS gave no reason' }],
  ['ConflictException', 400, error('ConflictException', { resourceIds: [taskArn] }), { task: taskArn }],
  ['a conflict that names no task', 400, error('ConflictException'), { refused: 'ConflictException: no' }],
  ['a refusal', 400, error('InvalidParameterException'), { refused: 'InvalidParameterException: no' }],
  ['a missing permission', 400, error('AccessDeniedException'), { refused: 'AccessDeniedException: no' }],
])('RunTask answers %s', async (_, statusCode, answer, expected) => {
  expect(await answering(statusCode, answer).run(request, 'token')).toEqual(expected);
});

test.each([
  [400, 'ThrottlingException'],
  [500, 'ServerException'],
])('%s %s of RunTask says nothing of its effect, or may pass: it is thrown', async (statusCode, name) => {
  await expect(answering(statusCode, error(name)).run(request, 'token')).rejects.toMatchObject({ name });
});

test('RunTask is asked for one task, with the client token', async () => {
  const { settings, calls } = fakeAws(() => [200, { tasks: [{ taskArn }] }]);

  await new BeforeTasks(settings).run(request, 'token');
  expect(calls.map(({ input }) => input)).toEqual([{ ...request, clientToken: 'token', count: 1 }]);
});

test('a task that has stopped since it was listed does not run; one that is being stopped does, if it is a before task', async () => {
  const startedBy = 'slipway-dev-before/web';
  const task = (id: string, lastStatus: string, by = startedBy) => ({
    taskArn: id,
    taskDefinitionArn: revisionArn(6),
    lastStatus,
    startedBy: by,
  });
  const pages = [
    [task('one', 'PENDING'), task('two', 'RUNNING'), task('three', 'DEPROVISIONING'), task('four', 'STOPPED')],
    [task('five', 'STOPPED'), task('six', 'RUNNING', 'ecs-svc/1')],
    [task('seven', 'STOPPING')],
  ];
  let page = 0;
  const { settings, calls } = fakeAws(({ operation }) => {
    const tasks = pages[page] ?? [];
    if (operation === 'ListTasks')
      return [200, { taskArns: tasks.map(({ taskArn: arn }) => arn), ...(page === 1 && { nextToken: 'more' }) }];
    page += 1;
    return [200, { tasks }];
  });

  expect(await new BeforeTasks(settings).running('production/web', startedBy, revisionArn(8))).toEqual([
    { task: 'one', revision: revisionArn(6) },
    { task: 'two', revision: revisionArn(6) },
    { task: 'seven', revision: revisionArn(6) },
  ]);
  const stopped = { cluster: 'production', family: 'web', desiredStatus: 'STOPPED' };
  expect(calls.filter(({ operation }) => operation === 'ListTasks').map(({ input }) => input)).toEqual([
    { cluster: 'production', startedBy },
    stopped,
    { ...stopped, nextToken: 'more' },
  ]);
});

test.each<[object, object | undefined]>([
  [{ tasks: [], failures: [{ reason: 'MISSING' }] }, undefined],
  [{ tasks: [{ taskArn, desiredStatus: 'RUNNING', lastStatus: 'PENDING' }] }, { isStopping: false, stopped: undefined }],
  [{ tasks: [{ taskArn, desiredStatus: 'STOPPED', lastStatus: 'RUNNING' }] }, { isStopping: true, stopped: undefined }],
  [
    {
      tasks: [
        {
          taskArn,
          desiredStatus: 'STOPPED',
          lastStatus: 'DEPROVISIONING',
          stopCode: 'EssentialContainerExited',
          containers: [{ name: 'app', exitCode: 0 }],
        },
      ],
    },
    { isStopping: true, stopped: { stopCode: 'EssentialContainerExited', containers: [{ name: 'app', exitCode: 0 }] } },
  ],
])('%j is described as %j', async (answer, expected) => {
  const described = await answering(200, answer).describe('production/web', taskArn);

  if (expected) expect(described).toMatchObject(expected);
  else expect(described).toBeUndefined();
});

test('a task that ECS knows no more needs no stop; another error is thrown', async () => {
  await expect(answering(400, error('InvalidParameterException')).stop('production/web', taskArn, 'why')).resolves.toBeUndefined();
  await expect(answering(400, error('AccessDeniedException')).stop('production/web', taskArn, 'why')).rejects.toThrow('no');
});
