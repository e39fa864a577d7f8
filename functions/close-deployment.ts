import { Ledger } from '../aws/ledger.js';
import { endingOf, historySeconds } from '../core/closing.js';
import { DeploymentEndingInput } from '../core/contracts.js';
import type { Ending } from '../core/outcome.js';
import { variable } from './environment.js';
import { lambdaHandler, task } from './task.js';

type Deps = { readonly ledger: Pick<Ledger, 'deployment' | 'close' | 'keepLastGood'> };

/** Task state `CloseDeployment`: closes the record and keeps what worked as last good. */
export const closeDeployment =
  ({ ledger }: Deps) =>
  async ({ record: recordName, ending: found, trouble, now }: DeploymentEndingInput): Promise<{ ending: Ending }> => {
    // Refused before a record was opened: the execution itself is all there is to close.
    if (recordName === '') return { ending: endingOf(found, trouble, undefined) };

    const record = await ledger.deployment(recordName);
    if (record.outcome !== undefined)
      return { ending: { outcome: record.outcome, cause: record.cause ?? '', sentence: record.sentence ?? '' } };
    const ending = endingOf(found, trouble, record);
    const { service, revision, image } = record;
    if (ending.outcome === 'SUCCEEDED' && revision !== undefined && image)
      await ledger.keepLastGood(service, { revision, digest: image.digest, at: now, ...(image.tag !== undefined && { tag: image.tag }) });
    await ledger.close(recordName, { ...ending, endedAt: now }, Math.floor(Date.parse(now) / 1000) + historySeconds);
    return { ending };
  };

export const step = task('CloseDeployment', DeploymentEndingInput, (environment) =>
  closeDeployment({ ledger: new Ledger(environment.clients, variable(environment, 'TABLE_NAME')) }),
);
export const handler = lambdaHandler(step);
