import type { TaskCounts } from '../../api.js';
import { pictureOfTasks, type TaskMark } from './dots.js';
import '../styles/dots.css';

const height = 12;
const middle = height / 2;

/** The tasks of a service: a dot a task, its label says the counts. `label` names what they are of. */
export const TaskDots = ({ tasks, desired, label }: { tasks: TaskCounts; desired?: number | undefined; label?: string }) => {
  const picture = pictureOfTasks(tasks, desired);
  const text = label ? `${label}: ${picture.label}` : picture.label;
  if (picture.form === 'none')
    return (
      <span class="dots-none" role="img" aria-label={text}>
        –
      </span>
    );
  const Shape = picture.form === 'dots' ? Dot : Tick;
  return (
    <svg class="dots" width={picture.width} height={height} viewBox={`0 0 ${picture.width} ${height}`} role="img" aria-label={text}>
      {picture.marks.map(({ mark, x, width }, index) => (
        <Shape key={index} mark={mark} x={x} width={width} />
      ))}
    </svg>
  );
};

/** One dot in a legend. */
export const TaskDot = ({ mark }: { mark: TaskMark }) => (
  <svg class="dots" width="10" height={height} viewBox={`0 0 10 ${height}`} aria-hidden="true">
    <Dot mark={mark} x={0} width={10} />
  </svg>
);

type ShapeProps = { mark: TaskMark; x: number; width: number };

const Dot = ({ mark, x }: ShapeProps) => {
  const centre = x + 5;
  switch (mark) {
    case 'failed':
      return <path class="dot-failed" d={`M${x + 2} ${middle - 3}l6 6m0-6l-6 6`} />;
    case 'newStarting':
    case 'oldStarting':
      return (
        <g class={`dot-${mark}`}>
          <circle cx={centre} cy={middle} r="3.75" />
          <path d={`M${centre} ${middle - 3.75}a3.75 3.75 0 0 0 0 7.5z`} />
        </g>
      );
    case 'newLeaving':
    case 'oldDraining':
    case 'missing':
      return <circle class={`dot-${mark}`} cx={centre} cy={middle} r="3.75" />;
    default:
      return <circle class={`dot-${mark}`} cx={centre} cy={middle} r="4.5" />;
  }
};

/** Ticks and segments of the bar keep the dot's colours: a ring becomes an outline, a start half a height. */
const Tick = ({ mark, x, width }: ShapeProps) => {
  const isRing = mark === 'newLeaving' || mark === 'oldDraining' || mark === 'missing';
  const inset = isRing ? 0.75 : 0;
  const top = mark === 'newStarting' || mark === 'oldStarting' ? middle : 1;
  return (
    <rect class={`tick-${mark}`} x={x + inset} y={top + inset} width={Math.max(0.5, width - 2 * inset)} height={11 - top - 2 * inset} />
  );
};
