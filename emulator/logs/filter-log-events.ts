import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { checkName, checkRange, checkTimes, positionOf } from './checks.js';
import { readFilterPattern } from './filter-pattern.js';
import type { LogStore } from './log-store.js';
import { checkLogPermission, groupNameOf } from './permission.js';

type Input = {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamNames?: string[];
  logStreamNamePrefix?: string;
  startTime?: number;
  endTime?: number;
  filterPattern?: string;
  nextToken?: string;
  limit?: number;
};

export const filterLogEvents = (logs: LogStore): Operation =>
  operation<Input, unknown>({
    service: 'logs',
    name: 'FilterLogEvents',
    input: {
      logGroupName: 'string',
      logGroupIdentifier: 'string',
      logStreamNames: { list: 'string' },
      logStreamNamePrefix: 'string',
      startTime: 'number',
      endTime: 'number',
      filterPattern: 'string',
      nextToken: 'string',
      // Ignored since 2019, and always true (Logs API); `aws logs tail` sends it.
      interleaved: 'boolean',
      limit: 'number',
    },
    permissions: () => [],
    run: (input, call) => {
      const { logStreamNames, logStreamNamePrefix = '', startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
      const { filterPattern, nextToken, limit = 10_000 } = input;
      const groupName = groupNameOf(input);
      checkLogPermission(call, 'FilterLogEvents', groupName);
      checkRange('limit', limit, 1, 10_000);
      checkTimes(input);
      checkRange('logStreamNames.length', logStreamNames?.length, 1, 100);
      checkName('logStreamNamePrefix', input.logStreamNamePrefix);
      const start = positionOf(nextToken);
      if (logStreamNames && input.logStreamNamePrefix !== undefined)
        throw new AwsError('InvalidParameterException', 'logStreamNames and logStreamNamePrefix cannot be used together');
      const group = logs.group(groupName);
      const matches = readFilterPattern(filterPattern);
      const streams = logStreamNames?.map((name) => logs.stream(groupName, name)) ?? [...group.streams.values()];
      const found = streams
        .filter(({ name }) => name.startsWith(logStreamNamePrefix))
        .flatMap((stream) => logs.events(group, stream).map((event) => ({ logStreamName: stream.name, ...event })))
        .filter(({ timestamp, message }) => timestamp >= startTime && timestamp <= endTime && matches(message))
        .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
      const end = start + limit;
      return {
        events: found.slice(start, end),
        searchedLogStreams: [],
        ...(end < found.length ? { nextToken: String(end) } : {}),
      };
    },
  });
