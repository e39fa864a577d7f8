import { Gates } from '../../aws/gates.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { recordOfExecution } from '../../core/records/record-name.js';
import { finalResult } from '../../core/result/final-result.js';
import type { Result } from '../../core/result/result.js';
import { CloseReleaseInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { expiryOf } from '../shared/expiry.js';
import { ignoreMissingRecord } from '../shared/ignore-missing-record.js';
import { leaveGates } from '../shared/take-gate.js';

type Deps = {
  readonly records: Pick<RecordRepository, 'release' | 'close' | 'releaseClaim'>;
  readonly gates: Pick<Gates, 'leave'>;
};

/** Task state `CloseRelease`: closes the record, releases the claim on the digest and leaves the gate of its stage. */
export const closeRelease =
  ({ records, gates }: Deps) =>
  async (input: CloseReleaseInput): Promise<{ result: Result }> => {
    const { result: found, caught, now } = input;
    const name = recordOfExecution(input);
    const release = name === '' ? undefined : await records.release(name).catch(ignoreMissingRecord);
    if (!release) return { result: finalResult(found, caught, undefined) };
    const result = release.result ?? finalResult(found, caught, { updateRequestedAt: release.stage });
    await records.close(name, { result, endedAt: now }, expiryOf(now));
    if (release.image) await records.releaseClaim(release.repository, release.image.digest, release.execution);
    await leaveGates(gates, name, release);
    return { result };
  };

export const { step, handler } = defineStep({
  name: 'CloseRelease',
  input: CloseReleaseInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      on: 'table',
      for: 'closing the record, releasing the claim on the digest, leaving the gate',
    },
  ]),
  onFailure: atPackaging('the result is reported all the same; the record stays open, and the sweep closes it and releases the claim'),
  onRepeat: atPackaging('a closed record stays as it is'),
  run: (environment) => {
    const table = tableIn(environment);
    return closeRelease({ records: new RecordRepository(table), gates: new Gates(table) });
  },
});
