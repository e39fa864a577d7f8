import { isNamed } from '../../aws/sdk-errors.js';

/** For `catch`: a record that expired, or was never opened, says nothing; one that could not be read does. */
export const ignoreMissingRecord = (error: unknown): undefined => {
  if (isNamed(error, 'NoSuchRecord')) return undefined;
  throw error;
};
