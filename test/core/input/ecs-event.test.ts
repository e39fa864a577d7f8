import fc from 'fast-check';
import { deploymentEvents, hookEvents, parseEcsEvent, serviceActions } from '../../../core/input/ecs-event.js';
import { actionEvent, deploymentEvent, hookEvent, taskEvent, taskId } from './given-ecs-events.js';

const service = 'production/web';
const time = '2026-11-23T12:02:58.000Z';

test('a stopped task is that of the service of its group, in its cluster, with the reasons of ECS', () => {
  expect(parseEcsEvent(taskEvent())).toEqual({
    kind: 'taskStopped',
    service,
    time,
    task: {
      id: taskId(),
      taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:8',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      stoppedAt: '2026-11-23T12:02:55.226Z',
      containers: [{ name: 'app', exitCode: 1 }],
    },
  });
});

test('a before task is that of the service which started it names, in its cluster, with its ARN', () => {
  const detail = { group: 'family:web', startedBy: 'slipway-dev-before/web', containers: [{ name: 'app', exitCode: 0 }] };

  expect(parseEcsEvent(taskEvent(1, { detail }))).toEqual({
    kind: 'runStopped',
    service,
    time,
    task: expect.objectContaining({
      arn: `arn:aws:ecs:eu-west-1:123456789012:task/production/${taskId()}`,
      id: taskId(),
      containers: [{ name: 'app', exitCode: 0 }],
    }),
  });
});

test.each(['ops', 'slipway-dev-before/', 'slipway-dev-before/a/b', undefined])(
  'a task outside of a service that %j has started says nothing',
  (startedBy) => {
    expect(parseEcsEvent(taskEvent(1, { detail: { group: 'family:web', startedBy } }))).toBeUndefined();
  },
);

test('a task that never ran has neither a time, nor exit codes, nor containers', () => {
  const detail = { executionStoppedAt: undefined, containers: undefined, stopCode: 'TaskFailedToStart', stoppedReason: undefined };

  expect(parseEcsEvent(taskEvent(1, { detail }))).toMatchObject({
    task: { stopCode: 'TaskFailedToStart', stoppedReason: '', stoppedAt: time, containers: [] },
  });
});

test.each(['2026-11-23T12:03:18.1Z', '2026-11-23T12:03:18.100000001Z', '2026-11-23T13:03:18.1+01:00'])(
  'the time %s is read as one of milliseconds in UTC',
  (stoppedAt) => {
    const stopped = parseEcsEvent(taskEvent(1, { detail: { lastStatus: 'STOPPED', executionStoppedAt: undefined, stoppedAt } }));

    expect(stopped).toMatchObject({ task: { stoppedAt: '2026-11-23T12:03:18.100Z' } });
  },
);

test.each(deploymentEvents)('%s names its deployment', (eventName) => {
  const change = { IN_PROGRESS: 'began', COMPLETED: 'completed', FAILED: 'failed' }[eventName.replace('SERVICE_DEPLOYMENT_', '')];

  expect(parseEcsEvent(deploymentEvent(eventName))).toEqual({
    kind: 'deployment',
    service,
    time,
    deploymentId: 'ecs-svc/1637086347952626779',
    change,
  });
});

test.each(serviceActions)('%s is of its service', (eventName) => {
  expect(parseEcsEvent(actionEvent(eventName))).toEqual({ kind: 'other', service, time });
});

test.each(hookEvents)('%s is of the service of its hook', (eventName) => {
  expect(parseEcsEvent(hookEvent(eventName))).toEqual({ kind: 'other', service, time });
});

test('fields that ECS adds are ignored', () => {
  expect(parseEcsEvent({ ...deploymentEvent(), 'replay-name': 'one', detail: { ...deploymentEvent().detail, added: {} } })).toEqual(
    parseEcsEvent(deploymentEvent()),
  );
});

test('names are taken as they are', () => {
  const detail = { group: 'service:A_b-9', clusterArn: 'arn:aws-cn:ecs:cn-north-1:123456789012:cluster/__proto__' };

  expect(parseEcsEvent(taskEvent(1, { detail }))).toMatchObject({ service: '__proto__/A_b-9' });
});

describe('no event of the rules is', () => {
  const task = (detail: object) => taskEvent(1, { detail: { ...detail } });
  const arn = 'arn:aws:ecs:eu-west-1:123456789012';

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'aws.ecs'],
    ['a list', [taskEvent()]],
    ['an empty object', {}],
    ['one of another source', taskEvent(1, { source: 'acme.ecs' })],
    ['one of another type', taskEvent(1, { 'detail-type': 'ECS Container Instance State Change' })],
    ['one without a type', taskEvent(1, { 'detail-type': undefined })],
    ['one without a detail', { ...taskEvent(), detail: undefined }],
    ['one whose detail is a text', { ...taskEvent(), detail: '{}' }],
    ['one without a time', taskEvent(1, { time: undefined })],
    ['one whose time is none', deploymentEvent(undefined, { time: 'yesterday' })],
    ['a task that is to run', task({ desiredStatus: 'RUNNING' })],
    ['a task that stops', task({ lastStatus: 'STOPPING' })],
    ['a task with a status of the future', task({ lastStatus: 'EVAPORATED' })],
    ['a task of no group', task({ group: undefined })],
    ['a task of no service', task({ group: 'family:web' })],
    ['a task of a service without a name', task({ group: 'service:' })],
    ['a task without a cluster', task({ clusterArn: undefined })],
    ['a task whose cluster has no ARN', task({ clusterArn: 'production' })],
    ['a task without an ARN', task({ taskArn: undefined })],
    ['a task without a task definition', task({ taskDefinitionArn: '' })],
    ['a task that ended at no time', task({ executionStoppedAt: 'soon' })],
    ['a task whose exit code is a text', task({ containers: [{ name: 'app', exitCode: '1' }] })],
    ['a task whose container has no name', task({ containers: [{}] })],
    ['a task whose containers are no list', task({ containers: { app: 1 } })],
    ['a deployment of nothing', deploymentEvent(undefined, { resources: [] })],
    ['a deployment of a cluster', deploymentEvent(undefined, { resources: [`${arn}:cluster/production`] })],
    ['a deployment of a service without a cluster', deploymentEvent(undefined, { resources: [`${arn}:service/web`] })],
    ['a deployment without an ID', deploymentEvent(undefined, { detail: { deploymentId: undefined } })],
    ['a deployment with another name', deploymentEvent('SERVICE_DEPLOYMENT_RENAMED')],
    ['a service in steady state', actionEvent('SERVICE_STEADY_STATE')],
    ['a hook in progress', hookEvent('HOOK_IN_PROGRESS')],
    ['a hook of no service', hookEvent(undefined, { detail: { serviceArn: undefined } })],
  ])('%s', (_, event) => {
    expect(parseEcsEvent(event)).toBeUndefined();
  });

  test('any value, without an error', () => {
    const shape = fc.record(
      {
        source: fc.constantFrom('aws.ecs', 'other'),
        'detail-type': fc.constantFrom(
          'ECS Task State Change',
          'ECS Deployment State Change',
          'ECS Service Action',
          'ECS Hook State Change',
        ),
        time: fc.oneof(fc.constant('2026-11-23T12:02:58Z'), fc.anything()),
        resources: fc.anything(),
        detail: fc.anything(),
      },
      { requiredKeys: [] },
    );

    fc.assert(fc.property(fc.oneof(fc.anything(), shape), (event) => parseEcsEvent(event) === undefined));
  });
});
