import { isSafetyLook } from '../../../core/rollout/safety-net.js';

const now = '2026-11-23T12:00:00.000Z';
const look = { because: 'timedOut', seconds: 300, deadline: '', now };

test('a look after a whole safety net, which no event brought about, is a safety look', () => {
  expect(isSafetyLook(look)).toBe(true);
  expect(isSafetyLook({ ...look, deadline: '2026-11-23T12:00:00.001Z' })).toBe(true);
});

test.each([
  ['the first one', { because: 'entered' }],
  ['one after an event', { because: 'woken' }],
  ['the second one after an event, once reads show it', { seconds: 120 }],
  ['the second one after an uncertain call', { seconds: 62 }],
  ['one at the deadline', { deadline: now }],
  ['one after the deadline', { deadline: '2026-11-23T11:59:59.900Z' }],
])('%s is none', (_, changes) => {
  expect(isSafetyLook({ ...look, ...changes })).toBe(false);
});
