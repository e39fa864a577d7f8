import { decideRollout } from '../../core/rollout/rollout-decision.js';
import { aLook, base, other, ours, rollout, serviceOn } from './looks.js';

const message = 'it replaced web:9, which somebody else had just deployed: deploy that again';

test('a success that undid what somebody had just deployed says so', () => {
  const look = aLook({ rollout: rollout({ status: 'SUCCESSFUL', replaced: [base, other, ours] }) });

  expect(decideRollout(look)).toMatchObject({ result: { outcome: 'SUCCEEDED DEPLOYED', message: `3 of 3 tasks run it; ${message}` } });
});

test('so does one of which nothing runs', () => {
  const look = aLook({ rollout: rollout({ status: 'SUCCESSFUL', replaced: [other] }), service: serviceOn(ours, 0) });

  expect(decideRollout(look)).toMatchObject({ result: { message: `nothing is running: desired count is 0; ${message}` } });
});

test('so does a failure that ECS has taken back to what ran before it', () => {
  const look = aLook({
    rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', statusReason: 'broken', replaced: [base, other] }),
    service: serviceOn(base),
  });

  expect(decideRollout(look)).toMatchObject({
    result: { outcome: 'ROLLED_BACK', message: `broken; the service is back on web:7; ${message}` },
  });
});

test.each([[[base]], [[base, ours]], [[]], [undefined]])('what replaced %j undid nothing', (replaced) => {
  const look = aLook({ rollout: rollout({ status: 'SUCCESSFUL', ...(replaced && { replaced }) }) });

  expect(decideRollout(look)).toMatchObject({ result: { message: '3 of 3 tasks run it' } });
});
