import { Ledger } from '../aws/ledger.js';
import { ResultInput } from '../core/contracts.js';
import { finalResult } from '../core/result/final-result.js';
import type { Result } from '../core/result/result.js';
import { gone } from './parts/gone.js';
import { expiryOf } from './parts/settle.js';
import { tableIn } from './runtime/table.js';
import { lambdaHandler, task } from './runtime/task.js';

type Deps = { readonly ledger: Pick<Ledger, 'release' | 'close' | 'giveBack'> };

/** Task state `CloseRelease`: closes the record and gives the claim on the digest back. */
export const closeRelease =
  ({ ledger }: Deps) =>
  async ({ record: name, result: found, caught, now }: ResultInput): Promise<{ result: Result }> => {
    if (name === '') return { result: finalResult(found, caught, undefined) };

    const release = await ledger.release(name).catch(gone);
    // The machine knows the name before the record is opened.
    if (!release) return { result: finalResult(found, caught, undefined) };
    const result = release.result ?? finalResult(found, caught, { touched: release.stage });
    await ledger.close(name, { result, endedAt: now }, expiryOf(now));
    if (release.image) await ledger.giveBack(release.repository, release.image.digest, release.execution);
    return { result };
  };

export const step = task('CloseRelease', ResultInput, (environment) => closeRelease({ ledger: new Ledger(tableIn(environment)) }));
export const handler = lambdaHandler(step);
