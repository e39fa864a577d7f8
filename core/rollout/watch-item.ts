import * as v from 'valibot';
import type { Limits } from '../configuration/service-settings.js';
import type { AlarmEvent } from '../input/alarm-event.js';
import type { RecordName } from '../records/record-name.js';
import { type RegisteredDeployment, schema } from '../records/records.js';
import { type RollbackReason, reasons } from '../result/result.js';
import { type FailureGroup, failureLimit, permanentLimit } from './evidence.js';
import {
  describe,
  failedContainer,
  failureReason,
  isImageFailure,
  isPermanent,
  type StoppedRun,
  type StoppedTask,
  withoutHealth,
} from './stopped-task.js';

/** By what a rollout is watched, from UpdateService on. */
export type Expected = {
  /** ARN of the task definition. Its tasks are this deployment's alone. */
  readonly revision: string;
  /** Containers that have the image, and those that a task outlives. */
  readonly containers: readonly string[];
  readonly nonEssential: readonly string[];
  /** How many failed tasks end the rollout. */
  readonly limit: number;
};

/** By what the rollout of a revision is watched. Without a service the desired count counts as 0. */
export const expectedOf = (
  { revision, containers = [], nonEssential = [] }: RegisteredDeployment,
  { maxFailedTasks }: Pick<Limits, 'maxFailedTasks'>,
  service: { readonly desiredCount: number } | undefined,
): Expected => ({ revision, containers, nonEssential, limit: failureLimit(service?.desiredCount, maxFailedTasks) });

/** The failures of the rollout's tasks: each task is counted once, by its event or by a look. */
export type Failures = {
  /** IDs of the tasks. */
  readonly failed?: ReadonlySet<string>;
  /** How many of them failed for a permanent reason; all of them, if the log of one says so. */
  readonly permanent?: number;
  readonly isPermanentByLog?: boolean;
  /** Of the one that was counted last. `failedAt` is ISO 8601. */
  readonly reason?: RollbackReason;
  readonly failedAt?: string;
  readonly newest?: { readonly task: string; readonly container: string };
  readonly hasImageFailed?: boolean;
};

/**
 * The watch item of a service, from the taking of the lease until the deployment is closed: the token of the state that waits, what
 * events it does not know of, and the failures of the rollout.
 */
export type WatchItem = Partial<Expected> &
  Failures & {
    readonly record: RecordName;
    /** ARN of the execution that watches. */
    readonly execution: string;
    /** How many events there were. */
    readonly news: number;
    /** `news` as the visit that waits found it when it stored its token, and as the visit before that had found it. */
    readonly seen: number;
    readonly seenBefore?: number;
    /** The task token of the state that waits, and the invocation that stored it (`orderOf`). */
    readonly token?: string;
    readonly visit?: number;
    /** The ID of our rollout among the service's deployments (`ecs-svc/…`), which its events name. */
    readonly deploymentId?: string;
    /** The ID of the deployment that began last. */
    readonly began?: string;
    /** The deployment that completed last, and when (ISO 8601). */
    readonly completed?: { readonly deploymentId: string; readonly at: string };
    /** The before task of the service that stopped last, as its event has it: ECS forgets it after an hour. */
    readonly stoppedRun?: StoppedRun;
    /** From then on, no failure counts. */
    readonly isRollingBack?: boolean;
    /** ECS has completed the rollout, and the revision is verified, until an operator's deployment or, if it `yields`, a newer push waits. */
    readonly verifying?: 'holds' | 'yields';
    /** Of each alarm that went into ALARM, its last event. */
    readonly alarmEvents?: readonly AlarmEvent[];
    readonly groups: readonly FailureGroup[];
  };

const count = v.pipe(v.number(), v.integer());
const texts = v.pipe(
  v.instance(Set),
  v.check((set) => [...set].every((one) => typeof one === 'string')),
);

const Item = v.looseObject({
  schema: v.literal(schema),
  record: v.string(),
  execution: v.string(),
  news: count,
  seen: count,
  seenBefore: v.optional(count),
  visit: v.optional(count),
  token: v.optional(v.string()),
  deploymentId: v.optional(v.string()),
  began: v.optional(v.string()),
  completed: v.optional(v.object({ deploymentId: v.string(), at: v.string() })),
  stoppedRun: v.optional(v.looseObject({ arn: v.string(), taskDefinition: v.string() })),
  isRollingBack: v.optional(v.boolean()),
  verifying: v.optional(v.picklist(['holds', 'yields'])),
  revision: v.optional(v.string()),
  containers: v.optional(v.array(v.string())),
  nonEssential: v.optional(v.array(v.string())),
  limit: v.optional(count),
  failed: v.optional(texts),
  permanent: v.optional(count),
  isPermanentByLog: v.optional(v.boolean()),
  reason: v.optional(v.picklist(reasons)),
  failedAt: v.optional(v.string()),
  newest: v.optional(v.object({ task: v.string(), container: v.string() })),
  hasImageFailed: v.optional(v.boolean()),
});

const groupPrefix = 'group#';

/** The attribute that counts the failures with this description. */
export const groupAttribute = (description: string): string => `${groupPrefix}${description}`;

const groupLimit = 10;

const alarmPrefix = 'alarm#';

/** The attribute with the time at which the alarm last went into ALARM. */
export const alarmAttribute = (name: string): string => `${alarmPrefix}${name}`;

/** Parses the item of a service; undefined for one of another version, or that is none. */
export const readWatchItem = (item: object): WatchItem | undefined => {
  const result = v.safeParse(Item, item);
  if (!result.success) return undefined;
  const groups = Object.entries(item)
    .filter(([attribute, value]) => attribute.startsWith(groupPrefix) && typeof value === 'number')
    .map(([attribute, value]) => ({ description: attribute.slice(groupPrefix.length), count: value as number }))
    .sort((a, b) => b.count - a.count)
    .slice(0, groupLimit);
  const alarmEvents = Object.entries(item)
    .filter(([attribute, value]) => attribute.startsWith(alarmPrefix) && typeof value === 'string')
    .map(([attribute, value]) => ({ name: attribute.slice(alarmPrefix.length), at: value as string }));
  return { ...result.output, groups, ...(alarmEvents.length > 0 && { alarmEvents }) } as unknown as WatchItem;
};

/** What one failed task adds. */
export type CountedFailure = {
  readonly task: string;
  readonly description: string;
  readonly isPermanent: boolean;
  readonly set: Required<Pick<Failures, 'reason' | 'failedAt' | 'newest'>> & Pick<Failures, 'hasImageFailed'>;
};

/**
 * What a failed task adds, as its event has it: a look knows its containers' health, too, and both must be one group. Whether the image
 * of a task failed that a health check found unhealthy, only that health says.
 */
export const countedFailure = (stopped: StoppedTask): CountedFailure => {
  const task = withoutHealth(stopped);
  const reason = failureReason(task);
  return {
    task: task.id,
    description: describe(task),
    isPermanent: isPermanent(task),
    set: {
      reason,
      failedAt: task.stoppedAt,
      newest: { task: task.id, container: failedContainer(task)?.name ?? '' },
      ...(reason !== 'UNHEALTHY' && isImageFailure(task) && { hasImageFailed: true }),
    },
  };
};

/** The item with one more failed task, as the table counts it. */
export const withFailure = (item: WatchItem, { task, description, isPermanent: isLasting, set }: CountedFailure): WatchItem => {
  const others = item.groups.filter((group) => group.description !== description);
  const before = item.groups.find((group) => group.description === description)?.count ?? 0;
  return {
    ...item,
    ...set,
    failed: new Set([...(item.failed ?? []), task]),
    ...(isLasting && { permanent: (item.permanent ?? 0) + 1 }),
    groups: [...others, { description, count: before + 1 }].sort((a, b) => b.count - a.count).slice(0, groupLimit),
  };
};

/** How many of the failures are permanent. */
export const permanentFailures = ({ failed, permanent = 0, isPermanentByLog = false }: Failures): number =>
  isPermanentByLog ? (failed?.size ?? 0) : permanent;

/** Does the item alone show that the rollout has failed? */
export const isLimitReached = (item: WatchItem): boolean =>
  item.isRollingBack !== true &&
  item.limit !== undefined &&
  ((item.failed?.size ?? 0) >= item.limit || permanentFailures(item) >= permanentLimit);

/** When ECS reported that our rollout had completed, ISO 8601; undefined if it has not. */
export const completedAt = ({ completed, deploymentId }: WatchItem): string | undefined =>
  completed !== undefined && completed.deploymentId === deploymentId ? completed.at : undefined;

/** Were there events that the visit before did not know of when it looked? Reads may lag behind them. */
export const hadUnseenNews = ({ seen, seenBefore = 0 }: WatchItem): boolean => seen > seenBefore;
