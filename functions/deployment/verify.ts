import { VerifyInput } from '../../core/step/contracts.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { atPackaging } from '../runtime/permissions.js';

export const { step, handler } = defineWaitingStep({
  name: 'Verify',
  input: VerifyInput,
  permissions: atPackaging([]),
  onFailure: atPackaging('after ten failures in a row RollBack is tried'),
  onRepeat: atPackaging('one more read'),
  run: () => () => Promise.reject(new Error('not built yet')),
});
