import type { DeploymentView, InstallationAnswer } from '../../core/query/answers.js';
import { failureLimit } from '../../core/rollout/evidence.js';
import type { ServiceEvent } from '../../core/rollout/service-event.js';
import { hasFailed, identifiedContainer, type StoppedTask } from '../../core/rollout/stopped-task.js';
import type { DeploymentDetail, MachineView, Problem, Sample, ServiceRow, StoppedTask as ShownTask } from '../api.js';
import { deploymentTimeline } from './deployment-timeline.js';
import type { Step } from './machine-view.js';
import { diffOf } from './revision-diff.js';

export type DeploymentParts = {
  readonly at: string;
  readonly deployment: DeploymentView;
  readonly installation?: InstallationAnswer;
  readonly row?: ServiceRow;
  readonly machine?: MachineView;
  /** What its execution did, in order. */
  readonly steps?: readonly Step[];
  /** Taken while a page watched it. */
  readonly samples: readonly Sample[];
  readonly stopped: readonly StoppedTask[];
  /** Of its service, in any order and of any time, as far as ECS has them. */
  readonly events?: readonly ServiceEvent[];
  /** Task definitions as DescribeTaskDefinition answers them: what ran before, and what is deployed. */
  readonly before?: object;
  readonly after?: object;
  readonly logUrl?: string;
  readonly problems: readonly Problem[];
};

const later = (time: string, seconds: number): string => new Date(Date.parse(time) + seconds * 1000).toISOString();

const configured = ({ installation, deployment }: DeploymentParts) =>
  installation?.repositories
    .filter(({ repository }) => deployment.image === undefined || repository === deployment.image.repository)
    .flatMap(({ stages }) => stages)
    .flatMap(({ services }) => services)
    .find(({ service }) => service === deployment.service);

/** Stopped tasks that failed, the newest first. */
const failedTasks = (stopped: readonly StoppedTask[]): ShownTask[] =>
  stopped
    .filter(hasFailed)
    .map(shownTask)
    .sort((one, other) => (one.stoppedAt < other.stoppedAt ? 1 : -1));

const shownTask = (task: StoppedTask): ShownTask => {
  const { container, reason } = identifiedContainer(task);
  const ran = task.startedAt === undefined ? undefined : Math.max(0, (Date.parse(task.stoppedAt) - Date.parse(task.startedAt)) / 1000);
  return {
    id: task.id,
    ...(task.zone !== undefined && { zone: task.zone }),
    stoppedAt: task.stoppedAt,
    ...(ran !== undefined && Number.isFinite(ran) && { ranSeconds: ran }),
    ...(container && { container: container.name }),
    ...(container?.exitCode !== undefined && { exitCode: container.exitCode }),
    ...(reason !== '' && { reason }),
  };
};

/** What is known of the tasks of a deployment that no page watched: when its first update, its failures and its end were. */
const rebuilt = ({ deployment, row }: DeploymentParts, desired: number | undefined, failures: readonly ShownTask[]): Sample[] => {
  const { updateRequestedAt, endedAt, result } = deployment;
  const count = desired ?? row?.running;
  if (updateRequestedAt === undefined || count === undefined) return [];
  const start: Sample = { at: updateRequestedAt, old: count, new: 0, starting: 0, failed: 0 };
  const failed = failures.toReversed().map(({ stoppedAt: at }, index) => ({ ...start, at, failed: index + 1 }));
  const isNew = result?.outcome === 'SUCCEEDED';
  const end = { old: isNew ? 0 : count, new: isNew ? count : 0, starting: 0, failed: deployment.failedTasks ?? failed.length };
  // What became of an UNKNOWN one, its record does not say.
  const isKnown = endedAt !== undefined && (isNew || result?.outcome === 'ROLLED_BACK');
  return [start, ...failed, ...(isKnown ? [{ at: endedAt, ...end }] : [])].slice(-300);
};

const marksOf = (
  { updateRequestedAt, rollback, endedAt, failedAt }: DeploymentView,
  failures: readonly ShownTask[],
): DeploymentDetail['marks'] => {
  const first = failures.at(-1)?.stoppedAt ?? failedAt;
  return [
    ...(updateRequestedAt === undefined ? [] : [{ at: updateRequestedAt, label: 'UpdateService', kind: 'update' } as const]),
    ...(first === undefined ? [] : [{ at: first, label: 'failure', kind: 'failure' } as const]),
    ...(rollback ? [{ at: rollback.since, label: 'RollBack', kind: 'rollback' } as const] : []),
    ...(endedAt === undefined ? [] : [{ at: endedAt, label: 'ended', kind: 'end' } as const]),
  ];
};

/** When its timeout rolls it back, while it is rolled out. */
const rollbackByOf = (parts: DeploymentParts): string | undefined => {
  const { phase, updateRequestedAt, pausedSeconds = 0 } = parts.deployment;
  const timeout = configured(parts)?.timeoutSeconds;
  if (phase !== 'rollingOut' || updateRequestedAt === undefined || timeout === undefined) return undefined;
  return later(updateRequestedAt, timeout + pausedSeconds);
};

/** The answer for the view of one deployment. */
export const deploymentDetail = (parts: DeploymentParts): DeploymentDetail => {
  const { at, deployment, row, machine, samples, before, after, logUrl, problems } = parts;
  const desired = deployment.progress?.desired ?? row?.desired;
  const stopped = failedTasks(parts.stopped);
  const rollbackBy = rollbackByOf(parts);
  const limit = desired === undefined ? undefined : failureLimit(desired, configured(parts)?.maxFailedTasks);
  return {
    at,
    deployment,
    ...(row && { row }),
    ...(machine && { machine }),
    samples: samples.length > 0 ? samples.slice(-300) : rebuilt(parts, desired, stopped),
    isRebuilt: samples.length === 0,
    marks: marksOf(deployment, stopped),
    ...(desired !== undefined && { desired }),
    ...(limit !== undefined && { failureLimit: limit }),
    timeline: deploymentTimeline({ deployment, steps: parts.steps ?? [], stopped, samples, events: parts.events ?? [], desired, limit }),
    stopped,
    ...diffOf(before, after),
    ...(logUrl !== undefined && { logUrl }),
    ...(rollbackBy !== undefined && { rollbackBy }),
    isOpen: deployment.endedAt === undefined,
    problems,
  };
};
