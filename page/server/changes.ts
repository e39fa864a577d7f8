import { secondsBetween } from '../../core/notification/seconds-between.js';
import type { Outcome, Reason } from '../../core/result/result.js';
import type { HistoryRecord } from '../api.js';

/** A deployment that has ended, as the four measures count it. */
export type Change = {
  readonly service: string;
  readonly endedAt: string;
  readonly seconds: number;
  readonly reason: Reason;
  /** An image was deployed, and it ended SUCCEEDED. */
  readonly isDeployed: boolean;
  /** An image was deployed, and the service was changed, for good or not. */
  readonly isChange: boolean;
  readonly hasFailed: boolean;
  /** It succeeded, and an operator rolled it back within a day. */
  readonly isRolledBackLater: boolean;
  readonly leadSeconds?: number;
  /** Of a failed one: when the service was well again, and after how long. */
  readonly restored?: { readonly at: string; readonly seconds: number };
};

type Ended = HistoryRecord & { readonly service: string; readonly endedAt: string; readonly outcome: Outcome; readonly reason: Reason };

const isEnded = (row: HistoryRecord): row is Ended =>
  row.kind === 'deployment' &&
  row.service !== undefined &&
  row.endedAt !== undefined &&
  row.outcome !== undefined &&
  row.reason !== undefined;

const failures: ReadonlySet<Outcome> = new Set(['ROLLED_BACK', 'ROLLBACK_FAILED', 'UNKNOWN']);

const isRollback = ({ operation }: Ended): boolean => operation === 'rollback' || operation === 'releaseRollback';
const isOfImage = ({ operation }: Ended): boolean => operation === 'image';
const hasSucceeded = ({ outcome }: Ended): boolean => outcome === 'SUCCEEDED';

const daySeconds = 86_400;

/** `stageOf` answers the stage of a repository that is looked at; undefined for a repository that has none. */
export const changesOf = (rows: readonly HistoryRecord[], stageOf: (repository: string) => string | undefined): readonly Change[] => {
  const ended = rows.filter(isEnded).filter(({ operation }) => operation !== 'beforeTask');
  const inStage = ended.filter(({ repository, stage }) => repository === undefined || stage === stageOf(repository));
  const services = new Map<string, Ended[]>();
  for (const row of inStage.toSorted((one, other) => (one.endedAt < other.endedAt ? -1 : 1)))
    services.set(row.service, [...(services.get(row.service) ?? []), row]);
  return [...services.values()]
    .flatMap((own) => own.map((row, index) => changeOf(row, own.slice(index + 1))))
    .sort((one, other) => (one.endedAt < other.endedAt ? -1 : 1));
};

/** `later` are those of the service that ended after it, the oldest first. */
const changeOf = (row: Ended, later: readonly Ended[]): Change => {
  const isDeployed = isOfImage(row) && hasSucceeded(row);
  const undo = isDeployed ? rollbackOf(row, later) : undefined;
  const hasFailed = isOfImage(row) && (failures.has(row.outcome) || undo !== undefined);
  const since = undo ? undo.startedAt : row.endedAt;
  const restored = hasFailed ? later.find(hasSucceeded) : undefined;
  const created = row.image?.created;
  return {
    service: row.service,
    endedAt: row.endedAt,
    seconds: secondsBetween(row.startedAt, row.endedAt),
    reason: row.reason,
    isDeployed,
    isChange: isDeployed || hasFailed,
    hasFailed,
    isRolledBackLater: undo !== undefined,
    // A label of a later time is that of a wrong clock.
    ...(isDeployed && created !== undefined && created <= row.endedAt && { leadSeconds: secondsBetween(created, row.endedAt) }),
    ...(restored && { restored: { at: restored.endedAt, seconds: secondsBetween(since, restored.endedAt) } }),
  };
};

/** The next that changed the service, if it is an operator's rollback that began within a day. */
const rollbackOf = ({ endedAt }: Ended, later: readonly Ended[]): Ended | undefined => {
  const next = later.find((one) => hasSucceeded(one) || failures.has(one.outcome));
  return next && isRollback(next) && secondsBetween(endedAt, next.startedAt) <= daySeconds ? next : undefined;
};
