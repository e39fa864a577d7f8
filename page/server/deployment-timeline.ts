import { redact } from '../../core/notification/redact.js';
import type { DeploymentView } from '../../core/query/answers.js';
import type { ServiceEvent } from '../../core/rollout/service-event.js';
import type { Sample, StoppedTask, TimelineEntry } from '../api.js';
import type { Step } from './machine-view.js';

export type TimelineParts = {
  readonly deployment: DeploymentView;
  /** What its execution did; empty if that is not known. */
  readonly steps: readonly Step[];
  /** Failed tasks, the newest first. */
  readonly stopped: readonly StoppedTask[];
  /** Taken while a page watched, the oldest first. */
  readonly samples: readonly Sample[];
  /** Of its service, of any time. */
  readonly events: readonly ServiceEvent[];
  readonly desired: number | undefined;
  /** Failures at which it is rolled back. */
  readonly limit: number | undefined;
};

/** Events of ECS that one timeline shows, the newest. */
const mostEvents = 30;

/** Events that say how ECS ended a rollout come after Slipway has seen its end. Milliseconds. */
const lateness = 60_000;

const time = (iso: string): number => Date.parse(iso);

/** What the record says of its steps, by the names of their states. */
const recorded = ({ startedAt, updateRequestedAt, rollback, verification, revision, trigger, endedAt, result }: DeploymentView) =>
  new Map<string, TimelineEntry>(
    [
      { at: startedAt, kind: 'started' as const, title: 'OpenDeployment', detail: trigger.by ?? trigger.kind },
      ...(updateRequestedAt === undefined
        ? []
        : [
            { at: updateRequestedAt, kind: 'update' as const, title: 'UpdateService', ...(revision !== undefined && { detail: revision }) },
          ]),
      ...(verification
        ? [{ at: verification.since, kind: 'step' as const, title: 'Verify', detail: verification.url ?? verification.verifier ?? 'bake' }]
        : []),
      ...(rollback ? [{ at: rollback.since, kind: 'rollback' as const, title: 'RollBack', detail: rollback.message }] : []),
      ...(endedAt === undefined || !result
        ? []
        : [
            {
              at: endedAt,
              kind: result.outcome === 'SUCCEEDED' ? ('succeeded' as const) : ('failed' as const),
              title: 'CloseDeployment',
              detail: `${result.outcome}, ${result.reason}`,
            },
          ]),
    ].map((entry) => [entry.title, entry]),
  );

/** The steps of the execution, with what the record says of them; what only the record knows is there, too. */
const stepEntries = ({ deployment, steps }: TimelineParts): TimelineEntry[] => {
  const known = recorded(deployment);
  const taken = steps.map(({ name, at, seconds }): TimelineEntry => {
    const own = known.get(name) ?? { at, kind: 'step' as const, title: name, ...beforeTaskOf(name, deployment) };
    return { ...own, seconds };
  });
  const names = new Set(steps.map(({ name }) => name));
  return [...taken, ...[...known.values()].filter(({ title }) => !names.has(title))];
};

const beforeTaskOf = (step: string, { beforeTask }: DeploymentView): { readonly detail?: string } =>
  step === 'RunBeforeTask' && beforeTask ? { detail: `${beforeTask.outcome}: ${beforeTask.command}` } : {};

/** `Task 30d6c729 failed, 2 of 3` */
const failureEntries = ({ stopped, limit, deployment }: TimelineParts): TimelineEntry[] => {
  const of = limit === undefined ? '' : ` of ${limit}`;
  if (stopped.length > 0)
    return stopped.toReversed().map(({ id, stoppedAt, exitCode, container, reason, ranSeconds, zone }, index) => ({
      at: stoppedAt,
      kind: 'taskFailed',
      title: `Task ${id.slice(0, 8)} failed, ${index + 1}${of}`,
      detail: exitCode === undefined ? (reason ?? 'failed') : `exit ${exitCode}${container === undefined ? '' : ` in ${container}`}`,
      ...(zone !== undefined && { from: zone }),
      ...(ranSeconds !== undefined && { seconds: ranSeconds }),
    }));
  // ECS has forgotten the tasks; the record has how they failed, and when the newest did.
  const { failedAt, failures = [] } = deployment;
  return failedAt === undefined
    ? []
    : failures.map(({ count, description }) => ({
        at: failedAt,
        kind: 'taskFailed',
        title: count === 1 ? '1 task failed' : `${count} tasks failed`,
        detail: description,
      }));
};

/** Each time when more of the new tasks ran than ever before. */
const startEntries = ({ samples, desired }: TimelineParts): TimelineEntry[] => {
  let most = 0;
  return samples.flatMap(({ at, new: count }) => {
    if (count <= most) return [];
    most = count;
    return [{ at, kind: 'taskStarted' as const, title: 'ECS', detail: `${count}${desired === undefined ? '' : ` of ${desired}`} run` }];
  });
};

const pauseEntries = ({ deployment: { pausedSeconds, updateRequestedAt } }: TimelineParts): TimelineEntry[] =>
  pausedSeconds === undefined || updateRequestedAt === undefined
    ? []
    : [{ at: updateRequestedAt, kind: 'wait', title: 'Lifecycle hooks', detail: 'kept it waiting, in all', seconds: pausedSeconds }];

/** From its update until a little after its end. */
const eventEntries = ({ events, deployment: { updateRequestedAt, endedAt } }: TimelineParts): TimelineEntry[] => {
  if (updateRequestedAt === undefined) return [];
  const [from, to] = [time(updateRequestedAt), endedAt === undefined ? Number.POSITIVE_INFINITY : time(endedAt) + lateness];
  return events
    .filter(({ at }) => time(at) >= from && time(at) <= to)
    .sort((one, other) => time(other.at) - time(one.at))
    .slice(0, mostEvents)
    .reverse()
    .map(({ at, message }) => ({ at, kind: 'note', title: redact(message.replace(/^\(service [^)]*\) /, '')), from: 'ECS event' }));
};

/** What happened to a deployment, the newest first: its steps, its tasks, the events of its service, its rollback and its end. */
export const deploymentTimeline = (parts: TimelineParts): TimelineEntry[] =>
  [...stepEntries(parts), ...pauseEntries(parts), ...startEntries(parts), ...failureEntries(parts), ...eventEntries(parts)]
    // Entries of one moment stay in the order in which they happened, the last one first.
    .reverse()
    .sort((one, other) => time(other.at) - time(one.at));
