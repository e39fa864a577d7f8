import { PassedStages } from '../../aws/passed-stages.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { TaskTokens } from '../../aws/task-tokens.js';
import { WatchItems } from '../../aws/watch-items.js';
import type { ReleaseRecord } from '../../core/records/records.js';
import { deploymentsOf, isStagePassed, nextStage, releaseResult, stageDecision, stagesUntil } from '../../core/release/release-plan.js';
import { isUndoDue, rollbackResult, rolledBackResult, undoDecision, undosOf } from '../../core/release/undo.js';
import type { Result } from '../../core/result/result.js';
import { type EvaluationDecision, StageInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { expiryOf } from '../shared/expiry.js';
import { cancelUnfinished } from '../shared/fail-stage.js';
import { type Found, readBlockingTask, readDecisiveResults, readResults, readStageResults } from '../shared/stage-results.js';
import { untilUnchanged } from '../shared/until-unchanged.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'release' | 'deploymentNamed' | 'advance' | 'decide' | 'planRollback'>;
  readonly passed: Pick<PassedStages, 'add' | 'remove'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'requestCancel'>;
  readonly watch: Pick<WatchItems, 'addNews'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
};

/**
 * Task state `EvaluateStage`: reads the results of the deployments that have ended, and names the services of the stage, if its before task
 * has succeeded, the next stage, what has to be rolled back because one of them failed, or the release's result.
 */
export const evaluateStage =
  (deps: Deps) =>
  (input: StageInput): Promise<EvaluationDecision> =>
    untilUnchanged(() => evaluate(deps, input));

const evaluate = async (deps: Deps, { record: name, stage, action, now }: StageInput): Promise<EvaluationDecision | 'changed'> => {
  const { records, passed } = deps;
  const release = await records.release(name);
  const finish = (result: Result): EvaluationDecision => ({ action: 'finish', record: name, stage, services: [], parallel: 1, result });
  if (action === 'prepare' && !(await readBlockingTask(records, release, stage))) return stageDecision('begin', name, release, stage);
  const results = await resultsUntil(deps, release, stage);
  if (action === 'rollBack' || action === 'deploy') return finish(await resultOfRollback(deps, name, release, results.flat()));

  const of = results.at(-1) ?? [];
  const { repository, image, stages } = release;
  if (image && isStagePassed(of)) await passed.add(repository, image.digest, stage, expiryOf(now));
  const next = nextStage(release, stage, of);
  if (next !== undefined) {
    if (!(await records.advance(name, stage, next, stages))) return 'changed';
    return stageDecision('proceed', name, release, next);
  }
  // Planned by a run whose answer was lost.
  if (release.rollback) return undoDecision('rollBack', name, stage, release.rollback.deployments);
  const its = stages?.find((one) => one.name === stage);
  if (isUndoDue(its, of)) {
    const ended = (await cancelResumable(deps, release, of)) ? await resultsUntil(deps, release, stage) : results;
    const deployments = undosOf(name, its?.rollBackScope === 'release' ? ended.flat() : (ended.at(-1) ?? []));
    if (deployments.length > 0) {
      const isPlanned = await records.planRollback(name, { of: name, deployments });
      return isPlanned ? undoDecision('rollBack', name, stage, deployments) : 'changed';
    }
  }
  // A stage that was added since the record was read is next.
  return (await records.decide(name, stages)) ? finish(releaseResult(results.flat())) : 'changed';
};

/** The execution of a deployment without a result was aborted, and another one resumes it. Are there such deployments? */
const cancelResumable = async (deps: Deps, { stage = '', ...release }: ReleaseRecord, of: readonly Found[]): Promise<boolean> => {
  const open = of.filter(({ record }) => record && !record.result).map(({ service }) => service);
  if (open.length > 0)
    await cancelUnfinished(
      deps,
      deploymentsOf(release, stage).filter(({ service }) => open.includes(service)),
    );
  return open.length > 0;
};

const resultsUntil = ({ records }: Deps, release: ReleaseRecord, stage: string): Promise<Found[][]> =>
  Promise.all(
    stagesUntil(release, stage).map(({ name }) => (name === stage ? readDecisiveResults : readStageResults)(records, release, name)),
  );

/** Of the release itself, or of another one that an operator rolls back. */
const resultOfRollback = async ({ records, passed }: Deps, name: string, release: ReleaseRecord, results: Found[]): Promise<Result> => {
  const { of, deployments } = release.rollback ?? { of: '', deployments: [] };
  const undone = await readResults(records, deployments, release.startedAt);
  const back = undone.flatMap(({ record }) => (record?.result?.outcome === 'SUCCEEDED' ? [record.stage] : []));
  if (release.image) await passed.remove(release.repository, release.image.digest, [...new Set(back)]);
  await records.decide(name);
  return of === name ? rolledBackResult(releaseResult(results), undone) : rollbackResult(undone);
};

export const { step, handler } = defineStep({
  name: 'EvaluateStage',
  input: StageInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'the results of the deployments; the next stage, and the stages that the image has passed; cancel requests to deployments without a result',
    },
    { allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'waking them' },
  ]),
  onFailure: atPackaging('UNKNOWN; the services are as their deployments left them'),
  onRepeat: atPackaging('reads the same records and gives the same answer'),
  run: (environment) => {
    const table = tableIn(environment);
    return evaluateStage({
      records: new RecordRepository(table),
      passed: new PassedStages(table),
      states: new ServiceStateRepository(table),
      watch: new WatchItems(table),
      tokens: new TaskTokens(environment.clients),
    });
  },
});
