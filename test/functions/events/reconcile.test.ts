import type { Stage } from '../../../core/configuration/configuration.js';
import type { PushedImage } from '../../../core/housekeeping/reconcile.js';
import { releaseName } from '../../../core/records/record-name.js';
import type { ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { reconcile } from '../../../functions/events/reconcile.js';
import { configuration, digest, otherDigest, releaseRecord, stateOf } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';

const time = '2026-11-23T13:00:00Z';
const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-release';
const pushed: PushedImage = { digest, tags: ['main-7'], pushedAt: '2026-11-23T12:00:00.000Z' };

type Given = {
  readonly firstSeenAt?: string;
  readonly images?: readonly PushedImage[];
  /** Digests of what is no image by its manifest. */
  readonly artifacts?: readonly string[];
  readonly releases?: readonly ReleaseRecord[];
  readonly states?: { [service: string]: ServiceState };
  readonly isOver?: boolean;
  readonly repositories?: typeof configuration.repositories;
  /** The stages that Slipway saw first at `firstSeenAt`. */
  readonly known?: readonly string[];
};

const given = ({
  firstSeenAt = '2026-11-01T00:00:00.000Z',
  images = [pushed],
  artifacts = [],
  releases = [],
  states = {},
  isOver = false,
  repositories = configuration.repositories,
  known = ['staging', 'production'],
}: Given = {}) => {
  const started: unknown[] = [];
  const read: string[] = [];
  const named = releases.map((release) => [releaseName('my-learn-app', release.startedAt, release.execution), release] as const);
  const table = givenTable({ records: Object.fromEntries(named), states });
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
      artifactType: async (_, itsDigest) => {
        read.push(itsDigest);
        return artifacts.includes(itsDigest) ? 'application/vnd.dev.cosign.simplesigning.v1+json' : undefined;
      },
    },
    ...table,
  });
  return {
    table,
    started,
    read,
    run: async () => {
      await table.history.firstSeenAt('my-learn-app', known, firstSeenAt);
      return run({ time });
    },
  };
};

test('releases the newest image that was never released, with the time of its push', async () => {
  const { started, run } = given();

  expect(await run()).toEqual({ found: [{ repository: 'my-learn-app', did: 'started', why: 'main-7' }] });
  expect(started).toEqual([{ repository: 'my-learn-app', tag: 'main-7', reconcile: true, pushedAt: pushed.pushedAt }]);
});

test.each([
  ['there is no image', { images: [] }],
  ['the image was pushed before the repository was known', { firstSeenAt: '2026-11-23T12:30:00.000Z' }],
  ['the image was released before', { releases: [releaseRecord({ result: resultOf('ROLLED_BACK', 'CRASHED', 'x') })] }],
  ['the image is being released', { releases: [releaseRecord()] }],
  ['a release of this name has ended', { isOver: true }],
] as const)('nothing is started if %s', async (_, changes) => {
  const { started, run } = given(changes);

  expect(await run()).toMatchObject({ found: [{ repository: 'my-learn-app', did: 'nothing' }] });
  expect(started).toHaveLength('isOver' in changes ? 1 : 0);
});

test('the newest image is released though a signature was pushed after it', async () => {
  const signature = { digest: otherDigest, tags: ['v9.sig'], pushedAt: '2026-11-23T12:30:00.000Z' };
  const { started, run } = given({ images: [pushed, signature], artifacts: [otherDigest] });

  expect(await run()).toMatchObject({ found: [{ did: 'started', why: 'main-7' }] });
  expect(started).toMatchObject([{ tag: 'main-7' }]);
});

test('nothing is started if every allowed tag is of something else than an image', async () => {
  const { started, run } = given({ artifacts: [digest] });

  expect(await run()).toMatchObject({ found: [{ did: 'nothing' }] });
  expect(started).toEqual([]);
});

test.each([
  ['released before', { releases: [releaseRecord({ result: resultOf('SUCCEEDED', 'DEPLOYED', 'x') })] }],
  ['pushed before the repository was known', { firstSeenAt: '2026-11-23T12:30:00.000Z' }],
] as const)('no manifest is read of an image that was %s', async (_, changes) => {
  const { read, run } = given(changes);

  await run();

  expect(read).toEqual([]);
});

describe('an image that a hold kept from a service', () => {
  const hold = { by: 'ada', at: '2026-11-23T12:00:00.000Z' };
  const kept = { digest, tag: 'main-7', pushedAt: pushed.pushedAt, release: 'repository#my-learn-app release#1', hold };
  const held = releaseRecord({ result: resultOf('SKIPPED', 'ON_HOLD', 'x') });
  const withheld = stateOf({ withheld: kept });

  test.each<[string, { [service: string]: ServiceState }, number]>([
    ['is released if its service is not on hold any more', { 'production/web': withheld }, 1],
    ['is not released if its service is on hold', { 'production/web': { ...withheld, hold } }, 0],
    ['is not released if every service is on hold', { 'production/web': withheld, '*': { hold } }, 0],
    ['is released if another service is on hold', { 'production/web': withheld, 'production/worker': { hold } }, 1],
    ['is not released from another repository', { 'production/web': { sources: { 'my-proxy': { withheld: kept } } } }, 0],
  ])('%s', async (_, states, count) => {
    const { started, run } = given({ releases: [held], states });

    await run();

    expect(started).toHaveLength(count);
  });

  test('is released with the hold that kept it back', async () => {
    const { started, run } = given({ images: [], states: { 'production/web': withheld } });

    expect(await run()).toEqual({ found: [{ repository: 'my-learn-app', did: 'started', why: 'a1b2c3d4a1b2, which a hold kept back' }] });
    expect(started).toMatchObject([{ repository: 'my-learn-app', digest, hold, until: '2026-11-23T13:00:00.000Z' }]);
  });

  test('is looked for no more once its release has ended', async () => {
    const { started, run } = given({ images: [], states: { 'production/web': withheld }, isOver: true });

    expect(await run()).toMatchObject({ found: [{ did: 'nothing' }] });
    expect(started).toHaveLength(1);
  });
});

describe('each stage on its own', () => {
  const repository = configuration.repositories['my-learn-app']!;
  const [staging, production] = repository.stages as [Stage, Stage];
  const repositories = {
    'my-learn-app': {
      ...repository,
      tags: [],
      stages: [
        { ...staging, tags: ['main-*', 'latest'] },
        { ...production, tags: ['v*', 'latest'] },
      ],
    },
  };
  const planned = (...stages: string[]) => stages.map((name) => ({ name, deployments: [] }));
  const released = (changes: Partial<ReleaseRecord> = {}) =>
    releaseRecord({ execution: 'arn:x:released', stages: planned('staging'), result: resultOf('SUCCEEDED', 'DEPLOYED', 'x'), ...changes });
  const promoted: PushedImage = { digest, tags: ['main-7', 'v1.4.2'], pushedAt: pushed.pushedAt };
  const tagsOf = (started: readonly unknown[]) => started.map((input) => (input as { tag: string }).tag);

  test('makes up for a retag whose event was missed, though the image was released to an earlier stage', async () => {
    const { started, run } = given({ repositories, images: [promoted], releases: [released()] });

    expect(await run()).toMatchObject({ found: [{ did: 'started', why: 'v1.4.2' }] });
    expect(started).toEqual([{ repository: 'my-learn-app', tag: 'v1.4.2', reconcile: true, pushedAt: pushed.pushedAt }]);
  });

  test('starts each tag whose event was missed, the stage that comes first first', async () => {
    const { started, run } = given({ repositories, images: [promoted] });

    expect(await run()).toMatchObject({ found: [{ did: 'started', why: 'main-7, v1.4.2' }] });
    expect(tagsOf(started)).toEqual(['main-7', 'v1.4.2']);
  });

  test('starts one release for all stages that a tag reaches', async () => {
    const { started, run } = given({ repositories, images: [{ ...promoted, tags: ['latest'] }] });

    await run();

    expect(tagsOf(started)).toEqual(['latest']);
  });

  test('looks for the newest image of each stage', async () => {
    const newer = { digest: otherDigest, tags: ['main-8'], pushedAt: '2026-11-23T12:30:00.000Z' };
    const { started, run } = given({ repositories, images: [promoted, newer], releases: [released()] });

    await run();

    expect(tagsOf(started)).toEqual(['main-8', 'v1.4.2']);
  });

  test.each<[string, ReleaseRecord['result']]>([
    ['was rejected', resultOf('FAILED', 'REJECTED', 'x')],
    ['was not approved in time', resultOf('FAILED', 'APPROVAL_TIMED_OUT', 'x')],
    ['was cancelled', resultOf('FAILED', 'CANCELLED', 'x')],
    ['was replaced at its gate', resultOf('SUPERSEDED', 'NEWER_RELEASE', 'x')],
    ['was outside the window', resultOf('SKIPPED', 'OUTSIDE_WINDOW', 'x')],
  ])('never asks again for a stage whose release %s', async (_, result) => {
    const { started, run } = given({
      repositories,
      images: [promoted],
      releases: [released({ stages: planned('staging', 'production'), ...(result && { result }) })],
    });

    expect(await run()).toMatchObject({
      found: [{ did: 'nothing', why: 'main-7 was released to staging before; v1.4.2 was released to production before' }],
    });
    expect(started).toEqual([]);
  });

  test('starts a stage once the digest has succeeded in the stage that it requires, if a release was refused for that', async () => {
    const [first, second] = repositories['my-learn-app'].stages as [Stage, Stage];
    const requiring = { 'my-learn-app': { ...repositories['my-learn-app'], stages: [first, { ...second, requires: 'staging' }] } };
    const refused = released({
      execution: 'arn:x:refused',
      stages: planned('production'),
      stage: 'production',
      result: resultOf('SKIPPED', 'STAGE_REQUIRED', 'x'),
    });
    const { started, run, table } = given({ repositories: requiring, images: [promoted], releases: [released(), refused] });

    await run();
    expect(started).toEqual([]);
    await table.passed.add('my-learn-app', digest, 'staging', 1);
    await run();
    expect(started).toMatchObject([{ tag: 'v1.4.2', reconcile: true }]);
  });

  test('deploys nothing to a stage that was added to slipway.yml after the push', async () => {
    const { started, run } = given({ repositories, images: [promoted], releases: [released()], known: ['staging'] });

    expect(await run()).toMatchObject({ found: [{ did: 'nothing', why: expect.stringContaining('before Slipway first saw the stage') }] });
    expect(started).toEqual([]);
  });
});

test('reconciles the other repositories if one cannot be read, and fails with its name', async () => {
  const repository = configuration.repositories['my-learn-app']!;
  const { started, run } = given({ repositories: { broken: { ...repository, name: 'broken' }, 'my-learn-app': repository } });

  await expect(run()).rejects.toThrow(/^1 of 2 repositories could not be reconciled: .*AccessDeniedException: no/);
  expect(started).toHaveLength(1);
});
