import type { LogEntry } from '../emulator/event-log.js';

/** A before task that Slipway started. Times are epoch milliseconds. */
export type BeforeTask = {
  readonly id: string;
  /** The name of its service is in it. */
  readonly startedBy: string;
  readonly revision: string;
  readonly startedAt: number;
  /** When its containers had ended. */
  readonly endedAt: number | undefined;
  /** Did it end by itself, with exit code 0? */
  readonly hasSucceeded: boolean;
};

/** What happened to a service with a before task and a verification, as far as their laws are about it. */
export type HookTrace = {
  readonly beforeTasks: readonly BeforeTask[];
  readonly updates: readonly { readonly at: number; readonly isForward: boolean; readonly revision: string }[];
  /** When ECS had completed a rollout of a revision. */
  readonly completions: readonly { readonly at: number; readonly revision: string }[];
  /** When the alarm of the service went into ALARM. */
  readonly alarms: readonly number[];
  readonly deployments: readonly HookedDeployment[];
};

/** A record of the table. */
export type HookedDeployment = {
  readonly sk: string;
  readonly revision?: string;
  readonly operation?: { readonly kind: string };
  readonly endedAt?: string;
  readonly outcome?: string;
  readonly verification?: { readonly since: string; readonly ignoredAlarms?: readonly string[] };
};

/** The before tasks in an account's log. */
export const beforeTasksIn = (entries: readonly LogEntry[]): BeforeTask[] =>
  entries.flatMap(({ time, source, type, detail }) => {
    if (source !== 'ecs' || type !== 'run-started' || !String(detail.startedBy).includes('-before/')) return [];
    const end = entries.find((entry) => entry.source === 'ecs' && entry.type === 'run-ended' && entry.detail.task === detail.task);
    const codes = Object.values((end?.detail.exitCodes ?? {}) as Record<string, unknown>);
    return [
      {
        id: String(detail.task),
        startedBy: String(detail.startedBy),
        revision: String(detail.taskDefinition),
        startedAt: time,
        endedAt: end?.time,
        hasSucceeded: end?.detail.stopCode === 'EssentialContainerExited' && codes.every((code) => code === 0),
      },
    ];
  });

/** The laws of before tasks and verifications that were violated. `bakeMs`: how long the alarms are watched. */
export const hookViolations = (trace: HookTrace, { bakeMs }: { readonly bakeMs: number }): string[] => [
  ...runOnce(trace),
  ...neverBeside(trace),
  ...neverWithout(trace),
  ...bakedFirst(trace, bakeMs),
];

/** Each revision is registered for one execution: a second task of it would be the same migration once more. */
const runOnce = ({ beforeTasks }: HookTrace): string[] => {
  const revisions = beforeTasks.map(({ revision }) => revision);
  return [...new Set(revisions.filter((one, index) => revisions.indexOf(one) !== index))].map(
    (one) => `A before task runs once: ${one} had ${revisions.filter((other) => other === one).length}`,
  );
};

const neverBeside = ({ beforeTasks }: HookTrace): string[] =>
  beforeTasks.flatMap(({ id, startedBy, startedAt }) => {
    const beside = beforeTasks.find(
      (other) =>
        other.id !== id &&
        other.startedBy === startedBy &&
        other.startedAt <= startedAt &&
        (other.endedAt ?? Number.POSITIVE_INFINITY) > startedAt,
    );
    return beside ? [`Before tasks of one service never run at once: ${id} was started while ${beside.id} ran`] : [];
  });

const ofImage = ({ operation = { kind: 'image' } }: HookedDeployment): boolean => operation.kind === 'image';

const neverWithout = ({ beforeTasks, updates, deployments }: HookTrace): string[] =>
  updates
    .filter(({ isForward, revision }) => isForward && deployments.some((one) => one.revision === revision && ofImage(one)))
    .filter(
      ({ at, revision }) => !beforeTasks.some((task) => task.revision === revision && task.hasSucceeded && (task.endedAt ?? at + 1) <= at),
    )
    .map(({ revision }) => `No update without the success of its before task: the service was updated to ${revision}`);

const isVerified = ({ operation = { kind: 'image' } }: HookedDeployment): boolean =>
  ['image', 'redeploy', 'taskDefinition'].includes(operation.kind);

const bakedFirst = ({ updates, completions, alarms, deployments }: HookTrace, bakeMs: number): string[] =>
  deployments
    .filter((one) => one.outcome === 'SUCCEEDED' && isVerified(one) && updates.some(({ revision }) => revision === one.revision))
    .flatMap(({ sk, revision, endedAt = '', verification }) => {
      if (verification === undefined) return [`No success before it is verified: ${sk} was not`];
      const since = Date.parse(verification.since);
      const isCompleted = completions.some((one) => one.revision === revision && one.at <= since);
      // One that was in ALARM before the update does not guard the bake.
      const isGuarded = !verification.ignoredAlarms?.length;
      const alarm = isGuarded ? alarms.find((at) => at > since && at < since + bakeMs) : undefined;
      return [
        ...(isCompleted ? [] : [`No success before it is verified: ${sk} baked before its rollout was completed`]),
        ...(Date.parse(endedAt) < since + bakeMs ? [`No success before its bake is over: ${sk} ended at ${endedAt}`] : []),
        ...(alarm === undefined ? [] : [`No success with an alarm in its bake: ${sk} ignored that of ${new Date(alarm).toISOString()}`]),
      ];
    });
