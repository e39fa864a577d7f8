import type { PushedImage } from '../../../core/housekeeping/reconcile.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { reconcile } from '../../../functions/events/reconcile.js';
import { configuration, deploymentRecord, digest, releaseRecord } from '../../core/given.js';
import { literalLedger, sdkError } from '../given.js';

const time = '2026-11-23T13:00:00Z';
const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-release';
const pushed: PushedImage = { digest, tags: ['main-7'], pushedAt: '2026-11-23T12:00:00.000Z' };

type Given = {
  readonly firstSeenAt?: string;
  readonly images?: readonly PushedImage[];
  readonly releases?: readonly ReleaseRecord[];
  readonly deployments?: { [name: string]: DeploymentRecord };
  readonly states?: { [service: string]: ServiceState };
  readonly isOver?: boolean;
  readonly repositories?: typeof configuration.repositories;
};

const given = ({
  firstSeenAt = '2026-11-01T00:00:00.000Z',
  images = [pushed],
  releases = [],
  deployments = {},
  states = {},
  isOver = false,
  repositories = configuration.repositories,
}: Given = {}) => {
  const started: unknown[] = [];
  const records = literalLedger(deployments, states);
  const run = reconcile({
    configuration: { ...configuration, repositories },
    machine,
    executions: {
      start: async (_, name, input) => {
        started.push(input);
        return { execution: name, isOver };
      },
    },
    images: {
      tagged: async (repository) => {
        if (repository === 'broken') throw sdkError('AccessDeniedException', 'no');
        return [...images];
      },
    },
    history: { firstSeenAt: async () => firstSeenAt, releasesOf: async () => [...releases] },
    records,
    states: records.serviceStates,
  });
  return { started, run };
};

test('the newest image that was never released is, as of its push', async () => {
  const { started, run } = given();

  expect(await run({ time })).toEqual({ found: [{ repository: 'my-learn-app', did: 'started', why: 'main-7' }] });
  expect(started).toEqual([{ repository: 'my-learn-app', tag: 'main-7', reconcile: true, pushedAt: pushed.pushedAt }]);
});

test.each([
  ['there is none', { images: [] }, 'no image has a tag that the policy allows'],
  ['it was pushed before the repository was known', { firstSeenAt: '2026-11-23T12:30:00.000Z' }, 'before the repository was known here'],
  [
    'it was released before',
    { releases: [releaseRecord({ result: resultOf('ROLLED_BACK', 'CRASHED', 'x') })] },
    'main-7 was released before',
  ],
  ['it is being released', { releases: [releaseRecord()] }, 'main-7 was released before'],
  ['a release of this name has ended', { isOver: true }, 'main-7 was started before'],
] as const)('where %s, nothing is started', async (_, changes, why) => {
  const { started, run } = given(changes);

  expect(await run({ time })).toEqual({ found: [{ repository: 'my-learn-app', did: 'nothing', why: expect.stringContaining(why) }] });
  expect(started).toHaveLength('isOver' in changes ? 1 : 0);
});

describe('what a hold had stopped', () => {
  const held = releaseRecord({ result: resultOf('SKIPPED', 'ON_HOLD', 'x') });
  const hold = { at: '2026-11-23T12:00:00.000Z' };
  const deployments = {
    'service#production/web deployment#1#production-web-1': deploymentRecord({ result: resultOf('SKIPPED', 'ON_HOLD', 'x') }),
    'service#production/worker deployment#1#production-worker-1': deploymentRecord({ result: resultOf('SUCCEEDED', 'DEPLOYED', 'x') }),
  };

  test.each([
    ['its service is free', {}, 1],
    ['its service is held', { 'production/web': { hold } }, 0],
    ['every service is held', { '*': { hold } }, 0],
    ['a service is held that did not stop it', { 'production/worker': { hold } }, 1],
  ])('where %s: %#', async (_, states, count) => {
    const { started, run } = given({ releases: [held], deployments, states });

    await run({ time });

    expect(started).toHaveLength(count);
  });
});

test('a repository that cannot be read keeps no other from it, and is named at the end', async () => {
  const repository = configuration.repositories['my-learn-app']!;
  const { started, run } = given({ repositories: { broken: { ...repository, name: 'broken' }, 'my-learn-app': repository } });

  await expect(run({ time })).rejects.toThrow(/^1 of 2 repositories could not be reconciled: .*AccessDeniedException: no/);
  expect(started).toHaveLength(1);
});
