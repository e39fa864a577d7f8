import { lacksHealth, withFailures, withHealth } from '../../../core/rollout/counted-evidence.js';
import { noEvidence } from '../../../core/rollout/evidence.js';
import { describe as described, type StoppedTask, withRoles } from '../../../core/rollout/stopped-task.js';
import { countedFailure, type Failures, type WatchItem, withFailure } from '../../../core/rollout/watch-item.js';
import { execution, imageCrashes, later, stoppedTask } from '../given.js';

const numbered = (number: number, changes: Partial<StoppedTask> = {}): StoppedTask =>
  withRoles(stoppedTask({ id: String(number).padStart(32, '0'), ...changes }), ['app'], []);
const crashed = 'exit 1 in app: Essential container in task exited (EssentialContainerExited)';
const noImage = { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: pull access denied' };
const unhealthy = { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' };

const empty: WatchItem = { record: 'service#production/web deployment#1', execution, news: 0, seen: 0, groups: [] };

/** The item after these tasks have failed, in this order. */
const counted = (...tasks: readonly StoppedTask[]): WatchItem => tasks.map(countedFailure).reduce(withFailure, empty);
const all = { readCount: 3, isComplete: true };
const some = { readCount: 500, isComplete: false };

describe('counted failures', () => {
  test('are the evidence, in groups, the most frequent first', () => {
    const killed = { containers: [{ name: 'app', exitCode: 137 }] };

    expect(withFailures(noEvidence, counted(numbered(1), numbered(2, killed), numbered(3, { ...killed, stoppedAt: later })))).toEqual({
      failedTasks: 3,
      reason: 'CRASHED',
      groups: [
        { count: 2, description: 'exit 137 in app: Essential container in task exited (EssentialContainerExited)' },
        { count: 1, description: crashed },
      ],
      failedAt: later,
      hasImageFailed: true,
    });
  });

  test('change nothing if there are none, or none that are new', () => {
    const before = withFailures(noEvidence, counted(numbered(1)), all);

    expect(withFailures(noEvidence, empty, all)).toBe(noEvidence);
    expect(withFailures(before, counted(numbered(1)), all)).toEqual(before);
  });

  test('have the reason of the one that was counted last', () => {
    expect(withFailures(noEvidence, counted(numbered(1), numbered(2, noImage)))).toMatchObject({
      failedTasks: 2,
      reason: 'CANNOT_PULL',
      permanent: 1,
    });
  });

  test('show whether the image failed, also before one that failed for another reason', () => {
    const host = numbered(2, { stopCode: 'TaskFailedToStart', stoppedReason: 'DockerTimeoutError: Could not transition to started' });

    expect(withFailures(noEvidence, counted(numbered(1), host))).toMatchObject({ hasImageFailed: true, reason: 'HOST' });
    expect(withFailures(noEvidence, counted(host))).not.toHaveProperty('hasImageFailed');
  });

  test('are all permanent if a log says so', () => {
    const byLog: Failures & Pick<WatchItem, 'groups'> = { ...counted(numbered(1), numbered(2)), isPermanentByLog: true };

    expect(withFailures(noEvidence, byLog)).toMatchObject({ failedTasks: 2, permanent: 2 });
  });

  test('keep what the evidence has besides', () => {
    const before = { ...noEvidence, logs: { container: 'app', lines: ['boom'] }, events: ['was unable to place a task'] };

    expect(withFailures(before, counted(numbered(1)), all)).toMatchObject({ failedTasks: 1, logs: before.logs, events: before.events });
  });

  test('never become fewer: an item that was written anew knows of none', () => {
    expect(withFailures(imageCrashes, empty, all)).toMatchObject(imageCrashes);
    expect(withFailures(imageCrashes, counted(numbered(1)), all)).toMatchObject({ failedTasks: 3, groups: imageCrashes.groups });
  });
});

describe('failures of which not all were read', () => {
  test('are counted by ECS, too, with a warning', () => {
    const evidence = withFailures(noEvidence, counted(numbered(1)), some, 40);

    expect(evidence).toMatchObject({
      failedTasks: 40,
      groups: [{ count: 1, description: crashed }],
      warnings: ['more than 500 tasks stopped within the hour; only 500 of them were read'],
    });
    expect(withFailures(evidence, counted(numbered(1)), some, 12)).toEqual(evidence);
  });

  test('have a reason though ECS only counts them', () => {
    expect(withFailures(noEvidence, empty, some, 3)).toMatchObject({ failedTasks: 3, reason: 'CRASHED', groups: [] });
  });

  test('name the error of the read', () => {
    const unread = { readCount: 0, isComplete: false, readError: 'ThrottlingException' };

    expect(withFailures(noEvidence, empty, unread, 1)).toMatchObject({
      warnings: ['stopped tasks could not be read: ThrottlingException'],
    });
    expect(withFailures(noEvidence, empty, unread, 0)).toBe(noEvidence);
  });

  test('are not counted by ECS if all were read', () => {
    expect(withFailures(noEvidence, counted(numbered(1)), all, 40)).toMatchObject({ failedTasks: 1 });
  });
});

describe('the health of containers, which events do not have', () => {
  const task = (number: number) =>
    numbered(number, {
      ...unhealthy,
      containers: [
        { name: 'app', exitCode: 137, health: 'UNHEALTHY' },
        { name: 'web', exitCode: 0 },
      ],
    });
  const evidence = withFailures(noEvidence, counted(task(1), task(2)));

  test('names the container that a health check found unhealthy, and says that the image failed', () => {
    expect(evidence).not.toHaveProperty('hasImageFailed');
    expect(withHealth(evidence, [task(1)])).toEqual({
      ...evidence,
      groups: [{ count: 2, description: described(task(1)) }],
      hasImageFailed: true,
    });
    expect(described(task(1))).toContain('app is unhealthy');
  });

  test('stays named while no more tasks fail, and at the same failures of others', () => {
    const named = withHealth(evidence, [task(1)]);

    expect(withFailures(named, counted(task(1), task(2)), all)).toEqual(named);
  });

  test('is asked for until it is known, and again after more failures', () => {
    const [two, three] = [
      [1, 2],
      [1, 2, 3],
    ].map((numbers) => counted(...numbers.map(task)));
    const named = withHealth(withFailures(noEvidence, two!), [task(1)]);

    expect(lacksHealth(withFailures(noEvidence, two!), two!)).toBe(true);
    expect(lacksHealth(named, two!)).toBe(false);
    expect(lacksHealth(withFailures(named, three!), three!)).toBe(true);
    expect(lacksHealth(withHealth(withFailures(named, three!), [task(3)]), three!)).toBe(false);
    expect(lacksHealth(withFailures(noEvidence, counted(numbered(1))), counted(numbered(1)))).toBe(false);
  });

  test('says nothing if no task could be described, or another container was unhealthy', () => {
    const [, other] = [task(1), numbered(1, { ...unhealthy, containers: [{ name: 'web', health: 'UNHEALTHY' }] })];

    expect(withHealth(evidence, [])).toEqual(evidence);
    expect(withHealth(evidence, [other])).not.toHaveProperty('hasImageFailed');
  });
});
