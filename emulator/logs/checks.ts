import { AwsError } from '../errors.js';

const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', message);

const refuse = (value: unknown, name: string, constraint: string): never => {
  throw invalidParameter(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must ${constraint}`,
  );
};

/** @throws AwsError InvalidParameterException */
export const checkRange = (name: string, value: number | undefined, low: number, high = Number.MAX_SAFE_INTEGER): void => {
  if (value === undefined) return;
  if (value < low) refuse(value, name, `have value greater than or equal to ${low}`);
  if (value > high) refuse(value, name, `have value less than or equal to ${high}`);
};

export const checkTimes = ({ startTime, endTime }: { startTime?: number; endTime?: number }): void => {
  checkRange('startTime', startTime, 0);
  checkRange('endTime', endTime, 0);
};

/** The patterns of botocore's `LogGroupName` and `LogStreamName`. */
const names = {
  logGroupName: { pattern: /^[.\-_/#A-Za-z0-9]+$/, text: '[\\.\\-_/#A-Za-z0-9]+' },
  logStreamName: { pattern: /^[^:*]*$/, text: '[^:*]*' },
  logStreamNamePrefix: { pattern: /^[^:*]*$/, text: '[^:*]*' },
} as const;

export const checkName = (member: keyof typeof names, name: string | undefined): void => {
  if (name === undefined) return;
  if (name === '') refuse(name, member, 'have length greater than or equal to 1');
  if (name.length > 512) throw invalidParameter('Invalid LogGroup or LogStream, both must have length less than or equal to 512.');
  const { pattern, text } = names[member];
  if (!pattern.test(name)) refuse(name, member, `satisfy regular expression pattern: ${text}`);
};

/** Tokens of lists are positions. @throws AwsError InvalidParameterException */
export const positionOf = (nextToken: string | undefined): number => {
  if (nextToken !== undefined && !/^\d+$/.test(nextToken)) throw invalidParameter('The specified nextToken is invalid.');
  return Number(nextToken ?? 0);
};
