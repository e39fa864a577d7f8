import { type Model, type Step, search } from '../../verification/lease-model/search.js';

/** A model of a few numbered states. */
const givenModel = (steps: Readonly<Record<number, readonly Step<number>[]>>, violation: readonly number[] = []): Model<number> => ({
  initial: 0,
  steps: (state) => steps[state] ?? [],
  encode: (state) => [state],
  violationIn: (state) => (violation.includes(state) ? `state ${state}` : undefined),
});

const to = (state: number, process?: number): Step<number> => ({ process, label: `to ${state}`, state });

test('a state is counted once, however many paths lead to it', () => {
  const found = search(givenModel({ 0: [to(1), to(2)], 1: [to(3)], 2: [to(3)] }));

  expect(found).toEqual({ states: 4, steps: 4, depth: 2, isExhausted: true });
});

test('the trace to a violation is a shortest one', () => {
  const found = search(givenModel({ 0: [to(1), to(2)], 1: [to(3)], 2: [to(4)], 3: [to(5)], 4: [to(9)], 5: [to(9)] }, [9]));

  expect(found.violation).toBe('state 9');
  expect(found.trace).toEqual(['to 2', 'to 4', 'to 9']);
});

test('a step that violates an invariant ends the trace', () => {
  const found = search(givenModel({ 0: [to(1)], 1: [{ label: 'falls', state: 2, violation: 'it fell' }] }));

  expect(found.violation).toBe('it fell');
  expect(found.trace).toEqual(['to 1', 'falls']);
});

test('a cycle that no process has to leave is a violation', () => {
  const found = search(givenModel({ 0: [to(1, 0)], 1: [to(2, 0)], 2: [to(1, 0), to(3)] }));

  expect(found.violation).toBe('a run may never end, although every process that can act does act');
  expect(found.trace).toEqual(['to 1']);
});

test('a cycle that an idle process can always leave is left eventually', () => {
  const found = search(givenModel({ 0: [to(1, 0)], 1: [to(2, 0), to(3, 1)], 2: [to(1, 0), to(3, 1)] }));

  expect(found.violation).toBeUndefined();
});

test('a cycle that a process can leave only in some states may last forever', () => {
  const found = search(givenModel({ 0: [to(1, 0)], 1: [to(2, 0)], 2: [to(1, 0), to(3, 1)] }));

  expect(found.violation).toBe('a run may never end, although every process that can act does act');
});

test('a state that only chance leaves is an end: a run may stop there', () => {
  const model = givenModel({ 0: [to(1, 0)], 1: [to(2)] });
  const found = search({ ...model, violationIn: (state, isEnd) => (isEnd && state === 1 ? 'state 1 has no end' : undefined) });

  expect(found.violation).toBe('state 1 has no end');
});
