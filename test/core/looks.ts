export { other, ours, previous as base, rollout } from './rollout/observations.js';
