import { decideRollout } from '../../../core/rollout/rollout-decision.js';
import { inShort, messageIn, observation, other, ours, previous, rollout, serviceOn } from './observations.js';

const overwritten = /replaced web:9, /;

test.each([
  ['a success', 'SUCCEEDED DEPLOYED', { rollout: rollout({ status: 'SUCCESSFUL', replaced: [previous, other, ours] }) }],
  [
    'a success with a desired count of 0',
    'SUCCEEDED NOTHING_RUNNING',
    { rollout: rollout({ status: 'SUCCESSFUL', replaced: [other] }), service: serviceOn(ours, 0) },
  ],
  [
    'a failure that ECS has rolled back past the overwritten revision',
    'ROLLED_BACK STOPPED_IN_ECS',
    {
      rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', statusReason: 'broken', replaced: [previous, other] }),
      service: serviceOn(previous),
    },
  ],
])('%s names the revision of another deployer that it overwrote', (_, short, changes) => {
  const decision = decideRollout(observation(changes));

  expect(inShort(decision)).toBe(short);
  expect(messageIn(decision)).toMatch(overwritten);
});

test.each([[[previous]], [[previous, ours]], [[]], [undefined]])('a rollout that replaced %j overwrote nothing', (replaced) => {
  const seen = observation({ rollout: rollout({ status: 'SUCCESSFUL', ...(replaced && { replaced }) }) });

  expect(messageIn(decideRollout(seen))).toBe('3 of 3 tasks run it');
});

test('a rollout overwrote nothing that the service ran when the update was sent, or that an earlier deployment of ours left it on', () => {
  const replaced = [previous, other];
  const seen = observation({ rollout: rollout({ status: 'SUCCESSFUL', replaced }), replacedRevisions: [previous, other] });

  expect(messageIn(decideRollout(seen))).toBe('3 of 3 tasks run it');
  expect(messageIn(decideRollout({ ...seen, replacedRevisions: [previous] }))).toMatch(overwritten);
});
