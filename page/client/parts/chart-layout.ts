import type { DeploymentDetail, Sample } from '../../api.js';

export type ChartInput = Pick<DeploymentDetail, 'samples' | 'marks' | 'desired' | 'failureLimit'> & {
  /** The right edge, ISO 8601: now, or the end. */
  readonly until: string;
  readonly isOpen: boolean;
  /** Pixels. */
  readonly width: number;
};

type Tone = 'old' | 'new' | 'desired' | 'failed';

/** Pixels. Paths are steps: a count holds until the next sample. */
export type Chart = {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly zero: number;
  readonly bottom: number;
  readonly old: string;
  readonly new: string;
  readonly failed: string;
  readonly ticks: readonly { readonly y: number; readonly text: string }[];
  readonly desiredY?: number;
  readonly limitY?: number;
  readonly times: readonly { readonly x: number; readonly at: number }[];
  readonly marks: readonly {
    readonly x: number;
    readonly y: number;
    readonly label: string;
    readonly anchor: 'start' | 'end';
    readonly kind: DeploymentDetail['marks'][number]['kind'];
  }[];
  readonly ends: readonly { readonly y: number; readonly text: string; readonly tone: Tone }[];
};

export const largestSamples = 300;
const left = 30;
const labelColumn = 104;
const above = 132;
const below = 38;
const axis = 26;
const flagRow = 15;
const flagCharacter = 6.4;
const labelLine = 16;

type Point = Sample & { readonly time: number };

/** Undefined without a sample: there is nothing to draw. */
export const chartOf = (input: ChartInput): Chart | undefined => {
  const points = pointsOf(input.samples);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return undefined;
  const until = Math.max(Date.parse(input.until) || last.time, last.time, first.time + 1000);
  const right = Math.max(left + 60, input.width - labelColumn);
  const x = (time: number): number =>
    left + ((Math.min(until, Math.max(first.time, time)) - first.time) / (until - first.time)) * (right - left);
  const flags = flagsOf(input, until, x, right);
  const top = flags.rows * flagRow + 6;
  const most = Math.max(1, input.desired ?? 0, ...points.map((point) => point.old + point.new));
  const mostFailed = Math.max(1, input.failureLimit ?? 0, ...points.map(({ failed }) => failed));
  const zero = top + above;
  const y = (count: number): number => zero - (count / most) * (above - 8);
  const under = (count: number): number => zero + (count / mostFailed) * below;
  const area = (from: (point: Point) => number, to: (point: Point) => number) => steps(points, until, x, from, to);
  return {
    width: input.width,
    height: zero + below + axis,
    left,
    right,
    top,
    zero,
    bottom: zero + below,
    old: area(
      () => zero,
      ({ old }) => y(old),
    ),
    new: area(
      ({ old }) => y(old),
      (point) => y(point.old + point.new),
    ),
    failed: area(
      () => zero,
      ({ failed }) => under(failed),
    ),
    ticks: ticksOf(most).map((count) => ({ y: y(count), text: String(count) })),
    ...(input.desired === undefined ? {} : { desiredY: y(input.desired) }),
    ...(input.failureLimit === undefined ? {} : { limitY: under(input.failureLimit) }),
    times: timesOf(first.time, until, right).map((time) => ({ x: x(time), at: time })),
    marks: flags.marks,
    ends: apart(endsOf(last, input, y, under, zero), top + 8, zero + below + 4),
  };
};

/** Samples in the order of time. Failures add up: ECS's own count begins again with its rollback. */
export const countedUp = (samples: readonly Sample[]): readonly Sample[] => {
  const sorted = samples.filter(({ at }) => !Number.isNaN(Date.parse(at))).sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  let most = 0;
  return sorted.map((sample) => {
    most = Math.max(most, sample.failed);
    return { ...sample, failed: most };
  });
};

/** Each a change of the one before; at most 300. */
const pointsOf = (samples: readonly Sample[]): readonly Point[] => {
  const points = countedUp(samples).map((sample) => ({ ...sample, time: Date.parse(sample.at) }));
  const changes = points.filter((point, at) => {
    const before = points[at - 1];
    return before?.old !== point.old || before.new !== point.new || before.failed !== point.failed;
  });
  const every = Math.ceil(changes.length / (largestSamples - 1));
  return changes.filter((_, at) => at % every === 0 || at === changes.length - 1);
};

const steps = (
  points: readonly Point[],
  until: number,
  x: (time: number) => number,
  from: (point: Point) => number,
  to: (point: Point) => number,
): string => {
  const corners = points.map((point, at) => ({
    start: x(point.time),
    end: x(points[at + 1]?.time ?? until),
    low: from(point),
    high: to(point),
  }));
  const there = corners.map(({ start, end, high }) => `${pixel(start)} ${pixel(high)}H${pixel(end)}`).join('L');
  const back = [...corners]
    .reverse()
    .map(({ start, end, low }) => `${pixel(end)} ${pixel(low)}H${pixel(start)}`)
    .join('L');
  return `M${there}L${back}z`;
};

const pixel = (value: number): number => Math.round(value * 10) / 10;

/** Zero and one or two more: whole numbers. */
const ticksOf = (most: number): readonly number[] => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most / 2)));
  const step = [5, 2, 1].map((part) => part * power).find((size) => size <= most / 2) ?? 1;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step);
};

const timesOf = (from: number, until: number, right: number): readonly number[] => {
  const count = Math.max(1, Math.min(4, Math.floor((right - left) / 96)));
  return Array.from({ length: count }, (_, at) => from + (at * (until - from)) / count);
};

type Flags = { readonly marks: Chart['marks']; readonly rows: number };

/** Each label stands at the right of its line, or at its left at the chart's end, in the first row where it overlaps no other one. */
const flagsOf = ({ marks, isOpen }: ChartInput, until: number, x: (time: number) => number, right: number): Flags => {
  const timed = marks.map(({ at, label, kind }) => ({ time: Date.parse(at), label, kind })).filter(({ time }) => !Number.isNaN(time));
  const isEnded = timed.some(({ kind }) => kind === 'end');
  const all = isEnded ? timed : [...timed, { time: until, label: isOpen ? 'now' : 'ended', kind: 'end' as const }];
  const taken: { start: number; end: number; row: number }[] = [];
  const placed = all
    .sort((one, other) => one.time - other.time)
    .map(({ time, label, kind }) => {
      const at = x(time);
      const width = label.length * flagCharacter + 8;
      const anchor = at + width > right + labelColumn / 2 ? ('end' as const) : ('start' as const);
      const [start, end] = anchor === 'end' ? [at - width, at] : [at, at + width];
      let row = 0;
      while (taken.some((other) => other.row === row && other.start < end && start < other.end)) row++;
      taken.push({ start, end, row });
      return { x: at, row, label, anchor, kind };
    });
  const rows = Math.max(1, ...placed.map(({ row }) => row + 1));
  return { rows, marks: placed.map(({ row, ...mark }) => ({ ...mark, y: (rows - row) * flagRow - 3 })) };
};

type End = Chart['ends'][number];

const endsOf = (
  last: Point,
  { desired, failureLimit }: ChartInput,
  y: (count: number) => number,
  under: (count: number) => number,
  zero: number,
): readonly End[] => [
  { tone: 'new', text: `${last.new} new`, y: last.new > 0 ? (y(last.old) + y(last.old + last.new)) / 2 : y(last.old) - labelLine },
  ...(desired === undefined ? [] : [{ tone: 'desired' as const, text: `${desired} desired`, y: y(desired) }]),
  { tone: 'old', text: `${last.old} old running`, y: (y(last.old) + zero) / 2 },
  ...(last.failed === 0 && failureLimit === undefined
    ? []
    : [{ tone: 'failed' as const, text: failedText(last.failed, failureLimit), y: under(last.failed) }]),
];

const failedText = (failed: number, limit: number | undefined): string =>
  limit === undefined ? `${failed} failed` : `${failed} of ${limit} failed`;

/** Moves labels as far as they need it to stand below each other. */
const apart = (ends: readonly End[], top: number, bottom: number): readonly End[] => {
  const sorted = [...ends].sort((one, other) => one.y - other.y);
  const down: End[] = [];
  for (const end of sorted) down.push({ ...end, y: Math.max(end.y, top, (down.at(-1)?.y ?? -Infinity) + labelLine) });
  let limit = bottom;
  return down
    .reverse()
    .map((end) => {
      const y = Math.min(end.y, limit);
      limit = y - labelLine;
      return { ...end, y };
    })
    .reverse();
};
