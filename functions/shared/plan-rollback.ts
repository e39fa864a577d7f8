import type { RecordRepository } from '../../aws/record-repository.js';
import type { ReleaseHistory } from '../../aws/release-history.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { Repository } from '../../core/configuration/configuration.js';
import type { ReleaseInput } from '../../core/input/release-input.js';
import { suggestionFor } from '../../core/input/suggestion.js';
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

type Start = Pick<Extract<ReleaseInput, { kind: 'rollback' }>, 'repository' | 'stage' | 'release'>;
type Release = ReleaseRecord & { readonly name: RecordName };

/** The plan of the rollback of a release: what to record. */
type RollbackPlan = Required<Pick<ReleaseRecord, 'rollback' | 'stages' | 'stage'>> & Pick<ReleaseRecord, 'image'>;

/**
 * Plans an operator's rollback of a release, in the record `by`: the services that it changed, in one stage or in all, and that still run
 * its image. A result if there are none, or another rollback of them is in progress.
 * @throws RejectedInput if there is no such stage or release, it is in progress, is a rollback itself, or has changed nothing
 */
export const planRollback = async (
  deps: RollbackDeps,
  by: RecordName,
  start: Start,
  { stages }: Pick<Repository, 'stages'>,
): Promise<RollbackPlan | Result> => {
  const { stage } = start;
  const names = stages.map(({ name }) => name);
  if (stage !== undefined && !names.includes(stage))
    throw new RejectedInput(messages.notInFile('stage', stage, names, suggestionFor(stage, names)));
  const found = await releaseOf(deps, by, start);
  if ('outcome' in found) return found;
  const { release, changed } = found;
  if (release.endedAt === undefined) throw new RejectedInput(messages.releaseRuns(nameOf(release.execution)));
  const still = await Promise.all(changed.map(async (one) => ((await runsStill(deps, one)) ? [one] : [])));
  const deployments = undosOf(by, still.flat());
  if (deployments.length > 0) {
    const { image, name } = release;
    return { ...(image && { image }), rollback: { of: name, deployments, ...(stage !== undefined && { stage }) }, stages: [], stage: '' };
  }
  const services = changed.map(({ service }) => service);
  return resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.releaseReplaced(nameOf(release.execution), services));
};

type Target = { readonly release: Release; readonly changed: readonly Found[] };

/** The release that is named, or the last that changed a service and was not rolled back, with the deployments that changed services. */
const releaseOf = async (deps: RollbackDeps, by: RecordName, { repository, stage, release: wanted }: Start): Promise<Target | Result> => {
  /** Rollbacks by an operator, the newest first. */
  const rollbacks: Release[] = [];
  for await (const release of deps.history.newestFirst(repository)) {
    const isWanted = wanted !== undefined && [release.execution, nameOf(release.execution)].includes(wanted);
    if (isByOperator(release)) {
      if (isWanted) throw new RejectedInput(messages.isRollback(wanted));
      if (release.name !== by) rollbacks.push(release);
    } else if (isWanted || (wanted === undefined && mayHaveChanged(release))) {
      const changes = (await changesOf(deps, release))
        .filter((one) => stage === undefined || one.stage === stage)
        .map((one) => ({ ...one, rollback: rollbacks.find((rollback) => isOf(rollback, release, one.stage)) }));
      const running = changes.find(({ rollback }) => rollback && rollback.endedAt === undefined)?.rollback;
      if (running) return rollbackRuns(release, running);
      const left = changes.filter(({ rollback }) => isWanted || !isDone(rollback));
      if (left.length > 0) return { release, changed: left.flatMap(({ changed }) => changed) };
      if (isWanted) throw new RejectedInput(messages.changedNothing(wanted, stage));
    }
  }
  throw new RejectedInput(
    wanted === undefined ? messages.nothingToRollBack(repository, stage) : messages.releaseNotFound(repository, wanted),
  );
};

const isByOperator = ({ name, rollback }: Release): boolean => (rollback?.of ?? name) !== name;

/** Is it a rollback of this stage of the release? */
const isOf = ({ rollback }: Release, release: Release, stage: string): boolean =>
  rollback?.of === release.name && (rollback.stage ?? stage) === stage;

const rollbackRuns = (release: Release, rollback: Release): Result =>
  resultOf('SKIPPED', 'DUPLICATE_ROLLBACK', messages.rollbackRuns(nameOf(release.execution), nameOf(rollback.execution)));

/** Has a rollback, of a release or of a service, left nothing to roll back? One that failed is repeated. */
const isDone = (rollback: Pick<ReleaseRecord, 'result'> | undefined): boolean =>
  rollback?.result !== undefined && isSuccessfulOutcome(rollback.result.outcome);

/** A release that changed anything is never SKIPPED. */
const mayHaveChanged = ({ stages = [], result }: ReleaseRecord): boolean => stages.length > 0 && result?.outcome !== 'SKIPPED';

/** The stages in which it changed services, with its successful deployments, without what it has rolled back itself. */
const changesOf = async ({ records }: RollbackDeps, release: Release): Promise<{ stage: string; changed: Found[] }[]> => {
  const { startedAt, rollback: { deployments: undos } = { deployments: [] } } = release;
  const ended = await readResults(records, undos, startedAt);
  const undone = new Set(undos.filter((_, index) => isDone(ended[index]?.record)).map(({ undoes }) => undoes));
  const isChange = ({ record }: Found): boolean =>
    record?.result?.outcome === 'SUCCEEDED' && record.updateRequestedAt !== undefined && !undone.has(record.name);
  const stages = stagesUntil(release, release.stage ?? '').map(async ({ name }) => {
    const results = await readStageResults(records, release, name);
    return { stage: name, changed: results.filter(isChange) };
  });
  return (await Promise.all(stages)).filter(({ changed }) => changed.length > 0);
};

const runsStill = async ({ states }: RollbackDeps, { service, record }: Found): Promise<boolean> => {
  const image = record?.image;
  return image !== undefined && sourceOf(await states.of(service), image.repository).lastDeployed?.digest === image.digest;
};
