import { CommandError } from './command-error.js';
import { exitStatuses } from './exit-status.js';

/** Parses the value of an option that counts. @throws CommandError unless it is a whole number from 1 to `most` */
export const parseCount = (text: string, flag: string, most: number): number => {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count;
  throw new CommandError(`${flag} is ${JSON.stringify(text)}; expected a whole number from 1 to ${most}`, { status: exitStatuses.usage });
};
