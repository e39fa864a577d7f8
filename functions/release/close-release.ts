import { RecordRepository } from '../../aws/record-repository.js';
import { finalResult } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { ResultInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { expiryOf } from '../shared/expiry.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';

type Deps = { readonly records: Pick<RecordRepository, 'release' | 'close' | 'releaseClaim'> };

/** Task state `CloseRelease`: closes the record and gives the claim on the digest back. */
export const closeRelease =
  ({ records }: Deps) =>
  async ({ record: name, result: found, caught, now }: ResultInput): Promise<{ result: Result }> => {
    if (name === '') return { result: finalResult(found, caught, undefined) };

    const release = await records.release(name).catch(ignoreMissingRecord);
    // The machine knows the name before the record is opened.
    if (!release) return { result: finalResult(found, caught, undefined) };
    const result = release.result ?? finalResult(found, caught, { updateRequestedAt: release.stage });
    await records.close(name, { result, endedAt: now }, expiryOf(now));
    if (release.image) await records.releaseClaim(release.repository, release.image.digest, release.execution);
    return { result };
  };

export const { step, handler } = defineStep({
  name: 'CloseRelease',
  input: ResultInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      on: 'table',
      for: 'closing the record, releasing the claim on the digest',
    },
  ]),
  onFailure: atPackaging('the result is reported all the same; the record stays open, and the sweep closes it and releases the claim'),
  onRepeat: atPackaging('a closed record stays as it is'),
  run: (environment) => closeRelease({ records: new RecordRepository(tableIn(environment)) }),
});
