/** Layouts of the small charts. Coordinates are pixels from the top left; a value that is absent leaves its place empty. */
export type Bar = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type Values = readonly (number | undefined)[];
export type Size = { readonly width: number; readonly height: number };

/** A zero is a line: it was measured. */
const leastBar = 1;

/** A bar a value, the largest as high as the chart; undefined where nothing was measured. */
export const barsOf = (values: Values, { width, height }: Size): readonly (Bar | undefined)[] => {
  const largest = Math.max(0, ...values.map((value) => value ?? 0));
  const gap = Math.min(2, width / Math.max(1, values.length) / 3);
  const pitch = (width + gap) / Math.max(1, values.length);
  return values.map((value, index) => {
    if (value === undefined) return undefined;
    const tall = largest > 0 ? Math.max(leastBar, (Math.max(0, value) / largest) * height) : leastBar;
    return { x: index * pitch, y: height - tall, width: pitch - gap, height: tall };
  });
};

export type Line = { readonly path: string; readonly end?: { readonly x: number; readonly y: number } };

/** A line from the lowest to the highest value; it breaks where nothing was measured. `end` is the last value, if it was measured. */
export const lineOf = (values: Values, { width, height }: Size, inset = 3): Line => {
  const known = values.filter((value): value is number => value !== undefined);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const step = values.length > 1 ? (width - 2 * inset) / (values.length - 1) : 0;
  const at = (value: number, index: number) => ({
    x: round(inset + index * step),
    y: round(span > 0 ? inset + (1 - (value - low) / span) * (height - 2 * inset) : height / 2),
  });
  const path = values
    .flatMap((value, index) => {
      if (value === undefined) return [];
      const { x, y } = at(value, index);
      return [`${values[index - 1] === undefined ? 'M' : 'L'}${x} ${y}`];
    })
    .join('');
  const last = values.at(-1);
  return last === undefined ? { path } : { path, end: at(last, values.length - 1) };
};

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

/** Where p50 and p95 stand between zero and the largest duration of the table. */
export const rangeOf = (
  p50: number,
  p95: number,
  largest: number,
  { width }: Pick<Size, 'width'>,
  inset = 4,
): { from: number; to: number } => {
  const scale = largest > 0 ? (width - 2 * inset) / largest : 0;
  const place = (value: number) => round(inset + Math.min(Math.max(0, value), largest) * scale);
  return { from: place(p50), to: place(Math.max(p50, p95)) };
};
