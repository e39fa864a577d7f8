import type { Expression } from 'jsonata';

type Count = { steps: number; depth: number };

/** AWS limits the time and the memory of an evaluation without naming figures; these are the emulator's own. */
const maximumSteps = 200_000;
const maximumDepth = 5000;

const counts = new WeakMap<Expression, Count>();

/** JSONata's hooks, which it looks up under these symbols. */
type Hooks = { assign(name: symbol, hook: () => void): void };

/**
 * Ends an expression that calls its own functions without end: it would stop virtual time, and so every execution. Only expressions
 * that define functions can do so, and only they are counted.
 */
export const limitRecursion = (expression: Expression, text: string): void => {
  if (!/function|λ/.test(text)) return;
  const count: Count = { steps: 0, depth: 0 };
  counts.set(expression, count);
  const hooks = expression as unknown as Hooks;
  hooks.assign(Symbol.for('jsonata.__evaluate_entry'), () => {
    if (++count.steps > maximumSteps) throw new Error('Expression evaluation timeout exceeded');
    if (++count.depth > maximumDepth) throw new Error('Expression evaluation memory limit exceeded');
  });
  hooks.assign(Symbol.for('jsonata.__evaluate_exit'), () => {
    count.depth--;
  });
};

/** Begins an evaluation anew. */
export const restartCount = (expression: Expression): void => {
  const count = counts.get(expression);
  if (count) Object.assign(count, { steps: 0, depth: 0 });
};
