import { type Operation, operation } from '../operation.js';
import type { EventSourceMapping } from './event-source-mapping.js';
import type { FunctionRegistry } from './function-registry.js';

type Input = { EventSourceArn?: string; FunctionName?: string; Marker?: string; MaxItems?: number };

/** A mapping is enabled from its beginning. */
export const listEventSourceMappings = (functions: FunctionRegistry, all: readonly EventSourceMapping[]): Operation =>
  operation<Input, unknown>({
    service: 'lambda',
    name: 'ListEventSourceMappings',
    input: { EventSourceArn: 'string', FunctionName: 'string', Marker: 'string', MaxItems: 'number' },
    run: ({ EventSourceArn, FunctionName, Marker = '0', MaxItems = 100 }) => {
      const arn = FunctionName === undefined ? undefined : functions.find(FunctionName).arn;
      const found = all.filter(
        ({ mapping }) =>
          (EventSourceArn === undefined || mapping.queueArn === EventSourceArn) &&
          (arn === undefined || functions.find(mapping.functionArn).arn === arn),
      );
      const start = Number(Marker);
      const end = start + Math.min(MaxItems, 100);
      return {
        EventSourceMappings: found.slice(start, end).map(({ id, createdAt, mapping }) => ({
          UUID: id,
          BatchSize: mapping.batchSize,
          MaximumBatchingWindowInSeconds: 0,
          EventSourceArn: mapping.queueArn,
          FunctionArn: functions.find(mapping.functionArn).arn,
          LastModified: new Date(createdAt),
          State: 'Enabled',
          FunctionResponseTypes: mapping.reportsBatchItemFailures ? ['ReportBatchItemFailures'] : [],
          ...(mapping.maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
        })),
        ...(end < found.length && { NextMarker: String(end) }),
      };
    },
  });
