import { abandonedReleaseResult, parsePendingRecord, type StageResults } from '../../core/housekeeping/sweep.js';
import { isReported } from '../../core/notification/is-reported.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';
import { type Abandoned, closed, type Deps, type SweepResult, withClaim } from './abandoned-record.js';
import { expiryOf } from './expiry.js';
import { publishNotification } from './publish-notification.js';
import { type Found, readDecisiveResults, readResults } from './stage-results.js';
import { leaveGates } from './take-gate.js';

/** Closes and reports a release whose execution has ended, once all its deployments have. */
export const finalizeAbandonedRelease = async (deps: Deps, abandoned: Abandoned<ReleaseRecord>): Promise<SweepResult> => {
  const result = abandoned.record.result ?? (await readResult(deps, abandoned));
  if (!result) return { did: 'nothing', why: 'one of its deployments has not ended' };
  return withClaim(deps, abandoned, () => finish(deps, abandoned, result));
};

const finish = async (deps: Deps, { name, record, now }: Abandoned<ReleaseRecord>, result: Result): Promise<SweepResult> => {
  const { records } = deps;
  const { repository, image, execution, startedAt } = record;
  await records.close(name, { result, endedAt: now }, expiryOf(now));
  if (image) await records.releaseClaim(repository, image.digest, execution);
  await leaveGates(deps.gates, name, record);
  if (record.notifiedAt !== undefined || !isReported(result, record.trigger)) await records.markDone(name);
  else await publishNotification(deps, { result, execution, startedAt, now, name, service: '', isAll: true, release: record });
  return closed(result);
};

/** A record that another version or another program wrote is not waited for. */
const isUnfinished = (record: DeploymentRecord & { readonly name: RecordName }): boolean =>
  record.endedAt === undefined && parsePendingRecord(record.name, record).kind === 'deployment';

/** Undefined while one of its deployments is pending. An unreadable record does not delay the report. */
const readResult = async (
  { records }: Deps,
  { name, record: release, execution }: Abandoned<ReleaseRecord>,
): Promise<Result | undefined> => {
  const { stages = [], stage = '', rollback, startedAt } = release;
  const reached = stages.slice(0, stages.findIndex((one) => one.name === stage) + 1);
  const results = await Promise.all(reached.map(async (one) => opened(await readDecisiveResults(records, release, one.name))));
  const undone = rollback && opened(await readResults(records, rollback.deployments, startedAt));
  // A rollback of another release by hand has no stages: what it deploys is the rollback.
  if (undone && rollback.of !== name) return abandonedReleaseResult(release, [undone], execution);
  return abandonedReleaseResult(release, results, execution, undone);
};

const opened = (deployments: readonly Found[]): StageResults =>
  deployments.map((found) => ({ ...found, isOpen: found.record !== undefined && isUnfinished(found.record) }));
