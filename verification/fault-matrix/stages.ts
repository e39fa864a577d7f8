import { hookedRepositories } from '../../test/support/hooked.js';
import { staged, staging, web, worker } from '../../test/support/staged.js';
import { before, hookedService, once, repositoryOf } from '../hooks.js';

const production = { name: 'production', services: [web] };
const both = { name: 'production', services: [web, worker] };

/** The stacks of these scenarios: what is packaged, with other stages. */
export const stacks = {
  approval: async () => staged({ ...production, approval: { timeout: '3h', remindAfter: '1h' } }),
  afterStaging: async () =>
    staged({ name: 'staging', services: [staging] }, { ...production, approval: { timeout: '3h', remindAfter: '1h' } }),
  window: async () => staged({ ...production, window: { days: ['mon', 'tue'], from: '10:00', to: '20:00', timezone: 'UTC' } }),
  rollBackAll: async () => staged({ ...both, onFailure: 'rollBackAll' }),
  stop: async () => staged(both),
  promotion: async () => staged({ name: 'staging', services: [staging] }, { ...production, tags: ['main-2-production', 'main-later'] }),
  hooks: hookedService,
  scan: once(() => hookedRepositories(repositoryOf({ scan: { block: 'HIGH' } }, production))),
  migratedStage: once(() => hookedRepositories(repositoryOf({}, { ...production, before }))),
  latest: async () => staged({ ...production, services: [{ service: web, base: 'latest' }] }),
} as const;
