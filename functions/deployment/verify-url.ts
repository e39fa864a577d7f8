import { VerifyUrlInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';

export const { step, handler } = defineStep({
  name: 'VerifyUrl',
  input: VerifyUrlInput,
  permissions: atPackaging([]),
  onFailure: atPackaging('rolled back: nothing was verified'),
  onRepeat: atPackaging('requests the URL again'),
  run: () => () => Promise.reject(new Error('not built yet')),
});
