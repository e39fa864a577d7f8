import * as v from 'valibot';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { plan, planPermissions, planWith } from '../shared/plan.js';

export const { step, handler } = defineStep({
  name: 'Query',
  input: v.looseObject({ query: v.literal('plan') }),
  permissions: atPackaging([...(planPermissions ?? [])]),
  run: (environment) => {
    const planned = plan(planWith(environment));
    return ({ query: _, ...input }) => planned(input);
  },
});
