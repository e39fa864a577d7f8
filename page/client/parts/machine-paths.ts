type Point = { readonly x: number; readonly y: number; readonly lane: number };

type Shape = { readonly path: string; readonly isSiding: boolean; readonly arrow?: string };

const round = (value: number): number => Math.round(value * 10) / 10;
const at = (x: number, y: number): string => `${round(x)} ${round(y)}`;

/** A way ends below a state of the line, with an arrow: it is the only one that leads against the direction of reading. */
const arrowRoom = 19;
const arrowUp = (x: number): string => `M${at(x, 10)}l-5 9h10z`;

/**
 * From one state to another. `isNext`: both are neighbours on the line. `track` is the y of a way that leads far along the line, below all
 * that is there.
 */
export const edgePath = (from: Point, to: Point, { isNext, track }: { readonly isNext: boolean; readonly track: number }): Shape => {
  if (isNext) return { path: `M${at(from.x, 0)}L${at(to.x, 0)}`, isSiding: false };
  if (from.lane <= 0 && to.lane <= 0 && from.lane + to.lane < 0 && to.x > from.x) return { path: across(from, to), isSiding: true };
  if (from.lane === 0 && to.lane === 0) return along(from, to, track);
  if (to.lane === 0 && from.lane > 0) return { path: up(from, to), isSiding: false, arrow: arrowUp(to.x) };
  if (from.lane === 0 && to.lane > 0) return { path: down(from, to), isSiding: false };
  return { path: through(from, to), isSiding: false };
};

/** To and from a siding, and along it. */
const across = (from: Point, to: Point): string => {
  const bend = (to.x - from.x) / 2;
  return `M${at(from.x, from.y)}C${at(from.x + bend, from.y)} ${at(to.x - bend, to.y)} ${at(to.x, to.y)}`;
};

const nearby = 120;

/** An early end or a loop on the line: an arc to a near state, else a track below. */
const along = (from: Point, to: Point, track: number): Shape => {
  const distance = Math.abs(to.x - from.x);
  const arrow = arrowUp(to.x);
  if (distance <= nearby)
    return { path: `M${at(from.x, 0)}C${at(from.x, 40)} ${at(to.x, 46)} ${at(to.x, arrowRoom)}`, isSiding: false, arrow };
  const turn = Math.sign(to.x - from.x) * 14;
  const path = `M${at(from.x, 0)}L${at(from.x, track - 14)}Q${at(from.x, track)} ${at(from.x + turn, track)}L${at(to.x - turn, track)}Q${at(to.x, track)} ${at(to.x, track - 14)}L${at(to.x, arrowRoom)}`;
  return { path, isSiding: false, arrow };
};

/** One below the other: two ways between them are the halves of a loop. */
const bulge = (from: Point, to: Point): number => (Math.abs(from.x - to.x) < 24 ? 44 : 0);

const down = (from: Point, to: Point): string => {
  const x = from.x + bulge(from, to);
  return `M${at(from.x, from.y)}C${at(x, from.x === x ? to.y : to.y * 0.3)} ${at(x, to.y)} ${at(to.x, to.y)}`;
};

const up = (from: Point, to: Point): string => {
  const x = to.x - bulge(from, to);
  return `M${at(from.x, from.y)}C${at(x, from.y)} ${at(x, to.x === x ? from.y : from.y * 0.4)} ${at(to.x, arrowRoom)}`;
};

const through = (from: Point, to: Point): string => {
  const middle = (from.y + to.y) / 2;
  if (from.y === to.y) return `M${at(from.x, from.y)}Q${at((from.x + to.x) / 2, from.y + 40)} ${at(to.x, to.y)}`;
  return `M${at(from.x, from.y)}C${at(from.x, middle)} ${at(to.x, middle)} ${at(to.x, to.y)}`;
};
