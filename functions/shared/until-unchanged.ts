import { TransientAwsError } from '../../aws/sdk-errors.js';

/** Tries a decision again, from its read on, while others change between the read and the write what it was made on. */
export const untilUnchanged = async <Value>(attempt: () => Promise<Value | 'changed'>): Promise<Value> => {
  for (let attempts = 0; attempts < attemptLimit; attempts++) {
    const value = await attempt();
    if (value !== 'changed') return value;
  }
  throw new TransientAwsError(`the lease or the queue of the service was changed ${attemptLimit} times between a read and its write`);
};

const attemptLimit = 10;
