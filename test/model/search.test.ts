import { type Model, type Step, search } from '../../model/search.js';

/** A model of a few numbered states. */
const givenModel = (steps: Readonly<Record<number, readonly Step<number>[]>>, wrong: readonly number[] = []): Model<number> => ({
  initial: 0,
  steps: (state) => steps[state] ?? [],
  encode: (state) => [state],
  wrongIn: (state) => (wrong.includes(state) ? `state ${state}` : undefined),
});

const to = (state: number, process?: number): Step<number> => ({ process, label: `to ${state}`, state });

test('every state is counted once, however many ways lead to it', () => {
  const found = search(givenModel({ 0: [to(1), to(2)], 1: [to(3)], 2: [to(3)] }));

  expect(found).toEqual({ states: 4, steps: 4, depth: 2, isExhausted: true });
});

test('the trace to a wrong state is a shortest one', () => {
  const found = search(givenModel({ 0: [to(1), to(2)], 1: [to(3)], 2: [to(4)], 3: [to(5)], 4: [to(9)], 5: [to(9)] }, [9]));

  expect(found.wrong).toBe('state 9');
  expect(found.trace).toEqual(['to 2', 'to 4', 'to 9']);
});

test('a step that is wrong in itself ends the trace', () => {
  const found = search(givenModel({ 0: [to(1)], 1: [{ label: 'falls', state: 2, wrong: 'it fell' }] }));

  expect(found.wrong).toBe('it fell');
  expect(found.trace).toEqual(['to 1', 'falls']);
});

test('a circle that nobody has to leave is found', () => {
  const found = search(givenModel({ 0: [to(1, 0)], 1: [to(2, 0)], 2: [to(1, 0), to(3)] }));

  expect(found.wrong).toBe('this can go on for ever, though everybody who can act does act');
  expect(found.trace).toEqual(['to 1']);
});

test('a circle that a process can leave all the while, and does not go round in, is left in the end', () => {
  const found = search(givenModel({ 0: [to(1, 0)], 1: [to(2, 0), to(3, 1)], 2: [to(1, 0), to(3, 1)] }));

  expect(found.wrong).toBeUndefined();
});

test('a circle that a process can leave only now and then is not left for sure', () => {
  const found = search(givenModel({ 0: [to(1, 0)], 1: [to(2, 0)], 2: [to(1, 0), to(3, 1)] }));

  expect(found.wrong).toBe('this can go on for ever, though everybody who can act does act');
});
