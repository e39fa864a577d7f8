import { Ledger } from '../../aws/ledger.js';
import { ServiceStates } from '../../aws/service-states.js';
import { endingIn, endingOf } from '../../core/closing.js';
import { DeploymentEndingInput } from '../../core/contracts.js';
import type { Ending } from '../../core/outcome.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { gone } from '../shared/gone.js';
import { settleDeployment } from '../shared/settle.js';

type Deps = {
  readonly ledger: Pick<Ledger, 'deployment' | 'close' | 'claimed'>;
  readonly states: Pick<ServiceStates, 'of' | 'settle' | 'leavePlace'>;
};

/** Task state `CloseDeployment`: closes the record, then gives the lease back with what was learned. */
export const closeDeployment =
  (deps: Deps) =>
  async ({ record: name, ending: found, trouble, now }: DeploymentEndingInput): Promise<{ ending: Ending }> => {
    // Refused, or nothing to deploy: the execution itself is all there is to close.
    if (name === '') return { ending: endingOf(found, trouble, undefined) };

    const record = await deps.ledger.deployment(name).catch(gone);
    // The machine knows the name before the record is opened.
    if (!record) return { ending: endingOf(found, trouble, undefined) };
    // Closed before: an earlier run may have died before the lease was given back.
    const ending = endingIn(record) ?? endingOf(found, trouble, record);
    await settleDeployment(deps, { name, record, ending, now });
    return { ending };
  };

export const { step, handler } = defineStep({
  name: 'CloseDeployment',
  input: DeploymentEndingInput,
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
    return closeDeployment({ ledger: new Ledger(table), states: new ServiceStates(table) });
  },
});
