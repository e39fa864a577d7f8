import { bakeSecondsOf } from '../../../core/rollout/bake-time.js';

test.each([
  [undefined, 0],
  [{}, 0],
  [{ bakeTimeInMinutes: 45 }, 2700],
  [{ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 }, 600],
  [{ strategy: 'CANARY', bakeTimeInMinutes: 5, canaryConfiguration: { canaryBakeTimeInMinutes: 30 } }, 2100],
  [{ strategy: 'CANARY' }, 600],
  [{ strategy: 'LINEAR', linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 20 } }, 3600],
  [{ strategy: 'LINEAR', bakeTimeInMinutes: 1 }, 3300],
  [{ strategy: 'ROLLING', canaryConfiguration: { canaryBakeTimeInMinutes: 30 } }, 0],
])('a service with %j bakes for %i seconds', (configuration, seconds) => {
  expect(bakeSecondsOf(configuration)).toBe(seconds);
});
