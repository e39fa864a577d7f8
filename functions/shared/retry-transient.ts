import { isTransient } from '../../aws/sdk-errors.js';

const attempts = 3;

/** Repeats what is safe to repeat while AWS fails for a moment. For what no state machine retries. */
export const retryTransient = async <Value>(run: () => Promise<Value>): Promise<Value> => {
  for (let left = attempts - 1; ; left--) {
    try {
      return await run();
    } catch (error) {
      if (left === 0 || !isTransient(error)) throw error;
    }
  }
};
