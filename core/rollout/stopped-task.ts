import { cut } from '../notification/cut.js';
import { redact } from '../notification/redact.js';
import type { RollbackReason } from '../result/result.js';

export type StoppedContainer = {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly health?: string;
};

/** A stopped task, with the codes and reasons of ECS. */
export type StoppedTask = {
  readonly id: string;
  readonly taskDefinition: string;
  readonly stopCode: string;
  readonly stoppedReason: string;
  /** ISO 8601. */
  readonly stoppedAt: string;
  readonly containers: readonly StoppedContainer[];
};

/** Stop codes that the image does not cause (ECS API, Task, stopCode). */
const infrastructureStopCodes = new Set(['UserInitiated', 'SpotInterruption', 'TerminationNotice', 'InfrastructureHealth']);

/** Did the task fail? One that the scheduler stopped failed only if a health check did; else it was scaled in or replaced. */
export const hasFailed = ({ stopCode, stoppedReason }: StoppedTask): boolean => {
  if (infrastructureStopCodes.has(stopCode)) return false;
  return stopCode !== 'ServiceSchedulerInitiated' || /\bfailed\b.*\bhealth ?checks?\b|\bhealth ?checks? failed\b/i.test(stoppedReason);
};

const reasonsOf = ({ stoppedReason, containers }: StoppedTask): string =>
  [stoppedReason, ...containers.map(({ reason }) => reason ?? '')].join(' ');

const pulling = /CannotPull|ImageNotFound|manifest unknown/i;

/** Failures of what a task needs beside its image: a secret, a role, a network interface, a file system. */
const resourceErrors = /ResourceInitializationError|unable to assume (?:the )?role|network interface|\bEFS\b/i;

/** The reason of a rollback that this task causes. */
export const failureReason = (task: StoppedTask): RollbackReason => {
  if (pulling.test(reasonsOf(task))) return 'CANNOT_PULL';
  if (resourceErrors.test(reasonsOf(task))) return 'CANNOT_START';
  return task.stopCode === 'ServiceSchedulerInitiated' ? 'UNHEALTHY' : 'CRASHED';
};

/** Network failures and throttling pass; a missing resource, a missing permission or another architecture does not. */
const transientErrors =
  /time(?:d )?-?out|deadline exceeded|connection (?:reset|refused)|too ?many ?requests|throttl|rate exceeded|no such host/i;
const absent =
  /not found|does not exist|manifest unknown|denied|unauthori[sz]ed|not authorized|forbidden|no basic auth|no match|invalid reference/i;
const missing = /unable to pull secrets|registry auth|secret|\brole\b|access ?denied|not authorized|does not exist/i;

/** Will every further task of this revision fail in the same way? Texts are those of the ECS Developer Guide, "stopped tasks error messages". */
export const isPermanent = (task: StoppedTask): boolean => {
  const reasons = reasonsOf(task);
  if (/exec format error|unable to assume (?:the )?role/i.test(reasons)) return true;
  if (transientErrors.test(reasons)) return false;
  if (pulling.test(reasons)) return absent.test(reasons);
  return /ResourceInitializationError/.test(reasons) && missing.test(reasons);
};

/** Ended by SIGKILL or SIGTERM: most often because the task was stopped after another container had failed. */
const isKilled = ({ exitCode }: StoppedContainer): boolean => exitCode === 137 || exitCode === 143;
const hasExited = ({ exitCode = 0 }: StoppedContainer): boolean => exitCode !== 0;

/** The container that failed: one that exited by itself, else one that is unhealthy, else one with a reason from ECS. */
export const failedContainer = ({ containers }: StoppedTask): StoppedContainer | undefined =>
  containers.find((container) => hasExited(container) && !isKilled(container)) ??
  containers.find(({ health }) => health === 'UNHEALTHY') ??
  containers.find(({ reason }) => reason) ??
  containers.find(hasExited) ??
  containers[0];

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
  const { stopCode, stoppedReason, containers } = task;
  const failed = containers.filter((container) => hasExited(container) || container.health === 'UNHEALTHY');
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
