import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { checkName, checkRange, positionOf } from './checks.js';
import type { LogStore } from './log-store.js';
import { checkLogPermission, groupNameOf } from './permission.js';

type StreamsInput = {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamNamePrefix?: string;
  orderBy?: string;
  descending?: boolean;
  limit?: number;
  nextToken?: string;
};

/** CreateLogGroup, DescribeLogStreams. */
export const groupOperations = (logs: LogStore): Operation[] => [
  operation<{ logGroupName: string }, unknown>({
    service: 'logs',
    name: 'CreateLogGroup',
    input: { logGroupName: 'string' },
    required: ['logGroupName'],
    permissions: () => [],
    run: ({ logGroupName }, call) => {
      checkLogPermission(call, 'CreateLogGroup', logGroupName);
      if (logs.has(logGroupName)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      logs.create(logGroupName);
      return {};
    },
  }),

  operation<StreamsInput, unknown>({
    service: 'logs',
    name: 'DescribeLogStreams',
    input: {
      logGroupName: 'string',
      logGroupIdentifier: 'string',
      logStreamNamePrefix: 'string',
      orderBy: 'string',
      descending: 'boolean',
      limit: 'number',
      nextToken: 'string',
    },
    permissions: () => [],
    run: ({ logStreamNamePrefix = '', orderBy = 'LogStreamName', descending = false, limit = 50, nextToken, ...name }, call) => {
      const groupName = groupNameOf(name);
      checkLogPermission(call, 'DescribeLogStreams', groupName);
      checkRange('limit', limit, 1, 50);
      checkName('logStreamNamePrefix', logStreamNamePrefix === '' ? undefined : logStreamNamePrefix);
      const start = positionOf(nextToken);
      if (orderBy !== 'LogStreamName' && orderBy !== 'LastEventTime')
        throw new AwsError(
          'InvalidParameterException',
          `1 validation error detected: Value '${orderBy}' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LastEventTime, LogStreamName]`,
        );
      // Documented: "If orderBy is LastEventTime, you cannot specify this parameter."
      if (orderBy === 'LastEventTime' && logStreamNamePrefix !== '')
        throw new AwsError('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.');
      const group = logs.group(groupName);
      const streams = [...group.streams.values()]
        .filter((stream) => stream.name.startsWith(logStreamNamePrefix))
        .map((stream) => ({
          logStreamName: stream.name,
          arn: `${group.arn}:log-stream:${stream.name}`,
          creationTime: stream.createdAt,
          firstEventTimestamp: stream.events[0]?.timestamp,
          lastEventTimestamp: stream.events.at(-1)?.timestamp,
          lastIngestionTime: stream.events.at(-1)?.ingestionTime,
        }));
      const keyOf = (stream: (typeof streams)[number]): string | number =>
        orderBy === 'LogStreamName' ? stream.logStreamName : (stream.lastEventTimestamp ?? 0);
      streams.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
      if (descending) streams.reverse();
      const end = start + limit;
      return { logStreams: streams.slice(start, end), ...(end < streams.length ? { nextToken: String(end) } : {}) };
    },
  }),
];
