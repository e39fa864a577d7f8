import { Ledger } from '../../aws/ledger.js';
import { endingIn, endingOf } from '../../core/closing.js';
import { EndingInput } from '../../core/contracts.js';
import type { Ending } from '../../core/outcome.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { expiryOf } from '../shared/expiry.js';
import { gone } from '../shared/gone.js';

type Deps = { readonly ledger: Pick<Ledger, 'release' | 'close' | 'giveBack'> };

/** Task state `CloseRelease`: closes the record and gives the claim on the digest back. */
export const closeRelease =
  ({ ledger }: Deps) =>
  async ({ record: name, ending: found, trouble, now }: EndingInput): Promise<{ ending: Ending }> => {
    if (name === '') return { ending: endingOf(found, trouble, undefined) };

    const release = await ledger.release(name).catch(gone);
    // The machine knows the name before the record is opened.
    if (!release) return { ending: endingOf(found, trouble, undefined) };
    const ending = endingIn(release) ?? endingOf(found, trouble, { touched: release.stage });
    await ledger.close(name, { ...ending, endedAt: now }, expiryOf(now));
    if (release.image) await ledger.giveBack(release.repository, release.image.digest, release.execution);
    return { ending };
  };

export const { step, handler } = defineStep({
  name: 'CloseRelease',
  input: EndingInput,
  permissions: atPackaging([
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      on: 'table',
      for: 'closing the record, releasing the claim on the digest',
    },
  ]),
  onFailure: atPackaging('the result is reported all the same; the record stays open, and the sweep closes it and releases the claim'),
  onRepeat: atPackaging('a closed record stays as it is'),
  run: (environment) => closeRelease({ ledger: new Ledger(tableIn(environment)) }),
});
