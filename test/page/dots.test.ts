import fc from 'fast-check';
import type { TaskCounts } from '../../page/api.js';
import { largestDots, largestTicks, pictureOfTasks } from '../../page/client/parts/dots.js';

const none: TaskCounts = { old: 0, oldStarting: 0, oldDraining: 0, new: 0, newStarting: 0, newLeaving: 0, failed: 0 };
const drawn = (tasks: Partial<TaskCounts>, desired?: number) =>
  pictureOfTasks({ ...none, ...tasks }, desired).marks.map(({ mark }) => mark);

test('a rollout is drawn with what arrives at the left and what leaves at the right', () => {
  expect(drawn({ new: 2, newStarting: 1, old: 2, oldDraining: 1 }, 4)).toEqual(['new', 'new', 'newStarting', 'old', 'old', 'oldDraining']);
});

test('a rollback shows tasks that start again, and those that leave', () => {
  expect(drawn({ old: 1, oldStarting: 1, newLeaving: 1 }, 2)).toEqual(['old', 'oldStarting', 'newLeaving']);
});

test('what the desired count asks for and nothing takes the place of is missing', () => {
  expect(drawn({ old: 3, failed: 2 }, 6)).toEqual(['old', 'old', 'old', 'failed', 'failed', 'missing']);
  expect(drawn({ old: 3, failed: 2 })).toEqual(['old', 'old', 'old', 'failed', 'failed']);
  expect(drawn({ old: 3, oldDraining: 2 }, 4)).toEqual(['old', 'old', 'old', 'oldDraining', 'oldDraining', 'missing']);
});

test('the label says the counts', () => {
  expect(pictureOfTasks({ ...none, new: 3, newStarting: 2, old: 6, oldDraining: 2 }, 8).label).toBe(
    '3 new running, 2 new starting, 6 running, 2 draining, of 8 desired',
  );
  expect(pictureOfTasks(none, 0)).toMatchObject({ form: 'none', label: 'no tasks, of 0 desired' });
  expect(pictureOfTasks(none).label).toBe('no tasks');
});

test('dots to 16 tasks, ticks to 100, then a bar', () => {
  const formOf = (old: number) => pictureOfTasks({ ...none, old }, old).form;
  expect([1, largestDots, largestDots + 1, largestTicks, largestTicks + 1, 5000].map(formOf)).toEqual([
    'dots',
    'dots',
    'ticks',
    'ticks',
    'bar',
    'bar',
  ]);
});

test('nothing overlaps or leaves the picture, and one task among thousands is seen', () => {
  const count = fc.oneof(fc.nat(9), fc.nat(3000));
  const tasks = fc.record({
    old: count,
    oldStarting: count,
    oldDraining: count,
    new: count,
    newStarting: count,
    newLeaving: count,
    failed: count,
  });
  fc.assert(
    fc.property(tasks, count, (counts, desired) => {
      const { marks, width } = pictureOfTasks(counts, desired);
      marks.forEach((mark, at) => {
        expect(mark.width).toBeGreaterThanOrEqual(2);
        expect(mark.x + mark.width).toBeLessThanOrEqual((marks[at + 1]?.x ?? width) + 1e-6);
      });
    }),
    { numRuns: 100 },
  );
});
