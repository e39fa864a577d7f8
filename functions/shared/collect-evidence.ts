import type { ContainerLogs } from '../../aws/container-logs.js';
import { isNamed } from '../../aws/sdk-errors.js';
import type { StoppedTasks } from '../../aws/stopped-tasks.js';
import type { WatchItems } from '../../aws/watch-items.js';
import { cut } from '../../core/notification/cut.js';
import { redact } from '../../core/notification/redact.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { RegisteredDeployment } from '../../core/records/records.js';
import { lacksHealth, withFailures, withHealth } from '../../core/rollout/counted-evidence.js';
import { type Evidence, isPermanentLog, noEvidence, type ObservedStoppedTasks } from '../../core/rollout/evidence.js';
import { isDeleted } from '../../core/rollout/observation.js';
import { launchFailureSince, placementFailureSince, relevantEvents } from '../../core/rollout/service-event.js';
import { hasFailed, type StoppedTask, withRoles } from '../../core/rollout/stopped-task.js';
import { countedFailure, type WatchItem, withFailure } from '../../core/rollout/watch-item.js';
import type { ObservedRollout } from './observe-rollout.js';

export type EvidenceDependencies = {
  readonly stoppedTasks: Pick<StoppedTasks, 'of' | 'describe'>;
  readonly logs: Pick<ContainerLogs, 'tail'>;
  readonly watch: Pick<WatchItems, 'of' | 'countFailure' | 'markPermanent'>;
};

type Watched = { readonly name: RecordName; readonly record: RegisteredDeployment; readonly item: WatchItem };

/**
 * ECS forgets stopped tasks after an hour, so the evidence is saved at each look. Events have counted most failures; this counts
 * those whose event was lost. A rollback adds nothing but what explains the failures.
 */
export const collectEvidence = async (
  deps: EvidenceDependencies,
  { name, record, item }: Watched,
  { service, rollout }: ObservedRollout,
): Promise<Evidence> => {
  const before = record.evidence ?? noEvidence;
  if (record.rollback) return explained(deps, { name, record, item }, before);
  if (!service || isDeleted(service)) return before;
  const { revision, updateRequestedAt = record.startedAt } = record;
  const failedByEcs = service.taskDefinition === revision ? (service.consecutiveFailures ?? 0) : 0;
  // ECS's own count replaces what cannot be read: missing evidence rolls no healthy rollout back.
  const unreadable = (error: Error): ObservedStoppedTasks => ({ tasks: [], readCount: 0, isComplete: false, readError: error.name });
  const stopped = await deps.stoppedTasks.of(record.service, revision).catch(unreadable);
  const counted = await countAll(deps, { name, record, item }, stopped.tasks);
  const found = withFailures(before, counted, stopped, failedByEcs);
  const { placementFailure: wasUnplaced, launchFailure: _, ...rest } = await explained(deps, { name, record, item: counted }, found);
  const events = relevantEvents(service.events, updateRequestedAt);
  const alarms = rollout?.triggeredAlarms ?? [];
  const placementFailure = placementFailureSince(service.events, updateRequestedAt, wasUnplaced);
  const launchFailure = launchFailureSince(service.events, updateRequestedAt);
  return {
    ...rest,
    ...(events.length > 0 && { events }),
    ...(alarms.length > 0 && { alarms }),
    ...(placementFailure && { placementFailure }),
    ...(launchFailure && { launchFailure }),
  };
};

/** Counts the failed tasks that are not counted, the earliest first, up to the limit. */
const countAll = async (
  { watch }: EvidenceDependencies,
  { name, record, item }: Watched,
  tasks: readonly StoppedTask[],
): Promise<WatchItem> => {
  const { service, containers = [], nonEssential = [] } = record;
  const failed = tasks.filter((task) => hasFailed(task) && !item.failed?.has(task.id)).sort((a, b) => (a.stoppedAt < b.stoppedAt ? -1 : 1));
  let counted = item;
  for (const task of failed) {
    if (item.limit !== undefined && (counted.failed?.size ?? 0) >= item.limit) break;
    const failure = countedFailure(withRoles(task, containers, nonEssential));
    // Refused, an event has counted it since, or others up to the limit.
    const after = await watch.countFailure(service, name, failure, false);
    counted = after ?? (await watch.of(service)) ?? withFailure(counted, failure);
  }
  return counted;
};

/** Tasks that are described to name the container that a health check found unhealthy. */
const describedTasks = 5;

/** Adds the log of the newest failed task, and what events do not say. */
const explained = async (deps: EvidenceDependencies, { name, record, item }: Watched, evidence: Evidence): Promise<Evidence> => {
  const { service, containers = [], nonEssential = [] } = record;
  const { newest, failed = new Set() } = item;
  if (!newest) return evidence;
  const described = lacksHealth(evidence, item)
    ? await deps.stoppedTasks.describe(service, [...failed].slice(-describedTasks)).catch(() => [])
    : [];
  const found = withHealth(
    evidence,
    described.map((task) => withRoles(task, containers, nonEssential)),
  );
  if (evidence.logs?.task === newest.task) return found;
  const logs = await lastLines(deps, record, newest);
  const isPermanent = isPermanentLog(logs);
  if (isPermanent && !item.isPermanentByLog) await deps.watch.markPermanent(service, name);
  return { ...found, logs, ...(isPermanent && { permanent: found.failedTasks }) };
};

/** Log lines are for operators: failing to read them says nothing about the rollout. They name their task once there are some. */
export const lastLines = async (
  { logs }: Pick<EvidenceDependencies, 'logs'>,
  { logs: places = [] }: Pick<RegisteredDeployment, 'logs'>,
  { task, container }: NonNullable<WatchItem['newest']>,
): Promise<NonNullable<Evidence['logs']>> => {
  const place = places.find((one) => one.container === container);
  const said = (line: string) => ({ container, lines: [`(${line})`] });
  if (!place) return said('not read: its log driver is not known');
  if (place.unread !== undefined) return said(`not read: ${place.unread}`);
  try {
    const lines = await logs.tail(place, task, 20);
    return lines.length === 0
      ? said('it wrote nothing')
      : { container, task, lines: lines.map((line) => cut(redact(cut(line, 500)), 300)) };
  } catch (error) {
    return said(isNamed(error, 'ResourceNotFoundException') ? 'it wrote nothing' : `could not be read: ${(error as Error).name}`);
  }
};
