export { other, ours, previous as previousRevision, rollout } from './rollout/observations.js';
