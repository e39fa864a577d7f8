import { Ledger } from '../aws/ledger.js';
import { ServiceStates } from '../aws/service-states.js';
import { DeploymentResultInput } from '../core/contracts.js';
import { finalResult } from '../core/result/final-result.js';
import type { Result } from '../core/result/result.js';
import { gone } from './parts/gone.js';
import { settleDeployment } from './parts/settle.js';
import { tableIn } from './runtime/table.js';
import { lambdaHandler, task } from './runtime/task.js';

type Deps = {
  readonly ledger: Pick<Ledger, 'deployment' | 'close' | 'claimed'>;
  readonly states: Pick<ServiceStates, 'of' | 'settle' | 'leavePlace'>;
};

/** Task state `CloseDeployment`: closes the record, then gives the lease back with what was learned. */
export const closeDeployment =
  (deps: Deps) =>
  async ({ record: name, result: found, caught, now }: DeploymentResultInput): Promise<{ result: Result }> => {
    // Refused, or nothing to deploy: the execution itself is all there is to close.
    if (name === '') return { result: finalResult(found, caught, undefined) };

    const record = await deps.ledger.deployment(name).catch(gone);
    // The machine knows the name before the record is opened.
    if (!record) return { result: finalResult(found, caught, undefined) };
    // Closed before: an earlier run may have died before the lease was given back.
    const result = record.result ?? finalResult(found, caught, record);
    await settleDeployment(deps, { name, record, result, now });
    return { result };
  };

export const step = task('CloseDeployment', DeploymentResultInput, (environment) => {
  const table = tableIn(environment);
  return closeDeployment({ ledger: new Ledger(table), states: new ServiceStates(table) });
});
export const handler = lambdaHandler(step);
