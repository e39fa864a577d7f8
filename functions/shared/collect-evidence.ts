import type { ContainerLogs } from '../../aws/container-logs.js';
import { isNamed } from '../../aws/sdk-errors.js';
import type { StoppedTasks } from '../../aws/stopped-tasks.js';
import { cut } from '../../core/notification/cut.js';
import { redact } from '../../core/notification/redact.js';
import type { RegisteredDeployment } from '../../core/records/records.js';
import { addLogs, addStoppedTasks, type Evidence, noEvidence, type ObservedStoppedTasks } from '../../core/rollout/evidence.js';
import { isDeleted } from '../../core/rollout/observation.js';
import { launchFailureSince, placementFailureSince, relevantEvents } from '../../core/rollout/service-event.js';
import { failedContainer, type StoppedTask, withRoles } from '../../core/rollout/stopped-task.js';
import type { ObservedRollout } from './observe-rollout.js';

export type EvidenceDependencies = { readonly stoppedTasks: Pick<StoppedTasks, 'of'>; readonly logs: Pick<ContainerLogs, 'tail'> };

/** ECS forgets stopped tasks after an hour, so the evidence is saved at each visit. A rollback adds nothing to it. */
export const collectEvidence = async (
  witnesses: EvidenceDependencies,
  record: RegisteredDeployment,
  { service, rollout }: ObservedRollout,
): Promise<Evidence> => {
  const before = record.evidence ?? noEvidence;
  if (record.rollback || !service || isDeleted(service)) return before;
  const { revision, updateRequestedAt = record.startedAt, containers = [], nonEssential = [] } = record;
  const failedByEcs = service.taskDefinition === revision ? (service.consecutiveFailures ?? 0) : 0;
  // ECS's own count replaces what cannot be read: missing evidence rolls no healthy rollout back.
  const unreadable = (error: Error): ObservedStoppedTasks => ({ tasks: [], readCount: 0, isComplete: false, readError: error.name });
  const stopped = await witnesses.stoppedTasks.of(record.service, revision).catch(unreadable);
  const tasks = stopped.tasks.map((task) => withRoles(task, containers, nonEssential));
  const { evidence, newest } = addStoppedTasks(before, { ...stopped, tasks }, failedByEcs);
  const logs = newest && (await lastLines(witnesses, record, newest));
  const events = relevantEvents(service.events, updateRequestedAt);
  const alarms = rollout?.triggeredAlarms ?? [];
  const { placementFailure: wasUnplaced, launchFailure: _, ...rest } = logs ? addLogs(evidence, logs) : evidence;
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

/** Log lines are for operators: failing to read them says nothing about the rollout. */
const lastLines = async (
  { logs }: EvidenceDependencies,
  { logs: places = [] }: RegisteredDeployment,
  task: StoppedTask,
): Promise<NonNullable<Evidence['logs']>> => {
  const container = failedContainer(task)?.name ?? '';
  const place = places.find((one) => one.container === container);
  const said = (line: string) => ({ container, lines: [`(${line})`] });
  if (!place) return said('not read: its log driver is not known');
  if (place.unread !== undefined) return said(`not read: ${place.unread}`);
  try {
    const lines = await logs.tail(place, task.id, 20);
    return lines.length === 0 ? said('it wrote nothing') : { container, lines: lines.map((line) => cut(redact(cut(line, 500)), 300)) };
  } catch (error) {
    return said(isNamed(error, 'ResourceNotFoundException') ? 'it wrote nothing' : `could not be read: ${(error as Error).name}`);
  }
};
