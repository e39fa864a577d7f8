import { CommandError } from './command-error.js';
import { exitStatuses } from './exit-status.js';

const secondsIn = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of the value of an option. @throws CommandError unless it is a duration such as `30s`, `10m` or `2h` */
export const parseSeconds = (text: string, flag: string): number => {
  const [, amount, unit] = /^([1-9]\d{0,3})([smhd])$/.exec(text) ?? [];
  if (unit !== undefined) return Number(amount) * secondsIn[unit as keyof typeof secondsIn];
  throw new CommandError(`${flag} is ${JSON.stringify(text)}; expected a duration such as 30s, 10m or 2h`, { status: exitStatuses.usage });
};
