import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { planRelease } from '../../../functions/release/plan-release.js';
import {
  configuration,
  deploymentRecord,
  digest,
  image,
  lease,
  otherDigest,
  registry,
  releaseExecution,
  releaseRecord,
  startedAt,
} from '../../core/given.js';
import { literalLedger, sdkError } from '../given.js';

const record = `repository#my-learn-app release#${startedAt}#push-1`;
const push = (detail: object = {}) => ({
  'detail-type': 'ECR Image Action',
  source: 'aws.ecr',
  time: '2026-11-23T11:59:58Z',
  detail: {
    result: 'SUCCESS',
    'action-type': 'PUSH',
    'repository-name': 'my-learn-app',
    'image-tag': 'main-7',
    'image-digest': digest,
    ...detail,
  },
});
const pushedAt = '2026-11-23T11:59:58Z';
const mine = { execution: releaseExecution, pushedAt, record };
const start = (input: unknown) => ({ input, execution: releaseExecution, startedAt, now: startedAt });
type Given = {
  readonly found?: typeof image | undefined;
  readonly isRunning?: boolean;
  readonly states?: Readonly<Record<string, ServiceState>>;
  readonly releases?: readonly ReleaseRecord[];
};
const given = ({ found = image, isRunning = true, states = {}, releases = [] }: Given = {}) => {
  const records = literalLedger({}, states);
  const run = planRelease({
    configuration,
    registry: () => registry,
    images: { find: async () => found },
    executions: { isRunning: async () => isRunning },
    records,
    states: records.serviceStates,
    history: { firstSeenAt: async (_, now) => now, releasesOf: async () => [...releases] },
  });
  return { records, run };
};
const notFound = () => {
  const records = literalLedger();
  const deps = {
    configuration,
    registry: () => registry,
    images: { find: async () => undefined },
    executions: { isRunning: async () => true },
    records,
    states: records.serviceStates,
    history: { firstSeenAt: async (_: string, now: string) => now, releasesOf: async () => [] },
  };
  return { records, run: planRelease(deps) };
};

test('a push is planned: the record is opened, the digest claimed, the first stage answered', async () => {
  const { records, run } = given();

  expect(await run(start(push()))).toMatchObject({
    action: 'proceed',
    record,
    stage: 'staging',
    services: [{ service: 'staging/web', image: `${registry}/my-learn-app:main-7@${digest}` }],
  });
  expect(records.records[record]).toMatchObject({
    pending: 'yes',
    trigger: { kind: 'push' },
    pushedAt: '2026-11-23T11:59:58Z',
    image,
    stage: 'staging',
    stages: [{ name: 'staging' }, { name: 'production' }],
  });
  expect(records.claims).toEqual({ [`my-learn-app ${digest}`]: mine });
});

test.each<[string, unknown, string]>([
  ['a push', push(), pushedAt],
  ['a push that the policy does not allow', push({ 'image-tag': 'feature-1' }), pushedAt],
  ['a start by hand', { repository: 'my-learn-app', tag: 'v1' }, startedAt],
])('%s makes its repository known, for the pushes of after it that are not heard of', async (_, input, at) => {
  const known: unknown[] = [];
  const records = literalLedger();
  const history = {
    firstSeenAt: async (...words: unknown[]) => {
      known.push(words);
      return startedAt;
    },
    releasesOf: async () => [],
  };
  const executions = { isRunning: async () => true };
  const images = { find: async () => image };
  const run = planRelease({ configuration, registry: () => registry, images, executions, records, states: records.serviceStates, history });

  await run(start(input));

  expect(known).toEqual([['my-learn-app', at]]);
});

test('run twice, it answers the same and holds its claim', async () => {
  const { run } = given();

  expect(await run(start(push()))).toEqual(await run(start(push())));
});

test('run again after its tag has moved, it goes on with the image that it found first, which the next stage will deploy, too', async () => {
  const found = [image, { ...image, digest: otherDigest }];
  const records = literalLedger();
  const run = planRelease({
    configuration,
    registry: () => registry,
    images: { find: async () => found.shift() },
    executions: { isRunning: async () => true },
    records,
    states: records.serviceStates,
    history: { firstSeenAt: async (_, now) => now, releasesOf: async () => [] },
  });
  const byHand = { repository: 'my-learn-app', tag: 'main-7' };

  expect(await run(start(byHand))).toEqual(await run(start(byHand)));
  expect(records.records[record]?.image?.digest).toBe(digest);
  expect(records.claims).toEqual({ [`my-learn-app ${digest}`]: { execution: releaseExecution, pushedAt: startedAt, record } });
});

test('run again after it found nothing, it plans in the record that it opened then', async () => {
  const found = [undefined, image];
  const records = literalLedger();
  const run = planRelease({
    configuration,
    registry: () => registry,
    images: { find: async () => found.shift() },
    executions: { isRunning: async () => true },
    records,
    states: records.serviceStates,
    history: { firstSeenAt: async (_, now) => now, releasesOf: async () => [] },
  });

  expect(await run(start(push()))).toMatchObject({ action: 'finish' });
  expect(await run(start(push()))).toMatchObject({ action: 'proceed', stage: 'staging' });
  expect(records.records[record]).toMatchObject({ image, stage: 'staging' });
});

test.each([
  [{ tag: 'v1' }, { tag: 'v1' }, 'v1'],
  [{ digest }, { digest }, undefined],
])('by hand with %j the registry is asked for %j', async (wanted, question, tag) => {
  const asked: unknown[] = [];
  const records = literalLedger();
  const run = planRelease({
    configuration,
    registry: () => registry,
    images: {
      find: async (...words) => {
        asked.push(words);
        return image;
      },
    },
    executions: { isRunning: async () => true },
    records,
    states: records.serviceStates,
    history: { firstSeenAt: async (_, now) => now, releasesOf: async () => [] },
  });

  await run(start({ repository: 'my-learn-app', ...wanted }));

  expect(asked).toEqual([[registry, 'my-learn-app', question]]);
  expect(records.records[record]?.tag).toBe(tag);
});

test('by hand it is told who and why', async () => {
  const { records, run } = given();

  await run(start({ repository: 'my-learn-app', tag: 'v1', by: 'ann', reason: 'hotfix' }));

  expect(records.records[record]).toMatchObject({ trigger: { kind: 'hand', by: 'ann', reason: 'hotfix' }, pushedAt: startedAt });
});

test.each([
  ['a tag that the policy does not allow', push({ 'image-tag': 'feature-1' }), 'TAG_NOT_MATCHED'],
  ['a tag that has moved on', push({ 'image-digest': otherDigest }), 'TAG_MOVED'],
])('a push with %s is skipped, with a record to close', async (_, event, reason) => {
  const { records, run } = given();

  expect(await run(start(event))).toMatchObject({
    action: 'finish',
    record,
    services: [],
    result: { outcome: 'SKIPPED', reason },
  });
  expect(records.records[record]).toBeDefined();
  expect(records.claims).toEqual({});
});

test('a push whose tag was removed is skipped', async () => {
  expect(await notFound().run(start(push()))).toMatchObject({
    result: { outcome: 'SKIPPED', reason: 'TAG_MOVED' },
  });
});

test.each([
  ['that is no push', push({ 'action-type': 'DELETE' }), 'INVALID_EVENT'],
  ['of another repository', push({ 'repository-name': 'other' }), 'NOT_CONFIGURED'],
])('an event %s is skipped without a record', async (_, event, reason) => {
  const { records, run } = given();

  expect(await run(start(event))).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason } });
  expect(records.writes).toEqual([]);
});

test.each([
  ['input that is wrong', { repository: 'my-learn-app' }, 'the input has neither "tag" nor "digest"'],
  ['a tag that the policy does not allow', { repository: 'my-learn-app', tag: 'feature-1' }, 'give "force": true'],
  ['another repository', { repository: 'other', tag: 'v1' }, 'repository other is not in slipway.yml'],
])('%s by hand is a failure, for a person should hear of it', async (_, input, message) => {
  const answer = await given().run(start(input));

  expect(answer).toMatchObject({ action: 'finish', record: '', result: { outcome: 'FAILED', reason: 'INVALID_INPUT' } });
  expect(answer.result.message).toContain(message);
});

test.each([
  [{ tag: 'v1' }, `image my-learn-app:v1 is not in ${registry}; push it first, or check its tag`],
  [{ digest }, `image my-learn-app@${digest} is not in ${registry}; push it first, or check its digest`],
])('an image by hand that is not there is a failure: %j', async (wanted, message) => {
  expect(await notFound().run(start({ repository: 'my-learn-app', ...wanted }))).toMatchObject({ result: { outcome: 'FAILED', message } });
});

describe('a digest that another release has claimed', () => {
  const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:other';

  test('is left to it while it runs', async () => {
    const { records, run } = given({ isRunning: true });
    records.claims[`my-learn-app ${digest}`] = { execution: other, pushedAt };

    expect(await run(start(push()))).toMatchObject({
      action: 'finish',
      record,
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_RELEASE' },
    });
    expect(records.claims).toEqual({ [`my-learn-app ${digest}`]: { execution: other, pushedAt } });
  });

  test('and pushed before is younger now: what was pushed in between is older than it', async () => {
    const lastDeployed = { digest, tag: 'main-6', pushedAt: '2026-11-23T11:00:00.000Z' };
    const { records, run } = given({
      states: { 'staging/web': { lastDeployed }, 'production/web': { lastDeployed: { ...lastDeployed, digest: otherDigest } } },
    });
    records.claims[`my-learn-app ${digest}`] = { execution: other, pushedAt: lastDeployed.pushedAt };

    await run(start(push()));

    expect(records.claims).toEqual({ [`my-learn-app ${digest}`]: { execution: other, pushedAt } });
    expect(records.states).toMatchObject({
      'staging/web': { lastDeployed: { digest, pushedAt } },
      'production/web': { lastDeployed: { digest: otherDigest, pushedAt: lastDeployed.pushedAt } },
    });
  });

  test('and pushed later stays as old as that', async () => {
    const { records, run } = given();
    records.claims[`my-learn-app ${digest}`] = { execution: other, pushedAt: startedAt };

    await run(start(push()));

    expect(records.claims).toEqual({ [`my-learn-app ${digest}`]: { execution: other, pushedAt: startedAt } });
  });

  test('is taken from one that ended without giving it back', async () => {
    const { records, run } = given({ isRunning: false });
    records.claims[`my-learn-app ${digest}`] = { execution: other, pushedAt };

    expect(await run(start(push()))).toMatchObject({ action: 'proceed' });
    expect(records.claims).toEqual({ [`my-learn-app ${digest}`]: mine });
  });

  test('is taken where it was given back while it was asked for, and Step Functions is not asked about nobody', async () => {
    const records = literalLedger();
    const answers = ['', releaseExecution];
    const run = planRelease({
      configuration,
      registry: () => registry,
      images: { find: async () => image },
      executions: {
        isRunning: async () => {
          throw sdkError('ValidationException');
        },
      },
      records: { ...records, claim: async () => answers.shift() ?? '' },
      states: records.serviceStates,
      history: { firstSeenAt: async (_, now) => now, releasesOf: async () => [] },
    });

    expect(await run(start(push()))).toMatchObject({ action: 'proceed' });
  });
});

describe('a tag that is moved back to an image whose earlier release is in its last stage', () => {
  const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:other';
  const otherRecord = 'repository#my-learn-app release#0#other';
  const before = '2026-11-23T11:00:00.000Z';
  const between = '2026-11-23T11:30:00.000Z';
  const bRecord = 'service#staging/web deployment#b';
  const holding = lease({ record: bRecord, execution: 'arn:x:b' });
  const inLine = { execution: 'arn:x:b', priority: holding.priority, record: bRecord };
  const isA = { digest, pushedAt: before };
  const isB = { digest: otherDigest, pushedAt: between };

  const releasing = (staging: ServiceState, holder: Partial<ReleaseRecord> = {}, b: Partial<DeploymentRecord> = {}) => {
    const { records, run } = given({ states: { 'staging/web': staging } });
    records.records[otherRecord] = releaseRecord({ execution: other, pushedAt: before, stage: 'production', ...holder }) as never;
    records.records[bRecord] = deploymentRecord({ image: { ...image, digest: otherDigest }, ...b }) as never;
    records.claims[`my-learn-app ${digest}`] = { execution: other, pushedAt: before, record: otherRecord };
    return { records, run };
  };

  test.each<[string, ServiceState]>([
    ['runs another image by now', { lastDeployed: isB }],
    ['gets another image now', { lastDeployed: isA, lease: holding }],
    ['is about to get another image', { lastDeployed: isA, queued: inLine }],
    ['was never on it', {}],
  ])('goes on where a service of an earlier stage %s, and has the claim now', async (_, staging) => {
    const { records, run } = releasing(staging);

    expect(await run(start(push()))).toMatchObject({ action: 'proceed', stage: 'staging' });
    expect(records.claims).toEqual({ [`my-learn-app ${digest}`]: mine });
  });

  test.each<[string, ServiceState, Partial<ReleaseRecord>, Partial<DeploymentRecord>]>([
    ['runs it', { lastDeployed: isA }, {}, {}],
    ['gets it', { lease: holding }, {}, { image }],
    ['is about to get it', { queued: inLine }, {}, { image }],
    ['will get it, for its deployment is not begun', {}, { stage: 'staging' }, {}],
    ['runs another one, and the event is that of the same push once more', { lastDeployed: isB }, { pushedAt }, {}],
  ])('is left to that release where the service %s', async (_, staging, holder, b) => {
    const { records, run } = releasing(staging, holder, b);

    expect(await run(start(push()))).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED' } });
    expect(records.claims[`my-learn-app ${digest}`]?.execution).toBe(other);
  });

  test('goes on where that release has ended before it came to its last stage, and has not given its claim back yet', async () => {
    const { run } = releasing(
      { lastDeployed: isA },
      { stage: 'staging', result: resultOf('FAILED', 'AWS_ERROR', 'x'), endedAt: startedAt },
    );

    expect(await run(start(push()))).toMatchObject({ action: 'proceed' });
  });
});

describe('an event of a push that was released before', () => {
  const before = releaseRecord({
    execution: 'arn:x:before',
    pushedAt: '2026-11-23T11:59:58.000Z',
    result: resultOf('ROLLED_BACK', 'CRASHED', 'x'),
    endedAt: startedAt,
  });

  test('comes a second time, and does not bring back what was decided', async () => {
    expect(await given({ releases: [before] }).run(start(push()))).toMatchObject({
      action: 'finish',
      record,
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_RELEASE' },
    });
  });

  test.each<[string, Partial<ReleaseRecord>]>([
    ['of another push of the same image', { pushedAt: '2026-11-23T11:00:00.000Z' }],
    ['that left it to another', { result: resultOf('SKIPPED', 'DUPLICATE_RELEASE', 'x') }],
    ['that is itself', { execution: releaseExecution }],
  ])('but a release %s has decided nothing', async (_, other) => {
    expect(await given({ releases: [{ ...before, ...other }] }).run(start(push()))).toMatchObject({ action: 'proceed' });
  });
});

describe('for the reconciler', () => {
  const input = { repository: 'my-learn-app', tag: 'main-7', reconcile: true, pushedAt: '2026-11-23T10:00:00.000Z' };

  test('a release is automatic, and as old as its push', async () => {
    const { records, run } = given();

    expect(await run(start(input))).toMatchObject({ action: 'proceed', record });
    expect(records.records[record]).toMatchObject({ trigger: { kind: 'reconcile' }, pushedAt: '2026-11-23T10:00:00.000Z' });
  });

  test('a tag that the policy does not allow, or that is gone, is skipped: nobody typed it', async () => {
    expect(await given().run(start({ ...input, tag: 'feature-1' }))).toMatchObject({ result: { outcome: 'SKIPPED' } });
    expect(await notFound().run(start(input))).toMatchObject({
      result: { outcome: 'SKIPPED', reason: 'TAG_MOVED' },
    });
  });
});
