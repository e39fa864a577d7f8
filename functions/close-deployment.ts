import { Ledger } from '../aws/ledger.js';
import { endingOf, historySeconds } from '../core/closing.js';
import { DeploymentEndingInput } from '../core/contracts.js';
import { learnedFrom } from '../core/learned.js';
import type { Ending } from '../core/outcome.js';
import { variable } from './environment.js';
import { lambdaHandler, task } from './task.js';

type Deps = { readonly ledger: Pick<Ledger, 'deployment' | 'serviceState' | 'close' | 'settle' | 'leavePlace'> };

/** Task state `CloseDeployment`: closes the record, then gives the lease back with what was learned. */
export const closeDeployment =
  ({ ledger }: Deps) =>
  async ({ record: recordName, ending: found, trouble, now }: DeploymentEndingInput): Promise<{ ending: Ending }> => {
    // Refused before a record was opened: the execution itself is all there is to close.
    if (recordName === '') return { ending: endingOf(found, trouble, undefined) };

    const record = await ledger.deployment(recordName);
    const { service, execution, outcome, cause = '', sentence = '' } = record;
    // Closed before: an earlier run may have died between the two writes, so the second is made again.
    const ending = outcome === undefined ? endingOf(found, trouble, record) : { outcome, cause, sentence };
    await ledger.close(recordName, { ...ending, endedAt: now }, Math.floor(Date.parse(now) / 1000) + historySeconds);
    const state = await ledger.serviceState(service);
    if (state.lease?.execution === execution) await ledger.settle(service, execution, learnedFrom(record, ending, state, now));
    if (state.next?.execution === execution) await ledger.leavePlace(service, execution);
    return { ending };
  };

export const step = task('CloseDeployment', DeploymentEndingInput, (environment) =>
  closeDeployment({ ledger: new Ledger(environment.clients, variable(environment, 'TABLE_NAME')) }),
);
export const handler = lambdaHandler(step);
