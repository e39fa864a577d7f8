import { addLogs, addStoppedTasks, failureLimit, noEvidence } from '../../../core/rollout/evidence.js';
import { withRoles } from '../../../core/rollout/stopped-task.js';
import { stoppedTask } from '../given.js';

const observed = (...tasks: readonly ReturnType<typeof stoppedTask>[]) => ({ tasks, readCount: tasks.length, isComplete: true });
const numbered = (number: number, changes: Parameters<typeof stoppedTask>[0] = {}) =>
  stoppedTask({ id: String(number).padStart(8, '0').padEnd(32, '0'), ...changes });
const crashed = 'exit 1 in app: Essential container in task exited (EssentialContainerExited)';

describe('stopped tasks', () => {
  test('that failed in the same way are one group, the most frequent first', () => {
    const killed = { containers: [{ name: 'app', exitCode: 137 }] };
    const { evidence } = addStoppedTasks(noEvidence, observed(numbered(1), numbered(2, killed), numbered(3, killed)), 0);

    expect(evidence).toMatchObject({
      failedTasks: 3,
      groups: [
        { count: 2, description: 'exit 137 in app: Essential container in task exited (EssentialContainerExited)' },
        { count: 1, description: crashed },
      ],
    });
  });

  test('are counted once each, also those that ECS has forgotten', () => {
    const first = addStoppedTasks(noEvidence, observed(numbered(1), numbered(2)), 0).evidence;
    const same = addStoppedTasks(first, observed(numbered(1), numbered(2)), 0);
    const later = addStoppedTasks(first, observed(numbered(2), numbered(3)), 0);

    expect(same).toEqual({ evidence: first, newest: undefined });
    expect(later.evidence).toMatchObject({ failedTasks: 3, groups: [{ count: 3, description: crashed }] });
    expect(later.newest?.id).toBe(numbered(3).id);
  });

  test('have the reason of the newest failure, in any order', () => {
    const newest = numbered(2, {
      stoppedAt: '2026-11-23T12:02:00.000Z',
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: not found',
    });
    const stoppedByUser = numbered(3, { stopCode: 'UserInitiated', stoppedAt: '2026-11-23T12:03:00.000Z' });
    const seen = addStoppedTasks(noEvidence, observed(newest, stoppedByUser, numbered(1)), 0);

    expect(seen).toMatchObject({ evidence: { failedTasks: 2, reason: 'CANNOT_PULL', permanent: 1 }, newest: { id: newest.id } });
  });

  test('show whether the image failed, also before one that failed for another reason', () => {
    const host = numbered(2, { stopCode: 'TaskFailedToStart', stoppedReason: 'DockerTimeoutError: Could not transition to started' });
    const ours = withRoles(numbered(1), ['app'], []);
    const first = addStoppedTasks(noEvidence, observed(ours), 0).evidence;

    expect(first).toMatchObject({ hasImageFailed: true });
    expect(addStoppedTasks(first, observed(host), 0).evidence).toMatchObject({ hasImageFailed: true, reason: 'HOST' });
    expect(addStoppedTasks(noEvidence, observed(withRoles(numbered(1), ['web'], [])), 0).evidence).not.toHaveProperty('hasImageFailed');
  });

  test('are described by ten groups at most', () => {
    const tasks = Array.from({ length: 12 }, (_, index) => numbered(index, { containers: [{ name: 'app', exitCode: index + 1 }] }));

    expect(addStoppedTasks(noEvidence, observed(...tasks), 0).evidence).toMatchObject({ failedTasks: 12, groups: { length: 10 } });
  });

  test('that the image did not stop add no evidence', () => {
    expect(addStoppedTasks(noEvidence, observed(numbered(1, { stopCode: 'SpotInterruption' })), 7)).toEqual({
      evidence: noEvidence,
      newest: undefined,
    });
  });

  test('that were not all read are counted by ECS, too, with a warning', () => {
    const seen = { tasks: [numbered(1)], readCount: 500, isComplete: false };
    const { evidence } = addStoppedTasks(noEvidence, seen, 40);

    expect(evidence).toMatchObject({
      failedTasks: 40,
      groups: [{ count: 1, description: crashed }],
      warnings: ['more than 500 tasks stopped within the hour; only 500 of them were read'],
    });
    expect(addStoppedTasks(evidence, seen, 12).evidence).toBe(evidence);
    expect(addStoppedTasks(noEvidence, { ...seen, tasks: [] }, 3).evidence).toMatchObject({
      failedTasks: 3,
      reason: 'CRASHED',
      groups: [],
    });
  });
});

test('an exec format error in a log makes every failure permanent', () => {
  const { evidence } = addStoppedTasks(noEvidence, observed(numbered(1), numbered(2)), 0);

  expect(addLogs(evidence, { container: 'app', lines: ['exec /app: exec format error'] })).toMatchObject({ permanent: 2 });
  expect(addLogs(evidence, { container: 'app', lines: ['boom'] })).toEqual({ ...evidence, logs: { container: 'app', lines: ['boom'] } });
});

test.each([
  [0, 3],
  [1, 3],
  [30, 3],
  [31, 4],
  [40, 4],
  [1000, 100],
])('with a desired count of %i, %i failed tasks roll the rollout back', (desiredCount, limit) => {
  expect(failureLimit(desiredCount)).toBe(limit);
});
