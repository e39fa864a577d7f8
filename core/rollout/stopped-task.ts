import { cut } from '../notification/cut.js';
import { redact } from '../notification/redact.js';
import type { RollbackReason } from '../result/result.js';
import { isAbsentImage, isPermanentText, reasonIn } from './failure-text.js';

/** The ID of a task, from its ARN. */
export const taskIdOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

export type StoppedContainer = {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly health?: string;
  /** Does it have the image that is deployed? */
  readonly isOurs?: boolean;
  /** Does a task stop with it? Absent: yes, as in a container definition. */
  readonly isEssential?: boolean;
};

/** A stopped task, with the codes and reasons of ECS. */
export type StoppedTask = {
  readonly id: string;
  readonly taskDefinition: string;
  readonly stopCode: string;
  readonly stoppedReason: string;
  /** ISO 8601. */
  readonly stoppedAt: string;
  /** When all its containers ran (ISO 8601), and its Availability Zone; absent if it did not get so far. */
  readonly startedAt?: string;
  readonly zone?: string;
  readonly containers: readonly StoppedContainer[];
};

/** A stopped task that ran outside of a service. */
export type StoppedRun = StoppedTask & { readonly arn: string };

/** Adds to the containers of a task what the deployment knows of them: `ours` have its image, a task outlives the `nonEssential`. */
export const withRoles = (task: StoppedTask, ours: readonly string[], nonEssential: readonly string[]): StoppedTask => ({
  ...task,
  containers: task.containers.map((container) => ({
    ...container,
    isOurs: ours.includes(container.name),
    isEssential: !nonEssential.includes(container.name),
  })),
});

/** The task as its event has it: without the health of its containers. */
export const withoutHealth = (task: StoppedTask): StoppedTask => ({
  ...task,
  containers: task.containers.map(({ health: _, ...container }) => container),
});

/** Stop codes that the image does not cause (ECS API, Task, stopCode). */
const infrastructureStopCodes = new Set(['UserInitiated', 'SpotInterruption', 'TerminationNotice', 'InfrastructureHealth']);

/** Did the task fail? One that the scheduler stopped failed only if a health check did; else it was scaled in or replaced. */
export const hasFailed = ({ stopCode, stoppedReason }: StoppedTask): boolean => {
  if (infrastructureStopCodes.has(stopCode)) return false;
  return stopCode !== 'ServiceSchedulerInitiated' || /\bfailed\b.*\bhealth ?checks?\b|\bhealth ?checks? failed\b/i.test(stoppedReason);
};

/** Ended by SIGKILL or SIGTERM: most often because the task was stopped after another container had failed. */
const isKilled = ({ exitCode }: StoppedContainer): boolean => exitCode === 137 || exitCode === 143;
const hasExited = ({ exitCode = 0 }: StoppedContainer): boolean => exitCode !== 0;
const hasOurImage = ({ isOurs = false }: StoppedContainer): boolean => isOurs;
const isUnhealthy = ({ health }: StoppedContainer): boolean => health === 'UNHEALTHY';

type Sign = (container: StoppedContainer) => boolean;

/** What shows that a container failed, the strongest first. Containers of a task that the scheduler stopped exit because of that. */
const signsIn = ({ stopCode }: StoppedTask): readonly Sign[] => {
  if (stopCode === 'ServiceSchedulerInitiated') return [isUnhealthy];
  const hasOnlyExited: Sign = ({ exitCode }) => exitCode !== undefined && stopCode === 'EssentialContainerExited';
  return [({ reason }) => !!reason, (one) => hasExited(one) && !isKilled(one), isUnhealthy, hasExited, hasOnlyExited];
};

/** Essential containers before others, which a task outlives; ours before others. */
const byRole = (containers: readonly StoppedContainer[]): StoppedContainer[] =>
  [...containers].sort(
    (a, b) => Number(a.isEssential === false) - Number(b.isEssential === false) || Number(b.isOurs === true) - Number(a.isOurs === true),
  );

/** The container that failed; undefined if nothing shows which. */
const identifyFailed = (task: StoppedTask): StoppedContainer | undefined => {
  const containers = byRole(task.containers);
  for (const isEssential of [true, false])
    for (const isSign of signsIn(task)) {
      const found = containers.find((one) => (one.isEssential ?? true) === isEssential && isSign(one));
      if (found) return found;
    }
  return undefined;
};

/** The container whose log explains the failure. */
export const failedContainer = (task: StoppedTask): StoppedContainer | undefined => identifyFailed(task) ?? byRole(task.containers)[0];

/** What ECS says about the failure: of the task, and of the container that failed. */
const textOf = (task: StoppedTask): string => [task.stoppedReason, identifyFailed(task)?.reason].filter(Boolean).join(' ');

/** The container that failed, if something shows which, and what ECS says of the failure, redacted. */
export const identifiedContainer = (task: StoppedTask): { readonly container: StoppedContainer | undefined; readonly reason: string } => ({
  container: identifyFailed(task),
  reason: cut(redact(cut(textOf(task), 1000)), 300),
});

/** The reason of a rollback that this task causes. */
export const failureReason = (task: StoppedTask): RollbackReason => {
  const known = reasonIn(textOf(task));
  if (known) return known;
  // No container of such a task has run (ECS API, TaskStopCode).
  if (task.stopCode === 'TaskFailedToStart') return 'CANNOT_START';
  return task.stopCode === 'ServiceSchedulerInitiated' ? 'UNHEALTHY' : 'CRASHED';
};

/** Will every further task of this revision fail in the same way? */
export const isPermanent = (task: StoppedTask): boolean => isPermanentText(textOf(task));

/** Did a container that has our image fail, for a reason that speaks of the image? */
export const isImageFailure = (task: StoppedTask): boolean => {
  const reason = failureReason(task);
  const failed = identifyFailed(task);
  if (reason === 'CANNOT_PULL') return isAbsentImage(textOf(task)) && (failed ? [failed] : task.containers).every(hasOurImage);
  if (reason !== 'CRASHED' && reason !== 'UNHEALTHY') return false;
  return failed ? hasOurImage(failed) : task.containers.some(hasOurImage);
};

const stateOf = ({ name, exitCode, health }: StoppedContainer): string[] => [
  ...(exitCode !== undefined ? [`exit ${exitCode} in ${name}`] : []),
  ...(health === 'UNHEALTHY' ? [`${name} is unhealthy`] : []),
];

/** Differences between equal failures: IDs of tasks, requests and instances, and IP addresses. */
const particulars = [
  /\b[0-9a-f]{32}\b/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  /\bi-[0-9a-f]{8,17}\b/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
];

/** Describes a failure in one redacted line, equal for all tasks that failed in the same way. */
export const describe = (task: StoppedTask): string => {
  const { stopCode, stoppedReason } = task;
  const first = identifyFailed(task);
  const containers = [...task.containers].sort((a, b) => Number(b === first) - Number(a === first));
  const failed = containers.filter((container) => hasExited(container) || isUnhealthy(container));
  const hasExitedCleanly = failed.length === 0 && stopCode === 'EssentialContainerExited';
  const reasons = containers.flatMap(({ reason }) => (reason && !stoppedReason.includes(reason) ? [reason] : []));
  const line = [
    (hasExitedCleanly ? containers : failed).flatMap(stateOf).join(', '),
    stoppedReason || stopCode,
    [...new Set(reasons)].join('; '),
    stoppedReason && stopCode ? `(${stopCode})` : '',
  ]
    .filter(Boolean)
    .join(': ')
    .replace(/: \((\w+)\)$/, ' ($1)');
  return cut(redact(particulars.reduce((text, pattern) => text.replace(pattern, '…'), cut(line, 1000))), 300);
};
