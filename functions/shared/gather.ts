import type { ContainerLogs } from '../../aws/container-logs.js';
import type { StoppedTasks } from '../../aws/stopped-tasks.js';
import { isNamed } from '../../aws/trouble.js';
import { type Evidence, noEvidence, type StoppedTasksSeen, withLogs, withStopped } from '../../core/evidence.js';
import { masked } from '../../core/masked.js';
import type { DeploymentRecord } from '../../core/records.js';
import { isDeleted } from '../../core/rollout/observation.js';
import { relevantEvents, unplacedSince } from '../../core/service-event.js';
import { failedContainer, type StoppedTask } from '../../core/stopped-task.js';
import type { Seen } from './look.js';

export type Witnesses = { readonly stoppedTasks: Pick<StoppedTasks, 'of'>; readonly logs: Pick<ContainerLogs, 'tail'> };

/** Failed tasks vanish after an hour, so what they say is kept at every look. The way back adds nothing to it. */
export const gather = async (witnesses: Witnesses, record: DeploymentRecord, { service, rollout }: Seen): Promise<Evidence> => {
  const before = record.evidence ?? noEvidence;
  if (record.back || !service || isDeleted(service)) return before;
  const { revision = '', touched = record.startedAt } = record;
  const failedByEcs = service.taskDefinition === revision ? (service.failedInARow ?? 0) : 0;
  // ECS's own count stands in for what cannot be read: a healthy rollout is not taken back for want of evidence.
  const unread = (error: Error): StoppedTasksSeen => ({ tasks: [], lookedAt: 0, isAll: false, unread: error.name });
  const stopped = await witnesses.stoppedTasks.of(record.service, revision).catch(unread);
  const { evidence, newest } = withStopped(before, stopped, failedByEcs);
  const logs = newest && (await lastLines(witnesses, record, newest));
  const events = relevantEvents(service.events, touched);
  const alarms = rollout?.triggeredAlarms ?? [];
  const { unplaced: wasUnplaced, ...rest } = logs ? withLogs(evidence, logs) : evidence;
  const unplaced = unplacedSince(service.events, touched, wasUnplaced);
  return {
    ...rest,
    ...(events.length > 0 && { events }),
    ...(alarms.length > 0 && { alarms }),
    ...(unplaced && { unplaced }),
  };
};

/** Evidence helps people; that it cannot be read says nothing of the rollout. */
const lastLines = async (
  { logs }: Witnesses,
  { logs: places = [] }: DeploymentRecord,
  task: StoppedTask,
): Promise<NonNullable<Evidence['logs']>> => {
  const container = failedContainer(task)?.name ?? '';
  const place = places.find((one) => one.container === container);
  const said = (line: string) => ({ container, lines: [`(${line})`] });
  if (!place) return said('not read: its log driver is not known');
  if (place.unread !== undefined) return said(`not read: ${place.unread}`);
  try {
    const lines = await logs.tail(place, task.id, 20);
    return lines.length === 0
      ? said('it wrote nothing')
      : { container, lines: lines.map((line) => masked(line.slice(0, 500)).slice(0, 300)) };
  } catch (error) {
    return said(isNamed(error, 'ResourceNotFoundException') ? 'it wrote nothing' : `could not be read: ${(error as Error).name}`);
  }
};
