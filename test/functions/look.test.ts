import type { Rollout } from '../../core/verdict.js';
import { look } from '../../functions/look.js';
import { deploymentRecord, later, revisionArn, startedAt } from '../core/given.js';
import { base, ours, rollout } from '../core/looks.js';

const eyes = (described: Rollout | undefined, found: Rollout | undefined, taskDefinition = ours) => {
  const asked: unknown[] = [];
  return {
    asked,
    services: {
      describe: async () => ({
        status: 'ACTIVE',
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
    },
  };
};
const record = deploymentRecord({ base, revision: ours, containers: ['app'], touched: later });

test('a rollout that is not known yet is found by our revision, among those since the start', async () => {
  const given = eyes(undefined, rollout());

  expect(await look(given, record)).toMatchObject({ rollout: { arn: rollout().arn } });
  expect(given.asked).toEqual([['find', 'production/web', ours, startedAt, ['app']]]);
});

test('one that is known is described', async () => {
  const given = eyes(rollout(), undefined);

  expect(await look(given, { ...record, serviceDeployment: 'one' })).toMatchObject({ rollout: rollout() });
  expect(given.asked).toEqual([['describe', 'one', ours, ['app']]]);
});

test('one that ECS stopped, while the service is on our revision, may have a successor that a repeated update started', async () => {
  const stopped = rollout({ status: 'STOPPED' });
  const second = rollout({ arn: 'two' });

  expect((await look(eyes(stopped, second), { ...record, serviceDeployment: 'one' })).rollout).toEqual(second);
  expect((await look(eyes(stopped, undefined), { ...record, serviceDeployment: 'one' })).rollout).toEqual(stopped);
  expect((await look(eyes(stopped, second, revisionArn(9)), { ...record, serviceDeployment: 'one' })).rollout).toEqual(stopped);
});

test('on the way back by an update the rollout of the revision before is looked at, since the way back began', async () => {
  const given = eyes(undefined, rollout({ target: base }));
  const back = { since: later, by: 'update', cause: 'CRASHED', sentence: 'x' } as const;

  await look(given, { ...record, serviceDeployment: 'one', back });

  expect(given.asked).toEqual([['find', 'production/web', base, later, ['app']]]);
});

test('on the way back by a stop it is still our own', async () => {
  const given = eyes(rollout(), undefined);
  const back = { since: later, by: 'stop', cause: 'CRASHED', sentence: 'x' } as const;

  await look(given, { ...record, serviceDeployment: 'one', back });

  expect(given.asked).toEqual([['describe', 'one', ours, ['app']]]);
});
