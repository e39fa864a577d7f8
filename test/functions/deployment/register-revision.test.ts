import type { DeploymentRecord } from '../../../core/records/records.js';
import { registerRevision } from '../../../functions/deployment/register-revision.js';
import {
  configuration,
  deploymentRecord,
  digest,
  execution,
  image,
  later,
  lease,
  registry,
  revisionArn,
  startedAt,
} from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { waiting } from '../given-waiting.js';
import { type Given, given, name, nothingElse, previousRevision, service, tags } from './given-registration.js';

test.each(['dkr.ecr-fips.eu-west-1.amazonaws.com', 'dkr-ecr.eu-west-1.on.aws', 'dkr-ecr-fips.eu-west-1.on.aws'])(
  'a container with an image of %s keeps that host of the registry',
  async (host) => {
    const { registered, run } = given({ runs: `123456789012.${host}/my-learn-app:main-6` });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toMatchObject([
      { containerDefinitions: [{ image: `123456789012.${host}/my-learn-app@${digest}` }, { image: 'nginx:1' }] },
    ]);
  },
);

test.each([
  [150, 150],
  [256, 256],
  [300, 256],
])('of an image tag of %i characters %i are the tag of the revision; the record keeps it whole', async (length, tagged) => {
  const tag = `main-${'7'.repeat(length - 5)}`;
  const { table, registered, run } = given({ record: deploymentRecord({ image: { ...image, tag } }) });

  expect(await run()).toMatchObject({ action: 'proceed' });
  expect(registered).toMatchObject([{ tags: expect.arrayContaining([{ key: 'slipway:tag', value: tag.slice(0, tagged) }]) }]);
  expect(await table.record(name)).toMatchObject({ image: { tag } });
});

test('registers a copy of the running revision with the image by digest, and records what the rollback and the notification need', async () => {
  const { table, registered, run } = given();

  expect(await run()).toMatchObject({ action: 'proceed' });
  expect(registered).toEqual([
    {
      family: 'web',
      cpu: '256',
      containerDefinitions: [
        { ...previousRevision.containerDefinitions[0], image: `${registry}/my-learn-app@${digest}` },
        previousRevision.containerDefinitions[1],
      ],
      tags: [
        { key: 'team', value: 'a' },
        { key: 'slipway:execution', value: execution },
        { key: 'slipway:tag', value: 'main-7' },
      ],
    },
  ]);
  expect(await table.record(name)).toMatchObject({
    previousRevision: revisionArn(7),
    revision: revisionArn(8),
    containers: ['app'],
    nonEssential: ['proxy'],
    previousImage: `${registry}/my-learn-app:main-6`,
    previousTag: 'main-6',
    logs: expect.arrayContaining([{ container: 'app', group: '/ecs/web', prefix: 'ecs' }]),
    warnings: [],
  });
});

test('registers once if it runs twice', async () => {
  const { registered, run } = given();

  expect(await run()).toEqual(await run());
  expect(registered).toHaveLength(1);
});

test.each<[string, Partial<DeploymentRecord>]>([
  ['of a later invocation', { visit: 2000, revision: revisionArn(9) }],
  ['of a deployment that has ended', { endedAt: later }],
])('a late invocation does not replace the revision %s', async (_, changes) => {
  const during = given();
  const { write } = during.table.records;
  jest.spyOn(during.table.records, 'write').mockImplementationOnce(async (...late) => {
    await during.table.records.update(name, changes);
    return write.apply(during.table.records, late);
  });
  const before = given({ record: deploymentRecord(changes) });

  expect(await during.run()).toBeUndefined();
  expect((await during.table.record(name))?.revision).toBe(changes.revision);
  expect((await before.run())?.action).toBe(changes.endedAt && 'finish');
  expect(before.registered).toEqual([]);
  expect(before.table.writes).toEqual([]);
});

test('registers a new copy if the service runs another revision since', async () => {
  const { registered, run } = given({ record: deploymentRecord({ previousRevision: revisionArn(6), revision: revisionArn(5) }) });

  await run();

  expect(registered).toHaveLength(1);
});

test.each<[string, Partial<DeploymentRecord>]>([
  ['has ended', { endedAt: later }],
  ['another execution has resumed', { execution: `${execution}-2` }],
])('ends for a deployment that %s, and registers nothing', async (_, changes) => {
  const { registered, run } = given({ record: deploymentRecord(changes) });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
  expect(registered).toEqual([]);
});

test('skips a service that runs the digest already', async () => {
  const run = registerRevision({
    configuration,
    services: { describe: async () => service },
    taskDefinitions: {
      active: async () => [],
      describe: async () => ({
        definition: { family: 'web', containerDefinitions: [{ name: 'app', image: `${registry}/my-learn-app@${digest}` }] },
        tags: [],
      }),
      register: async () => {
        throw new Error('unexpected registration');
      },
    },
    ...givenTable({ records: { [name]: deploymentRecord() }, states: { 'production/web': { lease: lease() } } }),
    ...nothingElse,
  });

  expect(await run(waiting({ now: startedAt }))).toMatchObject({
    action: 'finish',
    result: { outcome: 'SKIPPED', reason: 'ALREADY_RUNNING' },
  });
});

test('does not deploy a revision that differs in more than the image', async () => {
  const { table, run } = given({ answered: (request) => ({ ...request, cpu: '512' }) });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: {
      outcome: 'FAILED',
      reason: 'AWS_ERROR',
      message: expect.stringContaining('cpu'),
    },
  });
  expect((await table.record(name))?.revision).toBeUndefined();
});

test('records what ECS adds to the revision as a warning, and proceeds', async () => {
  const { table, run } = given({ answered: (request) => ({ ...request, networkMode: 'bridge' }) });

  expect(await run()).toMatchObject({ action: 'proceed' });
  expect((await table.record(name))?.warnings).toEqual([expect.stringContaining('networkMode')]);
});

test.each([
  ['that does not exist', undefined],
  ['that is being deleted', { ...service, status: 'DRAINING' }],
  ['with a deployment strategy that slipway.yml does not allow', { ...service, strategy: 'BLUE_GREEN' }],
  ['with an ARN of the short format', { ...service, arn: 'arn:aws:ecs:eu-west-1:123456789012:service/web' }],
])('rejects a service %s', async (_, described) => {
  expect(await given({ described }).run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_SERVICE' } });
});

describe('an error of ECS', () => {
  const failing = (error: Error) => {
    const table = givenTable({ records: { [name]: deploymentRecord() } });
    return registerRevision({
      configuration,
      services: {
        describe: async () => {
          throw error;
        },
      },
      taskDefinitions: {
        active: async () => [],
        describe: async () => ({ definition: previousRevision, tags }),
        register: async () => ({ definition: previousRevision, tags }),
      },
      ...table,
      ...nothingElse,
    })(waiting());
  };

  test('keeps its name', async () => {
    await expect(failing(sdkError('AccessDeniedException'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a change of the service outside Slipway since the push', () => {
  const push = deploymentRecord({ trigger: { kind: 'push' }, pushedAt: startedAt });
  const foreign = (after: string) => ({ at: later, before: [`${registry}/my-learn-app:main-5`], after: [after] });

  test('is left alone if it changed the image', async () => {
    const { registered, run } = given({ record: push, change: foreign(`${registry}/my-learn-app:hotfix`) });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'EXTERNAL_CHANGE' },
    });
    expect(registered).toEqual([]);
  });

  test('is copied if it did not change the image', async () => {
    const { registered, run } = given({ record: push, change: foreign(`${registry}/my-learn-app:main-5`) });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toHaveLength(1);
  });
});

describe('the rollback', () => {
  const rollbackUnavailableReason = async (more: Given) => {
    const { table, run } = given(more);
    expect(await run()).toMatchObject({ action: 'proceed' });
    return (await table.record(name))?.rollbackUnavailableReason;
  };

  test('is available if the registry has the image of the running revision', async () => {
    expect(await rollbackUnavailableReason({})).toBe('');
  });

  test('is unavailable if that image was deleted', async () => {
    expect(await rollbackUnavailableReason({ missingImages: ['main-6'] })).toEqual(expect.stringMatching(/my-learn-app:main-6.*web:7/));
  });

  test('is unavailable if ECS would refuse the revision', async () => {
    expect(await rollbackUnavailableReason({ inactive: true })).toEqual(expect.stringMatching(/web:7.*INACTIVE/));
  });
});
