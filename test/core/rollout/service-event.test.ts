import { launchFailureSince, placementFailureSince, relevantEvents } from '../../../core/rollout/service-event.js';

const updateRequestedAt = '2026-11-23T12:00:00.000Z';
const at = (minute: number, message: string) => ({
  at: `2026-11-23T12:${String(minute).padStart(2, '0')}:00.000Z`,
  message: `(service web) ${message}`,
});
const unplaced = 'was unable to place a task. Reason: RESOURCE:CPU.';
const started = 'has started 1 tasks: (task 1).';

test('the newest events after the update that are not routine are relevant, each kind once', () => {
  const events = [
    at(9, 'has reached a steady state.'),
    at(9, 'is AZ balanced with 2 tasks in eu-west-1a, 2 tasks in eu-west-1b, 1 tasks in eu-west-1c.'),
    at(9, 'is not AZ balanced with 3 tasks in eu-west-1a, 1 tasks in eu-west-1b. AZ Rebalancing in progress.'),
    at(9, 'has started 1 tasks in eu-west-1a to AZ Rebalance: (task 8378fd0fc0d744109128c8d6a0b71524).'),
    at(9, 'rolling back to deployment ecs-svc/1675294001379389663.'),
    at(9, 'stopped 2 pending tasks.'),
    at(8, '(task 60a736a708f44dfcb1191e0771825ad5) failed container health checks.'),
    at(8, '(task 0668979337dc48ebb791640cd1162053) failed container health checks.'),
    at(8, 'has started 1 tasks: (task 0668979337dc48ebb791640cd1162053). Amazon ECS replaced 1 tasks due to an unhealthy status.'),
    at(8, unplaced),
    at(7, unplaced),
    at(6, '(port 80) is unhealthy in (target-group web) due to (reason Health checks failed with these codes: [502]).'),
    at(5, started),
    at(4, 'has stopped 2 running tasks: (task 1).'),
    at(4, 'registered 1 targets in (target-group web)'),
    at(3, 'deregistered 1 targets in (target-group web)'),
    at(3, 'has begun draining connections on 1 tasks.'),
    at(2, '(deployment ecs-svc/1) deployment completed.'),
    at(2, 'failed: password=hunter2'),
    { at: '2026-11-23T11:59:59.000Z', message: '(service web) was unhappy before.' },
  ];

  expect(relevantEvents(events, updateRequestedAt)).toEqual([
    '(service web) (task 60a736a708f44dfcb1191e0771825ad5) failed container health checks.',
    `(service web) ${unplaced}`,
    '(service web) (port 80) is unhealthy in (target-group web) due to (reason Health checks failed with these codes: [502]).',
    '(service web) failed: password=***',
  ]);
});

describe('a placement failure', () => {
  const since = (minute: number) => ({ since: at(minute, '').at, reason: `(service web) ${unplaced}` });

  test('lasts since the first of its events that no start has followed', () => {
    expect(
      placementFailureSince([at(8, unplaced), at(6, unplaced), at(5, started), at(2, unplaced)], updateRequestedAt, undefined),
    ).toEqual(since(6));
  });

  test('lasts since its first observed event, if ECS has dropped that', () => {
    expect(placementFailureSince([at(8, unplaced)], updateRequestedAt, since(3))).toEqual(since(3));
  });

  test('ends with a start, and begins anew after it', () => {
    expect(placementFailureSince([at(9, started), at(8, unplaced)], updateRequestedAt, since(3))).toBeUndefined();
    expect(placementFailureSince([at(10, unplaced), at(9, started), at(8, unplaced)], updateRequestedAt, since(3))).toEqual(since(10));
  });

  test('continues without new events', () => {
    expect(placementFailureSince([], updateRequestedAt, since(3))).toEqual(since(3));
    expect(placementFailureSince([at(4, 'is unhappy')], updateRequestedAt, since(3))).toEqual(since(3));
  });

  test('does not come from events before the update', () => {
    expect(placementFailureSince([{ at: '2026-11-23T11:59:00.000Z', message: unplaced }], updateRequestedAt, undefined)).toBeUndefined();
  });
});

describe('a launch failure', () => {
  const launch = (error: string) => `failed to launch a task with (error ${error}).`;
  const noRole = launch("ECS was unable to assume the role 'arn:aws:iam::123456789012:role/task' that was provided for this task");

  test.each([
    ['CANNOT_START', true, noRole],
    ['CANNOT_START', true, launch('ResourceInitializationError: unable to pull secrets or registry auth: access denied')],
    ['CANNOT_START', false, launch('ResourceInitializationError: failed to configure ENI')],
    ['CANNOT_PULL', true, launch('CannotPullContainerError: manifest unknown')],
    ['CANNOT_PULL', false, '(task 1) CannotPullContainerError: i/o timeout'],
    ['CANNOT_PULL', false, 'was unable to place a task. Reason: CannotPullContainerError: i/o timeout'],
    ['CANNOT_START', false, 'was unable to place a task. Reason: ResourceInitializationError: failed to validate logger args: exit status 1'],
    ['HOST', false, launch('DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s')],
  ])('has the reason %s, permanent: %s, if an event says %s', (reason, isPermanent, message) => {
    expect(launchFailureSince([at(3, message), at(2, message)], updateRequestedAt)).toEqual({
      count: 2,
      reason,
      isPermanent,
      message: `(service web) ${message}`,
    });
    expect(placementFailureSince([at(3, message), at(2, message)], updateRequestedAt, undefined)).toBeUndefined();
  });

  test.each([
    unplaced,
    launch('You have reached the limit on the number of tasks'),
    'was unable to place a task. Reason: network interface limit.',
  ])('is none if an event says that the service %s', (message) => {
    expect(launchFailureSince([at(3, message), at(2, message)], updateRequestedAt)).toBeUndefined();
    expect(placementFailureSince([at(3, message)], updateRequestedAt, undefined)).toBeDefined();
  });

  test('counts from the update and from the last start of a task', () => {
    const before = { at: '2026-11-23T11:59:00.000Z', message: noRole };

    expect(launchFailureSince([at(1, noRole), before], updateRequestedAt)).toMatchObject({ count: 1 });
    expect(launchFailureSince([at(4, noRole), at(3, started), at(2, noRole), at(1, noRole)], updateRequestedAt)).toMatchObject({
      count: 1,
    });
    expect(launchFailureSince([at(3, started), at(2, noRole)], updateRequestedAt)).toBeUndefined();
  });
});
