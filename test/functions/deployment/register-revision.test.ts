import type { ServiceDescription } from '../../../aws/service.js';
import type { DeploymentRecord, Operation, ServiceState } from '../../../core/records/records.js';
import type { ImageChange } from '../../../core/rollout/external-change.js';
import { registerRevision } from '../../../functions/deployment/register-revision.js';
import { digestsIn } from '../../../functions/shared/image-availability.js';
import {
  configuration,
  deploymentRecord,
  digest,
  execution,
  good,
  later,
  lease,
  otherDigest,
  registry,
  revisionArn,
  startedAt,
} from '../../core/given.js';
import { literalLedger, sdkError } from '../given.js';

const name = 'service#production/web deployment#1';
const service: ServiceDescription = {
  status: 'ACTIVE',
  taskDefinition: revisionArn(7),
  desiredCount: 3,
  controller: 'ECS',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: revisionArn(7) }],
  events: [],
};
const previousRevision = {
  taskDefinitionArn: revisionArn(7),
  revision: 7,
  family: 'web',
  cpu: '256',
  containerDefinitions: [
    {
      name: 'app',
      image: `${registry}/my-learn-app:main-6`,
      environment: [{ name: 'A', value: '' }],
      logConfiguration: { logDriver: 'awslogs' as const, options: { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' } },
    },
    { name: 'proxy', image: 'nginx:1' },
  ],
};
const tags = [
  { key: 'team', value: 'a' },
  { key: 'slipway:tag', value: 'main-6' },
];

/** What is not the base. */
const revisions: Record<string, { definition: object; tags: typeof tags }> = {
  [revisionArn(6)]: {
    definition: {
      family: 'web',
      cpu: '512',
      containerDefinitions: [{ name: 'app', image: `${registry}/my-learn-app@${otherDigest}` }],
    },
    tags: [{ key: 'slipway:tag', value: 'main-5' }],
  },
};

/** Of every image that has a digest. */
const platforms = [`sha256:${'c'.repeat(64)}`, `sha256:${'d'.repeat(64)}`];

type Given = {
  record?: Partial<DeploymentRecord>;
  state?: ServiceState;
  described?: ServiceDescription | undefined;
  answered?: (request: object) => object;
  /** Images that the registry has no more. */
  ignoreMissingRecord?: readonly string[];
  /** Of the revision that runs. */
  inactive?: boolean;
  change?: ImageChange;
};
const nothingElse = { images: { has: async () => true, platformDigests: async () => [] }, rollouts: { changeTo: async () => undefined } };
const given = ({
  record = {},
  state = { lease: lease() },
  answered = (request) => request,
  ignoreMissingRecord = [],
  ...rest
}: Given = {}) => {
  const records = literalLedger({ [name]: deploymentRecord(record) }, { 'production/web': state });
  const described: string[] = [];
  const registered: { tags?: unknown; containerDefinitions?: unknown }[] = [];
  const run = registerRevision({
    configuration,
    services: { describe: async () => ('described' in rest ? rest.described : service) },
    taskDefinitions: {
      describe: async (revision) => {
        described.push(revision);
        const { inactive, change } = rest;
        const more = { ...(inactive && { status: 'INACTIVE' as const }), ...(change && { registeredAt: new Date(change.at) }) };
        return revisions[revision] ?? { definition: { ...previousRevision, ...more }, tags };
      },
      register: async (request) => {
        registered.push(request as { tags?: unknown });
        const { tags: _, ...definition } = request;
        return { definition: { ...answered(definition), taskDefinitionArn: revisionArn(8), revision: 8, status: 'ACTIVE' }, tags: [] };
      },
    },
    records,
    states: records.serviceStates,
    images: { has: async ({ tag, digest }) => !ignoreMissingRecord.includes(digest ?? tag ?? ''), platformDigests: async () => platforms },
    rollouts: { changeTo: async () => rest.change },
  });
  return { records, described, registered, run: (now = later) => run({ service: 'production/web', record: name, now }) };
};

test('registers a copy of what runs, with the image by digest, and notes what people and the way back will need', async () => {
  const { records, registered, run } = given();

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
  expect(records.records[name]).toMatchObject({
    previousRevision: revisionArn(7),
    revision: revisionArn(8),
    containers: ['app'],
    previousImage: `${registry}/my-learn-app:main-6`,
    previousTag: 'main-6',
    logs: expect.arrayContaining([{ container: 'app', group: '/ecs/web', prefix: 'ecs' }]),
    warnings: [],
  });
});

test('run twice, it registers once', async () => {
  const { registered, run } = given();

  expect(await run()).toEqual(await run());
  expect(registered).toHaveLength(1);
});

test('a service that moved on to another revision since is copied anew', async () => {
  const { registered, run } = given({ record: { previousRevision: revisionArn(6), revision: revisionArn(5) } });

  await run();

  expect(registered).toHaveLength(1);
});

test('somebody else’s rollout is waited for, and nothing is registered', async () => {
  const { registered, run } = given({
    described: { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] },
  });

  expect(await run()).toMatchObject({ action: 'wait', waitSeconds: 15 });
  expect(registered).toEqual([]);
});

test('it is not waited for longer than the service’s timeout: then its revision is the base, though no way back', async () => {
  const { records, run } = given({
    described: { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] },
  });

  expect(await run('2026-11-23T12:30:00.000Z')).toMatchObject({ action: 'wait', waitSeconds: 60 });
  expect(await run('2026-11-23T12:30:00.001Z')).toMatchObject({ action: 'proceed' });
  expect(records.records[name]).toMatchObject({
    previousRevision: revisionArn(7),
    rollbackUnavailableReason: 'the rollout of web:7, which was deployed before, was not over',
  });
});

test('nor by a person who forces it', async () => {
  const { run } = given({
    record: { trigger: { kind: 'hand' }, force: true },
    described: { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] },
  });

  expect(await run()).toMatchObject({ action: 'proceed' });
});

test('who waits for it hears that a person has cancelled', async () => {
  const { records, run } = given({
    state: { lease: lease(), cancel: { record: name, by: 'ann' } },
    described: { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] },
  });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: { outcome: 'FAILED', reason: 'CANCELLED', message: 'ann cancelled it; the service was not changed' },
  });
  expect(records.writes).toEqual([]);
});

test('how long it was waited for in line does not count', async () => {
  const { run } = given({
    state: { lease: lease({ since: '2026-11-23T12:20:00.000Z' }) },
    described: { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] },
  });

  expect(await run('2026-11-23T12:50:00.000Z')).toMatchObject({ action: 'wait' });
  expect(await run('2026-11-23T12:50:00.001Z')).toMatchObject({ action: 'proceed' });
});

describe('without an image', () => {
  const { image: _, ...byOrder } = deploymentRecord();
  const ordered = (operation: Operation, state: ServiceState = { lease: lease() }) => {
    const { records, ...rest } = given({ state });
    records.records[name] = { ...byOrder, operation } as (typeof records.records)[string];
    return { records, ...rest };
  };

  test('redeploying registers what runs once more, and the digest is not known where a tag runs', async () => {
    const { records, registered, run } = ordered({ kind: 'redeploy' });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toEqual([
      {
        family: 'web',
        cpu: '256',
        containerDefinitions: previousRevision.containerDefinitions,
        tags: [
          { key: 'team', value: 'a' },
          { key: 'slipway:execution', value: execution },
          { key: 'slipway:tag', value: 'main-6' },
        ],
      },
    ]);
    expect(records.records[name]).toMatchObject({
      previousRevision: revisionArn(7),
      revision: revisionArn(8),
      containers: ['app'],
      image: { registry, repository: 'my-learn-app', tag: 'main-6', digest: '' },
    });
  });

  test('rolling back registers the last good revision once more; the way back leads to what runs now', async () => {
    const { records, described, registered, run } = ordered({ kind: 'rollback' }, { lease: lease(), lastGood: good() });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(described).toEqual([revisionArn(7), revisionArn(6)]);
    expect(registered).toMatchObject([{ cpu: '512', tags: [{ key: 'slipway:execution' }, { key: 'slipway:tag', value: 'main-5' }] }]);
    expect(records.records[name]).toMatchObject({
      previousRevision: revisionArn(7),
      previousImage: `${registry}/my-learn-app:main-6`,
      image: { tag: 'main-5', digest: otherDigest, platformDigests: platforms },
    });
  });

  test('a named revision is registered once more', async () => {
    const { described, registered, run } = ordered({ kind: 'taskDefinition', taskDefinition: revisionArn(6) });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(described).toEqual([revisionArn(7), revisionArn(6)]);
    expect(registered).toMatchObject([{ cpu: '512' }]);
  });

  test.each([
    ['a container more, whose image nobody knows', [{ name: 'proxy', image: 'nginx:1' }], 'proxy'],
    ['an image that is not ours to read', [{ name: 'app', image: `${registry}/other@${otherDigest}` }], 'app'],
  ])('a revision with %s is held to no digest', async (_, more, container) => {
    const { definition } = revisions[revisionArn(6)] as { definition: { containerDefinitions: object[] } };
    const containerDefinitions = [...more, ...definition.containerDefinitions];
    const deps = { configuration, images: { has: async () => true, platformDigests: async () => platforms } };

    expect(await digestsIn(deps, { ...definition, containerDefinitions }, [...new Set(['app', container])], { execution })).toBeUndefined();
    expect(await digestsIn(deps, definition, ['app'], { execution })).toEqual([otherDigest, ...platforms]);
  });

  test('run twice, it registers once', async () => {
    const { registered, run } = ordered({ kind: 'rollback' }, { lease: lease(), lastGood: good() });

    expect(await run()).toEqual(await run());
    expect(registered).toHaveLength(1);
  });

  test('an image of a repository that slipway.yml does not have is redeployed, also when it is copied anew', async () => {
    const { records, registered, run } = ordered({ kind: 'redeploy' });
    const foreign = { registry: '', repository: 'nginx', digest: '' };
    records.records[name] = {
      ...(records.records[name] as (typeof records.records)[string]),
      image: foreign,
      previousRevision: revisionArn(6),
    };

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toHaveLength(1);
  });

  test('rolling back is refused where the image to go back to was deleted', async () => {
    const { records, registered, run } = given({ state: { lease: lease(), lastGood: good() }, ignoreMissingRecord: [otherDigest] });
    records.records[name] = { ...byOrder, operation: { kind: 'rollback' } } as (typeof records.records)[string];

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringContaining(`my-learn-app@${otherDigest}`) },
    });
    expect(registered).toEqual([]);
  });

  test('rolling back is refused where there is nothing to go back to', async () => {
    const { registered, run } = ordered({ kind: 'rollback' });

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
    expect(registered).toEqual([]);
  });
});

test('a service that runs the digest already is skipped', async () => {
  const { records } = given();
  const run = registerRevision({
    configuration,
    services: { describe: async () => service },
    taskDefinitions: {
      describe: async () => ({
        definition: { family: 'web', containerDefinitions: [{ name: 'app', image: `${registry}/my-learn-app@${digest}` }] },
        tags: [],
      }),
      register: async () => {
        throw new Error('nothing is to be registered');
      },
    },
    records,
    states: records.serviceStates,
    ...nothingElse,
  });

  expect(await run({ service: 'production/web', record: name, now: startedAt })).toMatchObject({
    action: 'finish',
    result: { outcome: 'SKIPPED', reason: 'ALREADY_RUNNING' },
  });
});

test('a revision in which anything but the image differs is not deployed', async () => {
  const { records, run } = given({ answered: (request) => ({ ...request, cpu: '512' }) });

  expect(await run()).toMatchObject({
    action: 'finish',
    result: {
      outcome: 'FAILED',
      reason: 'AWS_ERROR',
      message: 'the registered revision differs from the one that runs in cpu; nothing was deployed, for only the image may differ',
    },
  });
  expect(records.records[name]?.revision).toBeUndefined();
});

test('what ECS adds by itself is noted, and no reason against', async () => {
  const { records, run } = given({ answered: (request) => ({ ...request, networkMode: 'bridge' }) });

  expect(await run()).toMatchObject({ action: 'proceed' });
  expect(records.records[name]?.warnings).toEqual(['ECS added networkMode']);
});

test.each([
  ['that does not exist', undefined, 'there is no service production/web'],
  ['that is being deleted', { ...service, status: 'DRAINING' }, 'service production/web is DRAINING'],
])('a service %s is refused', async (_, described, message) => {
  const answer = await given({ described }).run();

  expect(answer).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
  expect(answer.result.message).toContain(message);
});

describe('an answer of ECS', () => {
  const failing = (error: Error) => {
    const records = literalLedger({ [name]: deploymentRecord() });
    return registerRevision({
      configuration,
      services: {
        describe: async () => {
          throw error;
        },
      },
      taskDefinitions: {
        describe: async () => ({ definition: previousRevision, tags }),
        register: async () => ({ definition: previousRevision, tags }),
      },
      records,
      states: records.serviceStates,
      ...nothingElse,
    })({ service: 'production/web', record: name, now: later });
  };

  test('that says something else keeps its name', async () => {
    await expect(failing(sdkError('AccessDeniedException'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('what somebody else has deployed since the push', () => {
  const push: Partial<DeploymentRecord> = { trigger: { kind: 'push' }, pushedAt: startedAt };
  const foreign = (after: string) => ({ at: later, before: [`${registry}/my-learn-app:main-5`], after: [after] });

  test('is left alone where it changed our image', async () => {
    const { registered, run } = given({ record: push, change: foreign(`${registry}/my-learn-app:hotfix`) });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'EXTERNAL_CHANGE' },
    });
    expect(registered).toEqual([]);
  });

  test('is built upon where it did not', async () => {
    const { registered, run } = given({ record: push, change: foreign(`${registry}/my-learn-app:main-5`) });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toHaveLength(1);
  });
});

describe('the way back', () => {
  const rollbackUnavailableReason = async (more: Given) => {
    const { records, run } = given(more);
    expect(await run()).toMatchObject({ action: 'proceed' });
    return records.records[name]?.rollbackUnavailableReason;
  };

  test('is there where the image of what runs is', async () => {
    expect(await rollbackUnavailableReason({})).toBe('');
  });

  test('is not promised where that image was deleted', async () => {
    expect(await rollbackUnavailableReason({ ignoreMissingRecord: ['main-6'] })).toBe(
      'image my-learn-app:main-6 of web:7, which ran before, is no longer in ECR',
    );
  });

  test('is not promised where ECS would refuse the revision', async () => {
    expect(await rollbackUnavailableReason({ inactive: true })).toBe('web:7, which ran before, is INACTIVE, and ECS takes no update to it');
  });
});
