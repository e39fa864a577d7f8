import { RecordRepository } from '../../aws/record-repository.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { finalResult } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { DeploymentResultInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { finalizeDeployment } from '../shared/finalize-deployment.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'deployment' | 'close' | 'claimed'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'releaseLease' | 'dequeue'>;
};

/** Task state `CloseDeployment`: closes the record, then gives the lease back with what was learned. */
export const closeDeployment =
  (deps: Deps) =>
  async ({ record: name, result: found, caught, now }: DeploymentResultInput): Promise<{ result: Result }> => {
    // Refused, or nothing to deploy: the execution itself is all there is to close.
    if (name === '') return { result: finalResult(found, caught, undefined) };

    const record = await deps.records.deployment(name).catch(ignoreMissingRecord);
    // The machine knows the name before the record is opened.
    if (!record) return { result: finalResult(found, caught, undefined) };
    // Closed before: an earlier run may have died before the lease was given back.
    const result = record.result ?? finalResult(found, caught, record);
    await finalizeDeployment(deps, { name, record, result, now });
    return { result };
  };

export const { step, handler } = defineStep({
  name: 'CloseDeployment',
  input: DeploymentResultInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      on: 'table',
      for: 'closing the record, releasing the lease, saving last good and quarantine',
    },
  ]),
  onFailure: atPackaging('the result is reported all the same; the record stays open, and the sweep closes it and releases the lease'),
  onRepeat: atPackaging('answers the result that the record was closed with; releases the lease if it was not'),
  run: (environment) => {
    const table = tableIn(environment);
    return closeDeployment({ records: new RecordRepository(table), states: new ServiceStateRepository(table) });
  },
});
