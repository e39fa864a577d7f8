import { createHash } from 'node:crypto';
import type { BeforeTask } from '../configuration/configuration.js';
import { stackOf } from '../records/execution-name.js';
import type { RecordName } from '../records/record-name.js';
import type { BeforeTaskRequest, LaunchSettings, RegisteredDeployment } from '../records/records.js';
import { overridesOf } from './overrides.js';

/**
 * `production/web` → `slipway-dev-before/web`: by it the rule of the stack passes the events of a before task, and ListTasks finds those of
 * a service in its cluster.
 */
export const startedByOf = (execution: string, service: string): string =>
  `${stackOf(execution)}-before/${service.slice(service.indexOf('/') + 1)}`;

/** Equal for the same attempt, so that ECS starts one task however often it is requested. At most 64 characters (ECS API, RunTask). */
export const clientTokenOf = (record: RecordName, attempt: number): string =>
  createHash('sha256').update(`${record} ${attempt}`).digest('hex');

/** The container that runs the command: the named one, or the first that gets the image. */
export const containerOf = ({ container }: BeforeTask, { containers = [] }: Pick<RegisteredDeployment, 'containers'>): string =>
  container ?? containers[0] ?? '';

/** What RunTask is called with: the new revision, launched as the tasks of the service are. */
export const requestOf = (
  before: BeforeTask,
  record: Pick<RegisteredDeployment, 'service' | 'execution' | 'revision' | 'containers'>,
  launch: LaunchSettings,
): BeforeTaskRequest => ({
  cluster: record.service.slice(0, record.service.indexOf('/')),
  taskDefinition: record.revision,
  startedBy: startedByOf(record.execution, record.service),
  overrides: overridesOf(before, containerOf(before, record)),
  ...launch,
});
