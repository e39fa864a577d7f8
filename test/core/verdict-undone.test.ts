import { verdictForward } from '../../core/verdict.js';
import { aLook, base, other, ours, rollout, serviceOn } from './looks.js';

const sentence = 'it replaced web:9, which somebody else had just deployed: deploy that again';

test('a success that undid what somebody had just deployed says so', () => {
  const look = aLook({ rollout: rollout({ status: 'SUCCESSFUL', replaced: [base, other, ours] }) });

  expect(verdictForward(look)).toMatchObject({ ending: { outcome: 'SUCCEEDED', sentence: `3 of 3 tasks run it; ${sentence}` } });
});

test('so does one of which nothing runs', () => {
  const look = aLook({ rollout: rollout({ status: 'SUCCESSFUL', replaced: [other] }), service: serviceOn(ours, 0) });

  expect(verdictForward(look)).toMatchObject({ ending: { sentence: `nothing is running: desired count is 0; ${sentence}` } });
});

test('so does a failure that ECS has taken back to what ran before it', () => {
  const look = aLook({
    rollout: rollout({ status: 'ROLLBACK_SUCCESSFUL', statusReason: 'broken', replaced: [base, other] }),
    service: serviceOn(base),
  });

  expect(verdictForward(look)).toMatchObject({
    ending: { outcome: 'ROLLED_BACK', sentence: `broken; the service is back on web:7; ${sentence}` },
  });
});

test.each([[[base]], [[base, ours]], [[]], [undefined]])('what replaced %j undid nothing', (replaced) => {
  const look = aLook({ rollout: rollout({ status: 'SUCCESSFUL', ...(replaced && { replaced }) }) });

  expect(verdictForward(look)).toMatchObject({ ending: { sentence: '3 of 3 tasks run it' } });
});
