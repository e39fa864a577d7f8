import { Ledger } from '../../aws/ledger.js';
import { type StageDecision, StageInput } from '../../core/contracts.js';
import { nextStage, releaseResult, stageDecision } from '../../core/release-plan.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { verdictsOf } from '../shared/verdicts.js';

type Deps = { readonly ledger: Pick<Ledger, 'release' | 'deploymentNamed' | 'update'> };

/** Task state `JudgeStage`: reads how the stage's deployments ended, and names the next stage or the end. */
export const judgeStage =
  ({ ledger }: Deps) =>
  async ({ record: name, stage }: StageInput): Promise<StageDecision> => {
    const release = await ledger.release(name);
    const stages = release.stages ?? [];
    const reached = stages.slice(0, stages.findIndex((one) => one.name === stage) + 1);
    const verdicts = await Promise.all(reached.map((one) => verdictsOf(ledger, release, one.name)));

    const next = nextStage(release, stage, verdicts.at(-1) ?? []);
    if (next === undefined) return { action: 'finish', record: name, stage, services: [], result: releaseResult(verdicts.flat()) };
    await ledger.update(name, { stage: next });
    return stageDecision(name, release, next);
  };

export const { step, handler } = defineStep({
  name: 'JudgeStage',
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
  run: (environment) => judgeStage({ ledger: new Ledger(tableIn(environment)) }),
});
