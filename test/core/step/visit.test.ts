import fc from 'fast-check';
import * as v from 'valibot';
import { orderOf, Visit, visitAfter } from '../../../core/step/visit.js';
import { everyFunctionTask } from '../../statemachine/machines.js';

const visit = fc.record({ number: fc.integer({ min: 1, max: 100_000 }), retry: fc.nat(999) });

test('invocations are in the order of their visits, and within one of its retries', () => {
  fc.assert(
    fc.property(visit, visit, (one, other) => {
      const expected = one.number - other.number || one.retry - other.retry;
      expect(Math.sign(orderOf(one) - orderOf(other))).toBe(Math.sign(expected));
    }),
  );
});

test('the visit after an invocation is newer than every retry of its visit, and the first one is 1', () => {
  expect(visitAfter(undefined)).toBe(1);
  fc.assert(
    fc.property(visit, (one) => {
      const number = visitAfter(orderOf(one));
      expect(number).toBe(one.number + 1);
      expect(orderOf({ number, retry: 0 })).toBeGreaterThan(orderOf({ ...one, retry: 999 }));
    }),
  );
});

test('a Task has fewer retries than a visit has places', () => {
  for (const { state } of everyFunctionTask) {
    const attempts = (state.Retry ?? []).reduce((sum, { MaxAttempts = 3 }) => sum + MaxAttempts, 0);
    expect(attempts).toBeLessThan(orderOf({ number: 1, retry: 0 }));
  }
});

test.each([{ number: -1, retry: 0 }, { number: 1.5, retry: 0 }, { number: '1', retry: 0 }, { number: 1 }, 1, '2026-11-23T12:00:00.000Z'])(
  '%j is no visit',
  (value) => {
    expect(v.safeParse(Visit, value).success).toBe(false);
  },
);
