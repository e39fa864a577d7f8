import { TaskGroup, type TaskState } from '../../../emulator/ecs/task-group.js';

const newTask = (): TaskState => ({
  lastStatus: 'PROVISIONING',
  desiredStatus: 'RUNNING',
  isHealthy: false,
  isUnhealthy: false,
  hasFailed: false,
});

test('a count follows the changes of the tasks in a group, and of no others', () => {
  const group = new TaskGroup<TaskState>();
  const [first, second, other] = [newTask(), newTask(), newTask()];
  const running = (): number => group.count(({ lastStatus }) => lastStatus === 'RUNNING');
  group.add(first);
  group.add(second);
  expect(group.count(() => true)).toBe(2);

  group.change(first, { lastStatus: 'RUNNING' });
  group.change(other, { lastStatus: 'RUNNING' });
  expect([running(), other.lastStatus]).toEqual([1, 'RUNNING']);

  group.change(first, { isHealthy: true });
  expect(group.count(({ isHealthy }) => isHealthy)).toBe(1);

  group.delete(first);
  group.delete(first);
  group.change(first, { lastStatus: 'STOPPED' });
  expect([running(), group.count(() => true), group.size, [...group]]).toEqual([0, 1, 1, [second]]);
});
