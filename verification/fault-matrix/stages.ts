import { hookedRepositories } from '../../test/support/hooked.js';
import { staged, staging, web, worker } from '../../test/support/staged.js';

const production = { name: 'production', services: [web] };
const both = { name: 'production', services: [web, worker] };

/** The user's function that verifies; its faults are injected by this name. */
export const verifier = 'my-verifier';

const before = { command: ['npm', 'run', 'migrate'], timeout: '5m' };

/** What a service is verified by. */
export const hookedStage = { bakeMinutes: 5 };
const verify = {
  url: 'https://example.com/health',
  alarms: ['web-5xx'],
  bake: `${hookedStage.bakeMinutes}m`,
  function: verifier,
  yields: true,
};

const repositoryOf = (more: object, ...stages: readonly object[]) => ({ 'my-learn-app': { tags: ['main-*'], ...more, stages } });

/** The stacks of these scenarios: what is packaged, with other stages. */
export const stacks = {
  approval: async () => staged({ ...production, approval: { timeout: '3h', remindAfter: '1h' } }),
  afterStaging: async () =>
    staged({ name: 'staging', services: [staging] }, { ...production, approval: { timeout: '3h', remindAfter: '1h' } }),
  window: async () => staged({ ...production, window: { days: ['mon', 'tue'], from: '10:00', to: '20:00', timezone: 'UTC' } }),
  rollBackAll: async () => staged({ ...both, onFailure: 'rollBackAll' }),
  stop: async () => staged(both),
  promotion: async () => staged({ name: 'staging', services: [staging] }, { ...production, tags: ['main-2-production', 'main-later'] }),
  hooks: async () => hookedRepositories(repositoryOf({}, { ...production, services: [{ service: web, before, verify }] })),
  scan: async () => hookedRepositories(repositoryOf({ scan: { block: 'HIGH' } }, production)),
  migratedStage: async () => hookedRepositories(repositoryOf({}, { ...production, before })),
  latest: async () => staged({ ...production, services: [{ service: web, base: 'latest' }] }),
} as const;
