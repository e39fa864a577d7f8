import type { TaskCounts } from '../../api.js';

/** How one task looks. `missing`: the desired count asks for it, and nothing runs or starts in its place. */
export type TaskMark = 'new' | 'newStarting' | 'old' | 'oldStarting' | 'newLeaving' | 'oldDraining' | 'failed' | 'missing';

/** From the left: what arrives, what stays, what leaves, what is lacking. */
const order: readonly TaskMark[] = ['new', 'newStarting', 'old', 'oldStarting', 'newLeaving', 'oldDraining', 'failed', 'missing'];

const words: Readonly<Record<TaskMark, string>> = {
  new: 'new running',
  newStarting: 'new starting',
  old: 'running',
  oldStarting: 'starting again',
  newLeaving: 'new leaving',
  oldDraining: 'draining',
  failed: 'failed',
  missing: 'missing',
};

/** Dots to 16 tasks, ticks to 100, then a bar of one segment a kind. Widths are in pixels. */
export type TaskPicture = {
  readonly form: 'none' | 'dots' | 'ticks' | 'bar';
  readonly marks: readonly { readonly mark: TaskMark; readonly x: number; readonly width: number }[];
  readonly width: number;
  /** `3 new running, 2 new starting, 6 running, of 8 desired` */
  readonly label: string;
};

export const largestDots = 16;
export const largestTicks = 100;
const dot = { width: 10, pitch: 13 };
const tick = { width: 3, pitch: 5 };
const barWidth = 192;
/** A segment of the bar is never too thin to be seen. */
const leastSegment = 2;

export const pictureOfTasks = (tasks: TaskCounts, desired?: number): TaskPicture => {
  const counts = countsOf(tasks, desired);
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const label = labelOf(counts, desired);
  if (all === 0) return { form: 'none', marks: [], width: 0, label };
  if (all > largestTicks) return { form: 'bar', marks: segments(counts, all), width: barWidth, label };
  const { width, pitch } = all > largestDots ? tick : dot;
  const marks = counts
    .flatMap(({ mark, count }) => Array.from({ length: count }, () => mark))
    .map((mark, at) => ({ mark, x: at * pitch, width }));
  return { form: all > largestDots ? 'ticks' : 'dots', marks, width: (all - 1) * pitch + width, label };
};

type Count = { readonly mark: TaskMark; readonly count: number };

const countsOf = (tasks: TaskCounts, desired = 0): readonly Count[] => {
  const there = tasks.new + tasks.newStarting + tasks.old + tasks.oldStarting + tasks.failed;
  const counts = { ...tasks, missing: Math.max(0, desired - there) };
  return order.map((mark) => ({ mark, count: Math.max(0, Math.floor(counts[mark])) })).filter(({ count }) => count > 0);
};

const labelOf = (counts: readonly Count[], desired: number | undefined): string => {
  const said = counts.map(({ mark, count }) => `${count} ${words[mark]}`);
  if (said.length === 0) said.push('no tasks');
  return desired === undefined ? said.join(', ') : `${said.join(', ')}, of ${desired} desired`;
};

/** The widths add up to the bar: what small segments are given is taken from the others. */
const segments = (counts: readonly Count[], all: number): TaskPicture['marks'] => {
  const shared = barWidth - counts.length * leastSegment;
  let x = 0;
  return counts.map(({ mark, count }) => {
    const width = leastSegment + (count / all) * shared;
    const segment = { mark, x, width };
    x += width;
    return segment;
  });
};
