import type { ServiceDescription } from '../../../aws/service.js';
import type { DeploymentRecord, Operation, ServiceState } from '../../../core/records/records.js';
import type { ImageChange } from '../../../core/rollout/external-change.js';
import type { WaitingStepInput } from '../../../core/step/contracts.js';
import { registerRevision } from '../../../functions/deployment/register-revision.js';
import { digestsIn } from '../../../functions/shared/image-availability.js';
import {
  configuration,
  deploymentRecord,
  digest,
  execution,
  good,
  image,
  later,
  lease,
  otherDigest,
  registry,
  revisionArn,
  startedAt,
} from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';
import { waiting } from '../given-waiting.js';

const name = 'service#production/web deployment#1';
const service = serviceOn(revisionArn(7), {
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: revisionArn(7) }],
});
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
    { name: 'proxy', image: 'nginx:1', essential: false },
  ],
};
const tags = [
  { key: 'team', value: 'a' },
  { key: 'slipway:tag', value: 'main-6' },
];

/** Other revisions than the one that runs. */
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

/** The watch item of the deployment, with news that no visit knows. */
const watched = { 'production/web': { record: name, execution, fencingToken: 1, news: 0, seen: 0 } };

type Given = {
  record?: DeploymentRecord;
  state?: ServiceState;
  described?: ServiceDescription | undefined;
  answered?: (request: object) => object;
  /** The image of the container, if it is not `main-6`. */
  runs?: string;
  /** Images that the registry does not have any more. */
  missingImages?: readonly string[];
  /** Of the revision that runs. */
  inactive?: boolean;
  change?: ImageChange;
};
const nothingElse = { images: { has: async () => true, platformDigests: async () => [] }, rollouts: { changeTo: async () => undefined } };
const given = ({
  record = deploymentRecord(),
  state = { lease: lease() },
  answered = (request) => request,
  missingImages = [],
  ...rest
}: Given = {}) => {
  const table = givenTable({ records: { [name]: record }, states: { 'production/web': state }, watched });
  const described: string[] = [];
  const registered: { tags?: unknown; containerDefinitions?: unknown }[] = [];
  const run = registerRevision({
    configuration,
    services: { describe: async () => ('described' in rest ? rest.described : service) },
    taskDefinitions: {
      describe: async (revision) => {
        described.push(revision);
        const { inactive, change } = rest;
        if (/(999|worker:9)$/.test(revision)) throw sdkError('ClientException');
        const more = { ...(inactive && { status: 'INACTIVE' as const }), ...(change && { registeredAt: new Date(change.at) }) };
        const [app, proxy] = previousRevision.containerDefinitions;
        const containerDefinitions = [{ ...app, image: rest.runs ?? app?.image }, proxy];
        return revisions[revision] ?? { definition: { ...previousRevision, containerDefinitions, ...more }, tags };
      },
      register: async (request) => {
        registered.push(request as { tags?: unknown });
        const { tags: _, ...definition } = request;
        return { definition: { ...answered(definition), taskDefinitionArn: revisionArn(8), revision: 8, status: 'ACTIVE' }, tags: [] };
      },
    },
    ...table,
    images: { has: async ({ tag, digest }) => !missingImages.includes(digest ?? tag ?? ''), platformDigests: async () => platforms },
    rollouts: { changeTo: async () => rest.change },
  });
  return { table, described, registered, run: (now = later, changes: Partial<WaitingStepInput> = {}) => run(waiting({ now, ...changes })) };
};

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

describe('while another rollout is in progress', () => {
  const busy = { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] };
  const deadline = '2026-11-23T12:30:00.000Z';

  test('waits until an event wakes it, at most until the timeout of the service, and registers nothing', async () => {
    const { table, registered, run } = given({ described: busy });

    expect(await run()).toMatchObject({ action: 'wait', deadline });
    expect(await run(later, { visit: { number: 2, retry: 0 }, token: 'another', deadline })).toBeUndefined();
    expect(registered).toEqual([]);
    expect(await table.watchItem('production/web')).toMatchObject({ token: 'another', visit: 2000 });
  });

  test('stores its token before it reads the service, so that a change after the read wakes it', async () => {
    const { table, run } = given({ described: busy });
    const { of } = table.states;
    jest.spyOn(table.states, 'of').mockImplementationOnce(async (one) => {
      expect(await table.watchItem('production/web')).toMatchObject({ token: 'token of the visit' });
      return of.call(table.states, one);
    });

    await run();
    expect.hasAssertions();
  });

  test('looks again soon if there was an event between two visits, which reads may not show yet', async () => {
    const { table, run } = given({ described: busy });

    await run();
    await table.watch.addNews('production/web');
    expect(await run(later, { visit: { number: 2, retry: 0 }, deadline })).toMatchObject({ action: 'wait', seconds: 5, deadline });
    expect(await run(later, { visit: { number: 3, retry: 0 }, deadline })).toBeUndefined();
  });

  test.each<[string, ServiceState, string]>([
    ['does not wait for our last one, which ended just now: reads lag behind', { settledAt: '2026-11-23T12:04:31.000Z' }, 'proceed'],
    ['waits after half a minute: it is another one', { settledAt: '2026-11-23T12:04:30.000Z' }, 'wait'],
    ['waits for one of a revision that our last one did not leave', { settledAt: later, expectedRevisions: [revisionArn(6)] }, 'wait'],
  ])('%s', async (_, changes, action) => {
    const { table, run } = given({ described: busy, state: { lease: lease(), expectedRevisions: [revisionArn(7)], ...changes } });

    expect(await run()).toMatchObject({ action });
    expect((await table.record(name))?.rollbackUnavailableReason).toBe(action === 'proceed' ? '' : undefined);
  });

  test('waits for its safety net without a watch item of its own', async () => {
    const { table, run } = given({ described: busy });
    await table.watch.close('production/web', name);

    expect(await run(later, { deadline })).toBeUndefined();
    expect(await table.watchItem('production/web')).toBeUndefined();
  });

  test('at the timeout copies the revision of the other rollout, without a rollback to it', async () => {
    const { table, run } = given({ described: busy });

    expect(await run('2026-11-23T12:29:59.999Z', { deadline })).toBeUndefined();
    expect(await run(deadline, { deadline })).toMatchObject({ action: 'proceed' });
    expect(await table.record(name)).toMatchObject({
      previousRevision: revisionArn(7),
      rollbackUnavailableReason: expect.stringContaining('web:7'),
    });
  });

  test('does not wait if an operator forces the deployment', async () => {
    const { run } = given({
      record: deploymentRecord({ trigger: { kind: 'hand' }, force: true }),
      described: busy,
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });

  test('ends while it waits if an operator cancels the deployment', async () => {
    const { registered, run } = given({
      state: { lease: lease(), cancel: { record: name, by: 'ann' } },
      described: busy,
    });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'CANCELLED', message: expect.stringContaining('ann') },
    });
    expect(registered).toEqual([]);
  });

  test('does not count the time in the queue', async () => {
    const { run } = given({
      state: { lease: lease({ since: '2026-11-23T12:20:00.000Z' }) },
      described: busy,
    });

    expect(await run('2026-11-23T12:49:59.999Z')).toMatchObject({ action: 'wait', deadline: '2026-11-23T12:50:00.000Z' });
    expect(await run('2026-11-23T12:50:00.000Z')).toMatchObject({ action: 'proceed' });
  });
});

describe('without an image', () => {
  const { image: _, ...withoutImage } = deploymentRecord();
  const ordered = (operation: Operation, state: ServiceState = { lease: lease() }, more: Given = {}) =>
    given({ state, record: { ...withoutImage, operation }, ...more });

  test('a redeployment registers the running revision again, without a digest if it runs a tag', async () => {
    const { table, registered, run } = ordered({ kind: 'redeploy' });

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
    expect(await table.record(name)).toMatchObject({
      previousRevision: revisionArn(7),
      revision: revisionArn(8),
      containers: ['app'],
      image: { registry, repository: 'my-learn-app', tag: 'main-6', digest: '' },
    });
  });

  test('a rollback registers the newest known good revision again, and its own rollback leads to the running revision', async () => {
    const { table, described, registered, run } = ordered({ kind: 'rollback' }, { lease: lease(), knownGood: [good()] });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(described).toEqual([revisionArn(7), revisionArn(6)]);
    expect(registered).toMatchObject([{ cpu: '512', tags: [{ key: 'slipway:execution' }, { key: 'slipway:tag', value: 'main-5' }] }]);
    expect(await table.record(name)).toMatchObject({
      previousRevision: revisionArn(7),
      previousImage: `${registry}/my-learn-app:main-6`,
      image: { tag: 'main-5', digest: otherDigest, platformDigests: platforms },
    });
  });

  test('a named revision is registered again', async () => {
    const { described, registered, run } = ordered({ kind: 'taskDefinition', taskDefinition: revisionArn(6) });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(described).toEqual([revisionArn(7), revisionArn(6)]);
    expect(registered).toMatchObject([{ cpu: '512' }]);
  });

  test.each<[string, string, object, string]>([
    ['of another family', 'worker:1', {}, 'family'],
    ['that ECS does not know', 'web:999', {}, 'ECS does not know'],
    ['that ECS does not know, of another family, with force', 'worker:9', { force: true }, 'ECS does not know'],
  ])('a named revision %s is rejected, and nothing is registered', async (_, taskDefinition, options, words) => {
    const record = deploymentRecord({ operation: { kind: 'taskDefinition', taskDefinition }, ...options });
    const { registered, run } = given({ record });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringMatching(new RegExp(`${taskDefinition}.*${words}`)) },
    });
    expect(registered).toEqual([]);
  });

  test.each([
    ['another container of an unknown image', [{ name: 'proxy', image: 'nginx:1' }], 'proxy'],
    ['an image of another repository', [{ name: 'app', image: `${registry}/other@${otherDigest}` }], 'app'],
  ])('a revision with %s is not checked against a digest', async (_, more, container) => {
    const { definition } = revisions[revisionArn(6)] as { definition: { containerDefinitions: object[] } };
    const containerDefinitions = [...more, ...definition.containerDefinitions];
    const deps = { configuration, images: { has: async () => true, platformDigests: async () => platforms } };

    expect(await digestsIn(deps, { ...definition, containerDefinitions }, [...new Set(['app', container])], { execution })).toBeUndefined();
    expect(await digestsIn(deps, definition, ['app'], { execution })).toEqual([otherDigest, ...platforms]);
  });

  test('registers once if it runs twice', async () => {
    const { registered, run } = ordered({ kind: 'rollback' }, { lease: lease(), knownGood: [good()] });

    expect(await run()).toEqual(await run());
    expect(registered).toHaveLength(1);
  });

  test('an image of a repository that slipway.yml does not name is redeployed, also from a new copy', async () => {
    const foreign = { registry: '', repository: 'nginx', digest: '' };
    const record = deploymentRecord({ operation: { kind: 'redeploy' }, image: foreign, previousRevision: revisionArn(6) });
    const { registered, run } = given({ record });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(registered).toHaveLength(1);
  });

  test('a rollback is rejected if its image was deleted from the registry', async () => {
    const state = { lease: lease(), knownGood: [good()] };
    const { registered, run } = ordered({ kind: 'rollback' }, state, { missingImages: [otherDigest] });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringContaining(`my-learn-app@${otherDigest}`) },
    });
    expect(registered).toEqual([]);
  });

  test('a rollback is rejected without a known good revision', async () => {
    const { registered, run } = ordered({ kind: 'rollback' });

    expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
    expect(registered).toEqual([]);
  });
});

test('skips a service that runs the digest already', async () => {
  const run = registerRevision({
    configuration,
    services: { describe: async () => service },
    taskDefinitions: {
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
