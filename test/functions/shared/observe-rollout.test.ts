import type { Rollout } from '../../../core/rollout/observation.js';
import { observeRollout } from '../../../functions/shared/observe-rollout.js';
import { deploymentRecord, later, revisionArn, startedAt } from '../../core/given.js';
import { ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';

const eyes = (described: Rollout | undefined, found: Rollout | undefined, taskDefinition = ours, status = 'ACTIVE') => {
  const asked: unknown[] = [];
  return {
    asked,
    services: {
      describe: async () => ({
        status,
        taskDefinition,
        desiredCount: 3,
        controller: 'ECS',
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deployments: [],
        events: [],
      }),
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
      newestRevision: async (...question: unknown[]) => {
        asked.push(['newestRevision', ...question]);
        return 'newest';
      },
    },
  };
};
const record = deploymentRecord({ previousRevision, revision: ours, containers: ['app'], updateRequestedAt: later });

test('a rollout that is not known yet is found by our revision, among those since the start', async () => {
  const given = eyes(undefined, rollout());

  expect(await observeRollout(given, record, later)).toMatchObject({ rollout: { arn: rollout().arn } });
  expect(given.asked).toEqual([['find', 'production/web', ours, startedAt, ['app']]]);
});

test('one that is known is described', async () => {
  const given = eyes(rollout(), undefined);

  expect(await observeRollout(given, { ...record, serviceDeployment: 'one' }, later)).toMatchObject({ rollout: rollout() });
  expect(given.asked).toEqual([['describe', 'one', ours, ['app']]]);
});

test('one that ECS stopped, while the service is on our revision, may have a successor that a repeated update started', async () => {
  const stopped = rollout({ status: 'STOPPED' });
  const second = rollout({ arn: 'two' });

  expect((await observeRollout(eyes(stopped, second), { ...record, serviceDeployment: 'one' }, later)).rollout).toEqual(second);
  expect((await observeRollout(eyes(stopped, undefined), { ...record, serviceDeployment: 'one' }, later)).rollout).toEqual(stopped);
  expect((await observeRollout(eyes(stopped, second, revisionArn(9)), { ...record, serviceDeployment: 'one' }, later)).rollout).toEqual(
    stopped,
  );
});

test('on the way back by an update the rollout of the revision before is looked at, since the way back began', async () => {
  const given = eyes(undefined, rollout({ target: previousRevision }));
  const rollback = { since: later, method: 'update', reason: 'CRASHED', message: 'x' } as const;

  await observeRollout(given, { ...record, serviceDeployment: 'one', rollback }, later);

  expect(given.asked).toEqual([['find', 'production/web', previousRevision, later, ['app']]]);
});

test('on the way back by a stop it is still our own', async () => {
  const given = eyes(rollout(), undefined);
  const rollback = { since: later, method: 'stop', reason: 'CRASHED', message: 'x' } as const;

  await observeRollout(given, { ...record, serviceDeployment: 'one', rollback }, later);

  expect(given.asked).toEqual([['describe', 'one', ours, ['app']]]);
});

test.each(['STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'])('of one that is %s it is asked what came after it', async (status) => {
  const given = eyes(rollout({ status, finishedAt: later }), undefined, revisionArn(9));

  expect(await observeRollout(given, { ...record, serviceDeployment: 'one' }, later)).toMatchObject({
    newestRevision: 'newest',
    mayBeStale: true,
  });
  expect(given.asked).toContainEqual(['newestRevision', 'production/web', startedAt]);
});

test('one that ended half a minute ago is not fresh any more', async () => {
  const ended = rollout({ status: 'STOPPED', finishedAt: '2026-11-23T12:04:30.000Z' });

  expect(await observeRollout(eyes(ended, undefined), { ...record, serviceDeployment: 'one' }, later)).toMatchObject({ mayBeStale: false });
});

describe('of a service that was deleted', () => {
  test.each(['DRAINING', 'INACTIVE'])('(%s) nothing more is asked', async (status) => {
    const given = eyes(rollout(), rollout(), ours, status);

    expect(await observeRollout(given, record, later)).toMatchObject({ service: { status }, rollout: undefined });
    expect(given.asked).toEqual([]);
  });

  test('that is forgotten by now, there is nothing to be seen', async () => {
    const ignoreMissingRecord = { ...eyes(undefined, undefined), services: { describe: async () => undefined } };

    expect(await observeRollout(ignoreMissingRecord, record, later)).toMatchObject({ service: undefined, rollout: undefined });
  });
});
