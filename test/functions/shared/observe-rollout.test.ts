import { registered } from '../../../core/records/records.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import { observeRollout } from '../../../functions/shared/observe-rollout.js';
import { deploymentRecord, later, revisionArn, startedAt } from '../../core/given.js';
import { ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { serviceOn } from '../given-service.js';

const given = (described: Rollout | undefined, found: Rollout | undefined, taskDefinition = ours, status = 'ACTIVE') => {
  const asked: unknown[] = [];
  return {
    asked,
    services: {
      describe: async () => serviceOn(taskDefinition, { status }),
    },
    rollouts: {
      describe: async (...question: unknown[]) => {
        asked.push(['describe', ...question]);
        return described;
      },
      find: async (...question: unknown[]) => {
        asked.push(['find', ...question]);
        return found;
      },
      newestServiceRevision: async (...question: unknown[]) => {
        asked.push(['newestServiceRevision', ...question]);
        return 'newest';
      },
    },
  };
};
const record = registered(deploymentRecord({ previousRevision, revision: ours, containers: ['app'], updateRequestedAt: later }));

test('finds an unknown rollout by its revision, among those since the start', async () => {
  const deps = given(undefined, rollout());

  expect(await observeRollout(deps, record, later)).toMatchObject({ rollout: { arn: rollout().arn } });
  expect(deps.asked).toEqual([['find', 'production/web', ours, { since: startedAt, now: later }, ['app']]]);
});

test('describes a known rollout', async () => {
  const deps = given(rollout(), undefined);

  expect(await observeRollout(deps, { ...record, serviceDeployment: 'one' }, later)).toMatchObject({ rollout: rollout() });
  expect(deps.asked).toEqual([['describe', 'one', ours, ['app']]]);
});

test('finds the rollout of a repeated update if ECS stopped the known one and the service runs the revision', async () => {
  const stopped = rollout({ status: 'STOPPED' });
  const second = rollout({ arn: 'two' });

  expect((await observeRollout(given(stopped, second), { ...record, serviceDeployment: 'one' }, later)).rollout).toEqual(second);
  expect((await observeRollout(given(stopped, undefined), { ...record, serviceDeployment: 'one' }, later)).rollout).toEqual(stopped);
  expect((await observeRollout(given(stopped, second, revisionArn(9)), { ...record, serviceDeployment: 'one' }, later)).rollout).toEqual(
    stopped,
  );
});

test('during a rollback by an update reads the rollout of the previous revision, since the rollback began', async () => {
  const deps = given(undefined, rollout({ target: previousRevision }));
  const rollback = { since: later, sentAt: later, method: 'update', reason: 'CRASHED', message: 'x' } as const;

  await observeRollout(deps, { ...record, serviceDeployment: 'one', rollback }, later);

  expect(deps.asked).toEqual([['find', 'production/web', previousRevision, { since: later, now: later }, ['app']]]);
});

test('during a rollback by a stop reads the rollout of the deployment', async () => {
  const deps = given(rollout(), undefined);
  const rollback = { since: later, sentAt: later, method: 'stop', reason: 'CRASHED', message: 'x' } as const;

  await observeRollout(deps, { ...record, serviceDeployment: 'one', rollback }, later);

  expect(deps.asked).toEqual([['describe', 'one', ours, ['app']]]);
});

test.each(['STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'])('reads what replaced a rollout that is %s', async (status) => {
  const deps = given(rollout({ status, finishedAt: later }), undefined, revisionArn(9));

  expect(await observeRollout(deps, { ...record, serviceDeployment: 'one' }, later)).toMatchObject({
    newestServiceRevision: 'newest',
    mayBeStale: true,
  });
  expect(deps.asked).toContainEqual(['newestServiceRevision', 'production/web', { since: startedAt, now: later }]);
});

test('a rollout that ended half a minute ago is not stale any more', async () => {
  const ended = rollout({ status: 'STOPPED', finishedAt: '2026-11-23T12:04:30.000Z' });

  expect(await observeRollout(given(ended, undefined), { ...record, serviceDeployment: 'one' }, later)).toMatchObject({
    mayBeStale: false,
  });
});

describe('a service that was deleted', () => {
  test.each(['DRAINING', 'INACTIVE'])('(%s) leads to no more reads', async (status) => {
    const deps = given(rollout(), rollout(), ours, status);

    expect(await observeRollout(deps, record, later)).toMatchObject({ service: { status }, rollout: undefined });
    expect(deps.asked).toEqual([]);
  });

  test('and that ECS does not know any more is observed as absent', async () => {
    const deps = { ...given(undefined, undefined), services: { describe: async () => undefined } };

    expect(await observeRollout(deps, record, later)).toMatchObject({ service: undefined, rollout: undefined });
  });
});
