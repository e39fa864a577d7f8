import { barsOf, lineOf, rangeOf } from '../../page/client/parts/minis.js';

const size = { width: 60, height: 20 };

describe('bars', () => {
  it('are as high as their value, and a zero is a line', () => {
    const bars = barsOf([10, 5, 0, undefined], size);
    expect(bars.map((bar) => bar?.height)).toEqual([20, 10, 1, undefined]);
    expect(bars.map((bar) => bar && bar.y + bar.height)).toEqual([20, 20, 20, undefined]);
  });

  it.each([[[]], [[undefined]], [[0, 0]], [[7]], [Array.from({ length: 60 }, (_, at) => at)]])('%j stay within the chart', (values) => {
    for (const bar of barsOf(values, size)) {
      if (!bar) continue;
      expect(bar.x).toBeGreaterThanOrEqual(0);
      expect(bar.x + bar.width).toBeLessThanOrEqual(size.width + 0.001);
      expect(bar.y).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('a line', () => {
  it('goes from the highest to the lowest value and ends with the last one', () =>
    expect(lineOf([30, 10], size)).toEqual({ path: 'M3 3L57 17', end: { x: 57, y: 17 } }));
  it('breaks where nothing was measured', () => expect(lineOf([1, undefined, 2], size).path).toBe('M3 17M57 3'));
  it('has no end where the present month has none', () => expect(lineOf([1, 2, undefined], size).end).toBeUndefined());
  it('is in the middle where all values are the same', () => expect(lineOf([4, 4], size).path).toBe('M3 10L57 10'));
  it('of nothing is empty', () => expect(lineOf([undefined, undefined], size)).toEqual({ path: '' }));
});

describe('a range', () => {
  it('is on the scale of all rows', () => expect(rangeOf(50, 100, 200, { width: 108 })).toEqual({ from: 29, to: 54 }));
  it('never runs backwards, nor out of the chart', () => {
    expect(rangeOf(90, 20, 100, { width: 108 })).toEqual({ from: 94, to: 94 });
    expect(rangeOf(0, 0, 0, { width: 108 })).toEqual({ from: 4, to: 4 });
  });
});
