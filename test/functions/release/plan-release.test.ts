import type { Stage } from '../../../core/configuration/configuration.js';
import { releaseName } from '../../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { planRelease } from '../../../functions/release/plan-release.js';
import {
  configuration,
  deploymentRecord,
  digest,
  image,
  otherDigest,
  registry,
  releaseExecution,
  releaseRecord,
  startedAt,
  stateOf,
} from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { given, mine, push, pushedAt, record, start } from './given-release.js';

const notFound = () => given({ found: [undefined] });

test('plans a push: opens the record, claims the digest, answers the first stage', async () => {
  const { table, run } = given();

  expect(await run(start(push()))).toMatchObject({
    action: 'proceed',
    record,
    stage: 'staging',
    services: [{ service: 'staging/web' }],
  });
  expect(await table.record(record)).toMatchObject({
    pending: 'yes',
    trigger: { kind: 'push' },
    pushedAt: '2026-11-23T11:59:58Z',
    image,
    stage: 'staging',
    stages: [{ name: 'staging' }, { name: 'production' }],
  });
  expect(await table.claim(digest)).toEqual(mine);
});

test.each<[string, unknown, string]>([
  ['a push', push(), pushedAt],
  ['a push that the policy does not allow', push({ 'image-tag': 'feature-1' }), pushedAt],
  ['a start by hand', { repository: 'my-learn-app', tag: 'v1' }, startedAt],
])('%s records since when its repository is known, for later pushes whose events are missed', async (_, input, at) => {
  const known: unknown[] = [];
  const table = givenTable();
  const history = {
    firstSeenAt: async (...words: unknown[]) => {
      known.push(words);
      return new Map();
    },
    releasesOf: async () => [],
    newestFirst: table.history.newestFirst.bind(table.history),
  };
  const executions = { isRunning: async () => true };
  const images = { find: async () => image };
  const run = planRelease({ configuration, registry: () => registry, images, executions, ...table, history });

  await run(start(input));

  expect(known).toEqual([['my-learn-app', ['staging', 'production'], at]]);
});

test('answers the same if it runs twice, and keeps its claim', async () => {
  const { run } = given();

  expect(await run(start(push()))).toEqual(await run(start(push())));
});

test('keeps the image that it found first, which later stages deploy too, if it runs again after the tag moved', async () => {
  const { table, run } = given({ found: [image, { ...image, digest: otherDigest }] });
  const byHand = { repository: 'my-learn-app', tag: 'main-7' };

  expect(await run(start(byHand))).toEqual(await run(start(byHand)));
  expect((await table.record(record))?.image?.digest).toBe(digest);
  expect(await table.claim(digest)).toEqual({ ...mine, pushes: { staging: startedAt, production: startedAt } });
});

test('plans in the record that it opened before if the image is found at its second run', async () => {
  const { table, run } = given({ found: [undefined, image] });

  expect(await run(start(push()))).toMatchObject({ action: 'finish' });
  expect(await run(start(push()))).toMatchObject({ action: 'proceed', stage: 'staging' });
  expect(await table.record(record)).toMatchObject({ image, stage: 'staging' });
});

test.each([
  [{ tag: 'v1' }, { tag: 'v1' }, 'v1'],
  [{ digest }, { digest }, undefined],
])('a start by hand with %j asks the registry for %j', async (wanted, question, tag) => {
  const { table, asked, run } = given();

  await run(start({ repository: 'my-learn-app', ...wanted }));

  expect(asked).toEqual([[registry, 'my-learn-app', question]]);
  expect((await table.record(record))?.tag).toBe(tag);
});

test('a start by hand records who started it and why', async () => {
  const { table, run } = given();

  await run(start({ repository: 'my-learn-app', tag: 'v1', by: 'ann', reason: 'hotfix' }));

  expect(await table.record(record)).toMatchObject({ trigger: { kind: 'hand', by: 'ann', reason: 'hotfix' }, pushedAt: startedAt });
});

test.each([
  ['a tag that the policy does not allow', push({ 'image-tag': 'feature-1' }), 'TAG_NOT_MATCHED'],
  ['a tag that has moved on', push({ 'image-digest': otherDigest }), 'TAG_MOVED'],
])('skips a push with %s, with a record to close', async (_, event, reason) => {
  const { table, run } = given();

  expect(await run(start(event))).toMatchObject({
    action: 'finish',
    record,
    services: [],
    result: { outcome: 'SKIPPED', reason },
  });
  expect(await table.record(record)).toBeDefined();
  expect(await table.claim(digest)).toBeUndefined();
});

test('skips a push whose tag was removed', async () => {
  expect(await notFound().run(start(push()))).toMatchObject({
    result: { outcome: 'SKIPPED', reason: 'TAG_MOVED' },
  });
});

test.each([
  ['of another kind', push({ 'action-type': 'DELETE' }), 'INVALID_EVENT'],
  ['of another repository', push({ 'repository-name': 'other' }), 'NOT_CONFIGURED'],
])('skips an event %s without a record', async (_, event, reason) => {
  const { table, run } = given();

  expect(await run(start(event))).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason } });
  expect(table.writes).toEqual([]);
});

test.each([
  ['input that is wrong', { repository: 'my-learn-app' }, '"digest"'],
  ['a tag that the policy does not allow', { repository: 'my-learn-app', tag: 'feature-1' }, '"force": true'],
  ['another repository', { repository: 'other', tag: 'v1' }, 'repository other'],
])('%s by hand is a failure, because an operator should notice it', async (_, input, fact) => {
  const answer = await given().run(start(input));

  expect(answer).toMatchObject({ action: 'finish', record: '', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
  expect(answer.result.message).toContain(fact);
});

test.each([
  [{ tag: 'v1' }, 'my-learn-app:v1'],
  [{ digest }, `my-learn-app@${digest}`],
])('a start by hand of an image that the registry does not have is a failure: %j', async (wanted, fact) => {
  expect(await notFound().run(start({ repository: 'my-learn-app', ...wanted }))).toMatchObject({
    result: { outcome: 'FAILED', message: expect.stringContaining(fact) },
  });
});

describe('what is no image', () => {
  const chart = { artifactType: 'application/vnd.cncf.helm.config.v1+json' };

  test.each([
    ['a push', push()],
    ['the reconciler', { repository: 'my-learn-app', tag: 'main-7', reconcile: true }],
  ])('is skipped for %s, with a record to close', async (_, event) => {
    const { table, run } = given({ found: [chart] });

    const answer = await run(start(event));

    expect(answer).toMatchObject({ action: 'finish', record, services: [], result: { outcome: 'SKIPPED', reason: 'NOT_AN_IMAGE' } });
    expect(answer.result.message).toContain(chart.artifactType);
    expect((await table.record(record))?.image).toBeUndefined();
  });

  test('is refused by hand, even with force', async () => {
    const { run } = given({ found: [chart] });

    expect(await run(start({ repository: 'my-learn-app', tag: 'v1.2.3', force: true }))).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringContaining('my-learn-app:v1.2.3') },
    });
  });
});

test.each([
  ['ECR Replication Action', { 'action-type': 'REPLICATE' }, 'replication'],
  ['ECR Pull Through Cache Action', { 'sync-status': 'SUCCESS' }, 'pullThroughCache'],
])('the record of a release by %s says so', async (type, detail, kind) => {
  const { table, run } = given();

  await run(start({ ...push(detail), 'detail-type': type }));

  expect(await table.record(record)).toMatchObject({ trigger: { kind } });
});

describe('an event of a push that was released before', () => {
  const before = releaseRecord({
    execution: 'arn:x:before',
    pushedAt: '2026-11-23T11:59:58.000Z',
    result: resultOf('ROLLED_BACK', 'CRASHED', 'x'),
    endedAt: startedAt,
  });

  const releasedBefore = (earlier: ReleaseRecord) =>
    given({ records: { [releaseName('my-learn-app', earlier.startedAt, earlier.execution)]: earlier } });

  test('that arrives a second time is skipped, and its record names the release that decided', async () => {
    const { table, run } = releasedBefore(before);

    expect(await run(start(push()))).toMatchObject({
      action: 'finish',
      record,
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_RELEASE' },
    });
    expect(await table.record(record)).toMatchObject({ other: releaseName('my-learn-app', before.startedAt, before.execution) });
  });

  test.each<[string, Partial<ReleaseRecord>]>([
    ['had all of its stages added to another release', { result: resultOf('SKIPPED', 'JOINED_RELEASE', 'x') }],
    ['left a stage to another release', { stages: [{ name: 'staging', deployments: [] }], tag: 'main-7' }],
  ])('is skipped after a release of the event that %s', async (_, earlier) => {
    expect(await releasedBefore({ ...before, tag: 'main-7', ...earlier }).run(start(push()))).toMatchObject({
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_RELEASE' },
    });
  });

  test.each<[string, Partial<ReleaseRecord>]>([
    ['of another tag that was added to another release', { tag: 'main-6', result: resultOf('SKIPPED', 'JOINED_RELEASE', 'x') }],
    ['of another push of the same image', { pushedAt: '2026-11-23T11:00:00.000Z' }],
    ['that was skipped as a duplicate', { result: resultOf('SKIPPED', 'DUPLICATE_RELEASE', 'x') }],
    ['by the same execution', { execution: releaseExecution }],
  ])('proceeds after an earlier release %s', async (_, other) => {
    expect(await releasedBefore({ ...before, ...other }).run(start(push()))).toMatchObject({ action: 'proceed' });
  });
});

describe('a release of the reconciler', () => {
  const input = { repository: 'my-learn-app', tag: 'main-7', reconcile: true, pushedAt: '2026-11-23T10:00:00.000Z' };

  test('is automatic, with the time of the push', async () => {
    const { table, run } = given();

    expect(await run(start(input))).toMatchObject({ action: 'proceed', record });
    expect(await table.record(record)).toMatchObject({ trigger: { kind: 'reconcile' }, pushedAt: '2026-11-23T10:00:00.000Z' });
  });

  test('is skipped for a tag that the policy does not allow, or that was removed', async () => {
    expect(await given().run(start({ ...input, tag: 'feature-1' }))).toMatchObject({ result: { outcome: 'SKIPPED' } });
    expect(await notFound().run(start(input))).toMatchObject({
      result: { outcome: 'SKIPPED', reason: 'TAG_MOVED' },
    });
  });
});

describe('a release of the reconciler for an image that was released before', () => {
  const earlier = (changes: Partial<ReleaseRecord>) => {
    const one = releaseRecord({ execution: 'arn:x:before', endedAt: startedAt, result: resultOf('FAILED', 'REJECTED', 'x'), ...changes });
    return { [releaseName('my-learn-app', one.startedAt, one.execution)]: one };
  };
  const input = { repository: 'my-learn-app', tag: 'main-7', reconcile: true, pushedAt };

  test('has only the stages that no release had in its plan', async () => {
    const { table, run } = given({ records: earlier({ stages: [{ name: 'staging', deployments: [] }] }) });

    expect(await run(start(input))).toMatchObject({ action: 'proceed', stage: 'production' });
    expect((await table.record(record))?.stages?.map(({ name }) => name)).toEqual(['production']);
    expect(await table.record(record)).not.toHaveProperty('other');
    expect(await run(start(input))).toMatchObject({ action: 'proceed', stage: 'production' });
  });

  test('is skipped if a release had them all, though it was rejected; its record names the newest one', async () => {
    const duplicate = { startedAt: '2026-11-23T12:00:01.000Z', result: resultOf('SKIPPED', 'DUPLICATE_RELEASE', 'x') };
    const records = { ...earlier({}), ...earlier({ ...duplicate, execution: 'arn:x:duplicate' }) };
    const { table, run } = given({ records });

    expect(await run(start(input))).toMatchObject({
      action: 'finish',
      record,
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_RELEASE' },
    });
    expect(await table.record(record)).toMatchObject({ other: Object.keys(earlier({}))[0] });
    expect(await table.claim(digest)).toBeUndefined();
  });
});

describe('a tag that reaches some stages', () => {
  const repository = configuration.repositories['my-learn-app']!;
  const [staging, production] = repository.stages as [Stage, Stage];
  const stages = [
    { ...staging, tags: ['main-*'] },
    { ...production, tags: ['semver:^1'] },
  ];
  const byTag = { ...configuration, repositories: { 'my-learn-app': { ...repository, tags: [], stages } } };
  const plannedFor = async (input: object) => {
    const { table, run } = given({ configuration: byTag });
    const { stage } = await run(start(input));
    return { stage, ...(await table.record(record)) };
  };

  test('is released to those, and the record says why the others are passed over', async () => {
    expect(await plannedFor(push({ 'image-tag': 'v1.4.2' }))).toMatchObject({
      stage: 'production',
      stages: [{ name: 'production', isVersioned: true }],
      passedOver: [{ stage: 'staging', message: 'tag v1.4.2 matches none of the patterns main-* of stage staging' }],
    });
  });

  test.each([
    [{ tag: 'v1.4.2' }, ['production']],
    [{ tag: 'v1.4.2', force: true }, ['staging', 'production']],
    [{ tag: 'feature-1', force: true }, ['staging', 'production']],
    [{ digest }, ['staging', 'production']],
  ])('by hand with %j goes to %j', async (given, expected) => {
    const { stages } = await plannedFor({ repository: 'my-learn-app', ...given });

    expect(stages?.map(({ name }) => name)).toEqual(expected);
  });

  test('is recorded as what passes windows and freezes', async () => {
    expect(await plannedFor({ repository: 'my-learn-app', tag: 'v1.4.2', ignoreWindow: true })).toMatchObject({ ignoreWindow: true });
    expect(await plannedFor({ repository: 'my-learn-app', tag: 'v1.4.2' })).not.toHaveProperty('ignoreWindow');
  });
});

describe('a release of what a hold kept back', () => {
  const hold = { by: 'ada', at: '2026-11-23T11:00:00.000Z' };
  const input = { repository: 'my-learn-app', tag: 'main-7', digest, pushedAt: '2026-11-23T10:00:00.000Z', hold, until: startedAt };
  const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:other';
  const otherRecord = 'repository#my-learn-app release#2026-11-23T10:00:01.000Z#other';
  const held = { trigger: { kind: 'push' }, result: resultOf('SKIPPED', 'ON_HOLD', 'x') } as const;
  const stillReleasing = (web: Partial<DeploymentRecord>) =>
    given({
      records: {
        [otherRecord]: releaseRecord({ execution: other, startedAt: input.pushedAt, pushedAt: input.pushedAt, stage: 'production' }),
        [`service#production/web deployment#${input.pushedAt}#production-web-1`]: deploymentRecord(web),
      },
      states: { 'staging/web': stateOf({ lastDeployed: { digest, pushedAt: input.pushedAt } }) },
      claims: { [digest]: { execution: other, record: otherRecord, pushes: { staging: input.pushedAt, production: input.pushedAt } } },
    });

  test('is automatic, with the image and the time of its push, also if its tag has moved', async () => {
    const { table, asked, run } = given();

    expect(await run(start(input))).toMatchObject({ action: 'proceed', record });
    expect(await table.record(record)).toMatchObject({
      trigger: { kind: 'releasedHold', hold, until: startedAt },
      pushedAt: '2026-11-23T10:00:00.000Z',
      image: { digest, tag: 'main-7' },
    });
    expect(asked).toEqual([[registry, 'my-learn-app', { digest }]]);
  });

  const withheld = { digest, pushedAt: input.pushedAt, release: otherRecord, hold };
  const quarantine = [{ digest, reason: 'ROLLED_BACK_BY_OPERATOR', at: startedAt }];

  test.each<[string, ServiceState, string[]]>([
    ['continues at the stage where it was kept back, though something newer runs in the ones before', {}, ['production']],
    ['is kept from later stages by one in which it failed since', stateOf({ quarantine }), ['staging', 'production']],
    ['starts with the first stage in which it was kept back', stateOf({ withheld }), ['staging', 'production']],
  ])('%s', async (_, changes, stages) => {
    const newer = { digest: otherDigest, pushedAt: startedAt };
    const staging = stateOf({ lastDeployed: newer, ...changes.sources?.['my-learn-app'] });
    const { table, run } = given({ states: { 'staging/web': staging, 'production/web': stateOf({ withheld }) } });

    expect(await run(start(input))).toMatchObject({ action: 'proceed', stage: stages[0] });
    expect((await table.record(record))?.stages?.map(({ name }) => name)).toEqual(stages);
  });

  test('is skipped if the image was removed', async () => {
    expect(await notFound().run(start(input))).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'TAG_MOVED' } });
  });

  test('proceeds while the release that was kept back from one service still deploys others', async () => {
    expect(await stillReleasing(held).run(start(input))).toMatchObject({ action: 'proceed' });
  });
});
