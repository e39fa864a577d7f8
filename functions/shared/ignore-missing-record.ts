import { isNamed } from '../../aws/sdk-errors.js';

/** For `catch`: undefined for a record that expired or was never opened. @throws any other error */
export const ignoreMissingRecord = (error: unknown): undefined => {
  if (isNamed(error, 'NoSuchRecord')) return undefined;
  throw error;
};
