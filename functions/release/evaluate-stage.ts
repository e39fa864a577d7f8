import { RecordRepository } from '../../aws/record-repository.js';
import { nextStage, releaseResult, stageDecision } from '../../core/release/release-plan.js';
import { type StageDecision, StageInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { readStageResults } from '../shared/stage-results.js';

type Deps = { readonly records: Pick<RecordRepository, 'release' | 'deploymentNamed' | 'update'> };

/** Task state `EvaluateStage`: reads the results of the stage's deployments, and names the next stage or the release's result. */
export const evaluateStage =
  ({ records }: Deps) =>
  async ({ record: name, stage }: StageInput): Promise<StageDecision> => {
    const release = await records.release(name);
    const stages = release.stages ?? [];
    const reached = stages.slice(0, stages.findIndex((one) => one.name === stage) + 1);
    const results = await Promise.all(reached.map((one) => readStageResults(records, release, one.name)));

    const next = nextStage(release, stage, results.at(-1) ?? []);
    if (next === undefined)
      return { action: 'finish', record: name, stage, services: [], parallel: 1, result: releaseResult(results.flat()) };
    await records.update(name, { stage: next });
    return stageDecision(name, release, next);
  };

export const { step, handler } = defineStep({
  name: 'EvaluateStage',
  input: StageInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'the results of the deployments; the next stage',
    },
  ]),
  onFailure: atPackaging('UNKNOWN; the services are as their deployments left them'),
  onRepeat: atPackaging('reads the same records and gives the same answer'),
  run: (environment) => evaluateStage({ records: new RecordRepository(tableIn(environment)) }),
});
