import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
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
    run: ({ logStreamNamePrefix = '', orderBy = 'LogStreamName', descending = false, limit = 50, nextToken = '0', ...name }, call) => {
      const groupName = groupNameOf(name);
      checkLogPermission(call, 'DescribeLogStreams', groupName);
      if (orderBy !== 'LogStreamName' && orderBy !== 'LastEventTime')
        throw new NotEmulated(`orderBy ${orderBy} of logs.DescribeLogStreams`);
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
      const end = Number(nextToken) + limit;
      return { logStreams: streams.slice(Number(nextToken), end), ...(end < streams.length ? { nextToken: String(end) } : {}) };
    },
  }),
];
