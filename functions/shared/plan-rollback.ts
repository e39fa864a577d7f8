import type { RecordRepository } from '../../aws/record-repository.js';
import type { ReleaseHistory } from '../../aws/release-history.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { sourceOf } from '../../core/lease/service-state.js';
import { nameOf } from '../../core/records/execution-name.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { ReleaseRecord } from '../../core/records/records.js';
import * as messages from '../../core/release/messages.js';
import { stagesUntil } from '../../core/release/release-plan.js';
import { undosOf } from '../../core/release/undo.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { isSuccessfulOutcome, type Result, resultOf } from '../../core/result/result.js';
import { type Found, readResults, readStageResults } from './stage-results.js';

export type RollbackDeps = {
  readonly records: Pick<RecordRepository, 'deploymentNamed'>;
  readonly states: Pick<ServiceStateRepository, 'of'>;
  readonly history: Pick<ReleaseHistory, 'newestFirst'>;
};

type Start = { readonly repository: string; readonly release?: string };
type Release = ReleaseRecord & { readonly name: RecordName };

/** The plan of the rollback of a release: what to record. */
type RollbackPlan = Required<Pick<ReleaseRecord, 'rollback' | 'stages' | 'stage'>> & Pick<ReleaseRecord, 'image'>;

/**
 * Plans an operator's rollback of a release, in the record `by`: the services that it changed and that still run its image. A result if
 * there are none, or another rollback of it is in progress.
 * @throws RejectedInput if there is no such release, it is in progress, is a rollback itself, or has changed nothing
 */
export const planRollback = async (deps: RollbackDeps, by: RecordName, start: Start): Promise<RollbackPlan | Result> => {
  const found = await releaseOf(deps, by, start);
  if ('outcome' in found) return found;
  const { release, changed } = found;
  if (release.endedAt === undefined) throw new RejectedInput(messages.releaseRuns(nameOf(release.execution)));
  const still = await Promise.all(changed.map(async (one) => ((await runsStill(deps, one)) ? [one] : [])));
  const deployments = undosOf(by, still.flat());
  if (deployments.length > 0) {
    const { image, name } = release;
    return { ...(image && { image }), rollback: { of: name, deployments }, stages: [], stage: '' };
  }
  const services = changed.map(({ service }) => service);
  return resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.releaseReplaced(nameOf(release.execution), services));
};

type Target = { readonly release: Release; readonly changed: readonly Found[] };

/** The release that is named, or the last that changed a service and was not rolled back, with the deployments that changed services. */
const releaseOf = async (deps: RollbackDeps, by: RecordName, { repository, release: wanted }: Start): Promise<Target | Result> => {
  /** Rollbacks by an operator, by the release that they roll back. */
  const rollbacks = new Map<RecordName, Release>();
  for await (const release of deps.history.newestFirst(repository)) {
    const isWanted = wanted !== undefined && [release.execution, nameOf(release.execution)].includes(wanted);
    const of = release.rollback?.of ?? release.name;
    if (of !== release.name) {
      if (isWanted) throw new RejectedInput(messages.isRollback(wanted));
      if (release.name !== by && !rollbacks.has(of)) rollbacks.set(of, release);
    } else if (isWanted || (wanted === undefined && mayHaveChanged(release))) {
      const rollback = rollbacks.get(release.name);
      const changed = await changedBy(deps, release);
      if (changed.length > 0 && rollback && rollback.endedAt === undefined) return rollbackRuns(release, rollback);
      if (changed.length > 0 && (isWanted || !isDone(rollback))) return { release, changed };
      if (isWanted) throw new RejectedInput(messages.changedNothing(wanted));
    }
  }
  throw new RejectedInput(wanted === undefined ? messages.nothingToRollBack(repository) : messages.releaseNotFound(repository, wanted));
};

const rollbackRuns = (release: Release, rollback: Release): Result =>
  resultOf('SKIPPED', 'DUPLICATE_ROLLBACK', messages.rollbackRuns(nameOf(release.execution), nameOf(rollback.execution)));

/** Has a rollback, of a release or of a service, left nothing to roll back? One that failed is repeated. */
const isDone = (rollback: Pick<ReleaseRecord, 'result'> | undefined): boolean =>
  rollback?.result !== undefined && isSuccessfulOutcome(rollback.result.outcome);

/** A release that changed anything is never SKIPPED. */
const mayHaveChanged = ({ stages = [], result }: ReleaseRecord): boolean => stages.length > 0 && result?.outcome !== 'SKIPPED';

/** Its successful deployments, without what it has rolled back itself. */
const changedBy = async ({ records }: RollbackDeps, release: Release): Promise<Found[]> => {
  const { startedAt, rollback: { deployments: undos } = { deployments: [] } } = release;
  const results = await Promise.all(stagesUntil(release, release.stage ?? '').map(({ name }) => readStageResults(records, release, name)));
  const ended = await readResults(records, undos, startedAt);
  const undone = new Set(undos.filter((_, index) => isDone(ended[index]?.record)).map(({ undoes }) => undoes));
  return results
    .flat()
    .filter(({ record }) => record?.result?.outcome === 'SUCCEEDED' && record.updateRequestedAt !== undefined && !undone.has(record.name));
};

const runsStill = async ({ states }: RollbackDeps, { service, record }: Found): Promise<boolean> => {
  const image = record?.image;
  return image !== undefined && sourceOf(await states.of(service), image.repository).lastDeployed?.digest === image.digest;
};
