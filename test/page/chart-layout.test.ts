import fc from 'fast-check';
import type { Sample } from '../../page/api.js';
import { type ChartInput, chartOf, largestSamples } from '../../page/client/parts/chart-layout.js';

const time = (second: number) => new Date(Date.UTC(2026, 10, 28, 14, 27, 52) + second * 1000).toISOString();
const sample = (second: number, old: number, fresh: number, failed = 0): Sample => ({
  at: time(second),
  old,
  new: fresh,
  starting: 0,
  failed,
});
const input = (changes: Partial<ChartInput> = {}): ChartInput => ({
  samples: [sample(0, 6, 0), sample(30, 6, 2), sample(60, 4, 2, 1), sample(120, 5, 0, 3)],
  marks: [
    { at: time(0), label: 'UpdateService', kind: 'update' },
    { at: time(60), label: '1st failure', kind: 'failure' },
    { at: time(118), label: 'RollBack', kind: 'rollback' },
  ],
  desired: 6,
  failureLimit: 3,
  until: time(240),
  isOpen: true,
  width: 640,
  ...changes,
});

test('a count holds until the next sample, and the last one until now', () => {
  const { old, right, left } = chartOf(input())!;
  expect(old).toMatch(new RegExp(`^M${left} `));
  expect(old).toContain(`H${right}`);
  expect(old.match(/[\d.]+ [\d.]+H/g)).toHaveLength(8);
});

test('new tasks stand on the old ones, failures below zero down to the limit', () => {
  const { zero, limitY, bottom, desiredY, top } = chartOf(input())!;
  expect(limitY).toBe(bottom);
  expect(desiredY).toBeGreaterThan(top);
  expect(desiredY).toBeLessThan(zero);
});

test('the labels at the end say the counts', () => {
  expect(chartOf(input())!.ends.map(({ text }) => text)).toEqual(['6 desired', '0 new', '5 old running', '3 of 3 failed'].sort(byPlace));
  expect(chartOf(input({ samples: [sample(0, 2, 0)], failureLimit: undefined as never, desired: undefined as never }))!.ends).toHaveLength(
    2,
  );
});
const byPlace = (one: string, other: string) => places.indexOf(one) - places.indexOf(other);
const places = ['0 new', '6 desired', '5 old running', '3 of 3 failed'];

test('failures add up, also if ECS begins to count again', () => {
  const samples = [sample(0, 2, 0), sample(60, 2, 0, 2), sample(90, 2, 0)];
  expect(chartOf(input({ samples, failureLimit: 3 }))!.ends.map(({ text }) => text)).toContain('2 of 3 failed');
});

test('now, or the end, is the last mark', () => {
  expect(chartOf(input())!.marks.at(-1)).toMatchObject({ label: 'now', kind: 'end' });
  expect(chartOf(input({ isOpen: false }))!.marks.at(-1)).toMatchObject({ label: 'ended' });
});

test('without a sample whose time can be read there is no chart', () => {
  expect(chartOf(input({ samples: [] }))).toBeUndefined();
  expect(chartOf(input({ samples: [{ ...sample(0, 1, 0), at: 'yesterday' }] }))).toBeUndefined();
});

test('thousands of samples are at most 300 steps, and the last one is kept', () => {
  const samples = Array.from({ length: 5000 }, (_, second) => sample(second, second % 7, 0));
  const { old, ends } = chartOf(input({ samples, until: time(6000) }))!;
  expect(old.match(/H/g)!.length).toBeLessThanOrEqual(2 * largestSamples);
  expect(ends.map(({ text }) => text)).toContain(`${4999 % 7} old running`);
});

const count = fc.oneof(fc.nat(8), fc.nat(3000));
const anyInput = fc.record({
  samples: fc.array(
    fc.tuple(fc.nat(600), count, count, fc.nat(9)).map(([second, old, fresh, failed]) => sample(second, old, fresh, failed)),
    { minLength: 1, maxLength: 20 },
  ),
  marks: fc.array(
    fc.record({
      at: fc.integer({ min: -60, max: 900 }).map(time),
      label: fc.constantFrom('UpdateService', '1st failure', 'RollBack', 'a'),
      kind: fc.constantFrom('update', 'failure', 'rollback'),
    }),
    { maxLength: 8 },
  ),
  desired: fc.nat(3000),
  failureLimit: fc.nat(200),
  until: fc.nat(900).map(time),
  isOpen: fc.boolean(),
  width: fc.integer({ min: 220, max: 1400 }),
}) as fc.Arbitrary<ChartInput>;

test('of any counts and any width: labels do not overlap, and everything is in the picture', () => {
  fc.assert(
    fc.property(anyInput, (any) => {
      const { ends, marks, width, height, right } = chartOf(any)!;
      ends.forEach(({ y }, at) => {
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(height);
        if (at > 0) expect(y - ends[at - 1]!.y).toBeGreaterThanOrEqual(15.9);
      });
      expect(right).toBeLessThan(width);
      const spans = marks.map(({ x, y, label, anchor }) => {
        const length = label.length * 6.4;
        return anchor === 'end' ? { start: x - length, end: x, y } : { start: x, end: x + length, y };
      });
      for (const [at, one] of spans.entries())
        for (const other of spans.slice(at + 1)) expect(one.y === other.y && one.start < other.end && other.start < one.end).toBe(false);
    }),
    { numRuns: 100 },
  );
});
