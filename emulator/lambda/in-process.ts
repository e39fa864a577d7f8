import type { FunctionCode } from './api.js';
import { failureOf, type Runtime, serialized, success } from './runtime.js';

/** Runs a function's code from source. Values cross as JSON, so that neither side can share an object with the other. */
export const inProcess = (load: () => FunctionCode): Runtime => {
  let code: FunctionCode | undefined;
  return {
    isBroken: false,
    invoke: async (payload) => {
      try {
        code ??= load();
        const answer = await code(JSON.parse(payload));
        return success(serialized(answer));
      } catch (error) {
        return failureOf(error);
      }
    },
    // A promise cannot be stopped; its requests are no longer answered once its activity is closed.
    kill: async () => {},
  };
};
