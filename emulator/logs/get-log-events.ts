import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { checkName, checkRange, checkTimes } from './checks.js';
import type { LogStore } from './log-store.js';
import { checkLogPermission, groupNameOf } from './permission.js';

type Input = {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamName: string;
  startTime?: number;
  endTime?: number;
  limit?: number;
  startFromHead?: boolean;
  nextToken?: string;
};

/** The page's start: a token is the position to continue from, forward or backward. */
const startOf = ({ nextToken, startFromHead }: Input, count: number, limit: number): number => {
  if (nextToken === undefined) return startFromHead ? 0 : Math.max(0, count - limit);
  const [, direction, position] = /^([fb])\/(\d+)$/.exec(nextToken) ?? [];
  if (direction === undefined) throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  return direction === 'f' ? Number(position) : Math.max(0, Number(position) - limit);
};

/** Oldest first, whichever end the page is from; at the end of the stream the token is the one that was given. */
export const getLogEvents = (logs: LogStore): Operation =>
  operation<Input, unknown>({
    service: 'logs',
    name: 'GetLogEvents',
    input: {
      logGroupName: 'string',
      logGroupIdentifier: 'string',
      logStreamName: 'string',
      startTime: 'number',
      endTime: 'number',
      limit: 'number',
      startFromHead: 'boolean',
      nextToken: 'string',
    },
    required: ['logStreamName'],
    permissions: () => [],
    run: (input, call) => {
      const { logStreamName, startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = 10_000, nextToken } = input;
      const groupName = groupNameOf(input);
      checkLogPermission(call, 'GetLogEvents', groupName, logStreamName);
      checkRange('limit', limit, 1, 10_000);
      checkTimes(input);
      checkName('logStreamName', logStreamName);
      const stream = logs.stream(groupName, logStreamName);
      const events = logs.events(logs.group(groupName), stream).filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
      const start = startOf(input, events.length, limit);
      const end = nextToken?.startsWith('b') ? Number(nextToken.slice(2)) : Math.min(start + limit, events.length);
      return {
        events: events.slice(start, end).map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
        nextForwardToken: `f/${end}`,
        nextBackwardToken: `b/${start}`,
      };
    },
  });
