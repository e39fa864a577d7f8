import type { TaskOfService } from '../../aws/newest-tasks.js';
import { isNamed } from '../../aws/sdk-errors.js';
import { cut } from '../../core/notification/cut.js';
import { redact } from '../../core/notification/redact.js';
import type { LogAnswer } from '../../core/query/answers.js';
import * as messages from '../../core/query/messages.js';
import { RefusedQuery } from '../../core/query/refused-query.js';
import type { QueryRequest } from '../../core/query/request.js';
import type { LogLocation } from '../../core/records/records.js';
import { logLocations } from '../../core/task-definition/log-locations.js';
import { mapInBatches } from '../runtime/map-in-batches.js';
import { rejectUnknownService } from './known-names.js';
import type { Asked } from './reads.js';

const taskCount = 3;
const defaultLines = 20;
/** An answer of Lambda has 6 MB at most (Lambda quotas): of so many containers, 200 lines of 500 characters each. */
const containerLimit = 20;

type Log = LogAnswer['logs'][number];
type Place = { readonly task: TaskOfService; readonly location: LogLocation };

/** @throws RefusedQuery NOT_CONFIGURED for a service that slipway.yml does not name, NOT_FOUND for one that ECS does not have */
export const log = async (asked: Asked, { service, lines = defaultLines }: Extract<QueryRequest, { query: 'log' }>): Promise<LogAnswer> => {
  rejectUnknownService(asked.configuration, service);
  const tasks = await asked.tasks.of(service);
  if (!tasks) throw new RefusedQuery('NOT_FOUND', messages.noService(service));
  const places: Place[] = [];
  for (const task of tasks.slice(0, taskCount)) {
    const { definition } = await asked.taskDefinitions.describe(task.taskDefinition);
    places.push(...logLocations(definition, []).map((location) => ({ task, location })));
  }
  const logs = await mapInBatches(places.slice(0, containerLimit), (place) => tail(asked, place, lines), unread);
  return { service, logs };
};

const head = ({ task, location }: Place): Omit<Log, 'lines'> => ({
  container: location.container,
  task: task.id,
  isStopped: task.isStopped,
});

const tail = async ({ logs }: Asked, place: Place, lines: number): Promise<Log> => {
  const { location, task } = place;
  if (location.unread !== undefined) return { ...head(place), lines: [], unread: location.unread };
  const found = await logs.tail(location, task.id, lines);
  // Cut first: a pattern of redaction must not run over a megabyte.
  return { ...head(place), lines: found.map((line) => redact(cut(line, 500))) };
};

/** It says nothing about the service that a log cannot be read. */
const unread = (place: Place, error: Error): Log => ({
  ...head(place),
  lines: [],
  unread: isNamed(error, 'ResourceNotFoundException') ? 'it wrote nothing' : `could not be read: ${error.name}`,
});
