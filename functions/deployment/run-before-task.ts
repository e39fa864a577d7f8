import { WaitingStepInput } from '../../core/step/contracts.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { atPackaging } from '../runtime/permissions.js';

export const { step, handler } = defineWaitingStep({
  name: 'RunBeforeTask',
  input: WaitingStepInput,
  permissions: atPackaging([]),
  onFailure: atPackaging('FAILED, nothing changed'),
  onRepeat: atPackaging('repeats the call with the same client token'),
  run: () => () => Promise.reject(new Error('not built yet')),
});
