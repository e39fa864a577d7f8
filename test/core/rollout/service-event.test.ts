import { placementFailureSince, relevantEvents } from '../../../core/rollout/service-event.js';

const updateRequestedAt = '2026-11-23T12:00:00.000Z';
const at = (minute: number, message: string) => ({
  at: `2026-11-23T12:${String(minute).padStart(2, '0')}:00.000Z`,
  message: `(service web) ${message}`,
});
const noPlace = 'was unable to place a task. Reason: RESOURCE:CPU.';
const started = 'has started 1 tasks: (task 1).';

test('the newest events are told that say more than that all goes its way, each once, since the update', () => {
  const events = [
    at(9, 'has reached a steady state.'),
    at(8, noPlace),
    at(7, noPlace),
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
    `(service web) ${noPlace}`,
    '(service web) (port 80) is unhealthy in (target-group web) due to (reason Health checks failed with these codes: [502]).',
    '(service web) failed: password=***',
  ]);
});

describe('tasks wait for a place', () => {
  const since = (minute: number) => ({ since: at(minute, '').at, reason: `(service web) ${noPlace}` });

  test('since the first event that says so, of those that no start has followed', () => {
    expect(placementFailureSince([at(8, noPlace), at(6, noPlace), at(5, started), at(2, noPlace)], updateRequestedAt, undefined)).toEqual(
      since(6),
    );
  });

  test('since the first that was seen, when ECS has forgotten it', () => {
    expect(placementFailureSince([at(8, noPlace)], updateRequestedAt, since(3))).toEqual(since(3));
  });

  test('no more once one was started, and anew from there', () => {
    expect(placementFailureSince([at(9, started), at(8, noPlace)], updateRequestedAt, since(3))).toBeUndefined();
    expect(placementFailureSince([at(10, noPlace), at(9, started), at(8, noPlace)], updateRequestedAt, since(3))).toEqual(since(10));
  });

  test('still, while ECS says nothing new', () => {
    expect(placementFailureSince([], updateRequestedAt, since(3))).toEqual(since(3));
    expect(placementFailureSince([at(4, 'is unhappy')], updateRequestedAt, since(3))).toEqual(since(3));
  });

  test('not for what ECS said before the update', () => {
    expect(placementFailureSince([{ at: '2026-11-23T11:59:00.000Z', message: noPlace }], updateRequestedAt, undefined)).toBeUndefined();
  });
});
