import type { Configuration, Stage } from '../../../core/configuration/configuration.js';
import { deploymentName, releaseName } from '../../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { planOf } from '../../../core/release/planned-stages.js';
import { resultOf } from '../../../core/result/result.js';
import {
  configuration,
  deploymentRecord,
  digest,
  image,
  later,
  lease,
  otherDigest,
  queueEntry,
  releaseExecution,
  releaseRecord,
  startedAt,
  stateOf,
} from '../../core/given.js';
import { given, mine, push, pushedAt, record, start } from './given-release.js';

describe('a digest that another release has claimed', () => {
  const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:other';

  test('is left to that release while it runs', async () => {
    const claim = { execution: other, pushes: { staging: pushedAt, production: pushedAt } };
    const { table, run } = given({ claims: { [digest]: claim } });

    expect(await run(start(push()))).toMatchObject({
      action: 'finish',
      record,
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_RELEASE' },
    });
    expect(await table.claim(digest)).toEqual(claim);
  });

  test('and that was pushed before gets the time of the later push, so that images pushed in between are older', async () => {
    const lastDeployed = { digest, tag: 'main-6', pushedAt: '2026-11-23T11:00:00.000Z' };
    const { table, run } = given({
      states: {
        'staging/web': stateOf({ lastDeployed }),
        'production/web': stateOf({ lastDeployed: { ...lastDeployed, digest: otherDigest } }),
      },
      claims: { [digest]: { execution: other, pushes: { staging: lastDeployed.pushedAt } } },
    });

    await run(start(push()));

    expect(await table.claim(digest)).toEqual({ execution: other, pushes: { staging: pushedAt, production: pushedAt } });
    expect(await table.state('staging/web')).toMatchObject(stateOf({ lastDeployed: { digest, pushedAt } }));
    expect(await table.state('production/web')).toMatchObject(
      stateOf({ lastDeployed: { digest: otherDigest, pushedAt: lastDeployed.pushedAt } }),
    );
  });

  test('keeps the latest push that several releases of it save at the same time', async () => {
    const lastDeployed = { digest, tag: 'main-6', pushedAt: '2026-11-23T11:00:00.000Z' };
    const claim = { execution: other, pushes: { staging: lastDeployed.pushedAt, production: lastDeployed.pushedAt } };
    const { table, run } = given({ states: { 'staging/web': stateOf({ lastDeployed }) }, claims: { [digest]: claim } });
    const latest = { staging: later, production: later };
    const [saveClaim, savePush] = [table.records.recordLaterPushes.bind(table.records), table.states.recordLaterPush.bind(table.states)];
    jest.spyOn(table.records, 'recordLaterPushes').mockImplementationOnce(async (...call) => {
      await saveClaim('my-learn-app', digest, claim, latest);
      return saveClaim(...call);
    });
    jest.spyOn(table.states, 'recordLaterPush').mockImplementationOnce(async (...call) => {
      await savePush('staging/web', 'my-learn-app', lastDeployed, later);
      return savePush(...call);
    });

    await run(start(push()));

    expect(await table.claim(digest)).toEqual({ ...claim, pushes: latest });
    expect(await table.state('staging/web')).toEqual(stateOf({ lastDeployed: { ...lastDeployed, pushedAt: later } }));
  });

  test('and that was pushed later keeps its time', async () => {
    const claim = { execution: other, pushes: { staging: startedAt, production: startedAt } };
    const { table, run } = given({ claims: { [digest]: claim } });

    await run(start(push()));

    expect(await table.claim(digest)).toEqual(claim);
  });

  test('is taken over from a release that ended without releasing it', async () => {
    const { table, run } = given({ isRunning: false, claims: { [digest]: { execution: other, pushes: {} } } });

    expect(await run(start(push()))).toMatchObject({ action: 'proceed' });
    expect(await table.claim(digest)).toEqual(mine);
  });

  test('is claimed if it was released in between, without a question to Step Functions', async () => {
    const { table, run } = given({
      isRunning: () => {
        throw new Error('nothing is asked');
      },
    });
    jest.spyOn(table.records, 'claim').mockResolvedValueOnce(false);

    expect(await run(start(push()))).toMatchObject({ action: 'proceed' });
    expect(await table.claim(digest)).toEqual(mine);
  });
});

describe('a tag that is moved back to an image whose earlier release is in its last stage', () => {
  const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:other';
  const before = '2026-11-23T11:00:00.000Z';
  const otherRecord = `repository#my-learn-app release#${before}#other`;
  const between = '2026-11-23T11:30:00.000Z';
  const bRecord = 'service#staging/web deployment#b';
  const bExecution = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:b';
  const holding = lease({ record: bRecord, execution: bExecution });
  const queued = { 'my-learn-app': queueEntry({ execution: bExecution, priority: holding.priority, record: bRecord }) };
  const isA = { digest, pushedAt: before };
  const isB = { digest: otherDigest, pushedAt: between };

  const releasing = (staging: ServiceState, holder: Partial<ReleaseRecord> = {}, b: Partial<DeploymentRecord> = {}) => {
    return given({
      states: { 'staging/web': staging },
      records: {
        [otherRecord]: releaseRecord({ execution: other, pushedAt: before, stage: 'production', ...holder }),
        [bRecord]: deploymentRecord({ image: { ...image, digest: otherDigest }, ...b }),
      },
      claims: { [digest]: { execution: other, record: otherRecord, pushes: { staging: before, production: before } } },
    });
  };

  test.each<[string, ServiceState]>([
    ['runs another image by now', stateOf({ lastDeployed: isB })],
    ['gets another image now', stateOf({ lastDeployed: isA }, { lease: holding })],
    ['is about to get another image', stateOf({ lastDeployed: isA }, { queued })],
    ['never ran it', {}],
  ])('proceeds and takes the claim if a service of an earlier stage %s', async (_, staging) => {
    const { table, run } = releasing(staging);

    expect(await run(start(push()))).toMatchObject({ action: 'proceed', stage: 'staging' });
    expect(await table.claim(digest)).toEqual({ ...mine, beside: [otherRecord] });
  });

  test.each<[string, ServiceState, Partial<ReleaseRecord>, Partial<DeploymentRecord>]>([
    ['runs it', stateOf({ lastDeployed: isA }), {}, {}],
    ['gets it', { lease: holding }, {}, { image }],
    ['is about to get it', { queued }, {}, { image }],
    ['will get it because its deployment has not started', {}, { stage: 'staging' }, {}],
    ['runs another one, and the event belongs to the same push', stateOf({ lastDeployed: isB }), { pushedAt }, {}],
  ])('is left to that release if the service %s', async (_, staging, holder, b) => {
    const { table, run } = releasing(staging, holder, b);

    expect(await run(start(push()))).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED' } });
    expect((await table.claim(digest))?.execution).toBe(other);
  });

  test('is left to that release if the event of a replication comes twice', async () => {
    const { run } = releasing(stateOf({ lastDeployed: isB }), { pushedAt });
    const event = { ...push({ 'action-type': 'REPLICATE' }), 'detail-type': 'ECR Replication Action' };

    expect(await run(start(event))).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED' } });
  });

  test('proceeds if that release ended before its last stage, and has not released its claim yet', async () => {
    const { run } = releasing(stateOf({ lastDeployed: isA }), {
      stage: 'staging',
      result: resultOf('FAILED', 'AWS_ERROR', 'x'),
      endedAt: startedAt,
    });

    expect(await run(start(push()))).toMatchObject({ action: 'proceed' });
  });
});

describe('a tag that adds a stage to an image whose release is under way', () => {
  const repository = configuration.repositories['my-learn-app']!;
  const [staging, production] = repository.stages as [Stage, Stage];
  const byTag: Configuration = {
    ...configuration,
    repositories: {
      'my-learn-app': {
        ...repository,
        tags: [],
        stages: [
          { ...staging, tags: ['main-*', 'latest'] },
          { ...production, tags: ['v*', 'latest'], before: { like: 'production/web', command: ['migrate'], timeoutSeconds: 600 } },
        ],
      },
    },
  };
  const before = '2026-11-23T11:00:00.000Z';
  const execution = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:main';
  const name = releaseName('my-learn-app', before, execution);
  const planFor = (tag: string) => planOf(byTag, { ...image, tag }, before);
  const main = releaseRecord({ execution, startedAt: before, pushedAt: before, ...planFor('main-7') });
  const promoting = releaseRecord({ execution, startedAt: before, pushedAt: before, ...planFor('v1.4.2') });
  const running = (holder: ReleaseRecord, more: Parameters<typeof given>[0] = {}) =>
    given({
      configuration: byTag,
      ...more,
      records: { [name]: holder, ...more.records },
      claims: { [digest]: { execution, record: name, pushes: { [holder.stage ?? '']: before } } },
    });
  const tagged = (tag: string) => start(push({ 'image-tag': tag }));
  const promote = tagged('v1.4.2');

  test('joins it: the stage is deployed after the current one, under a name of its own, with its tag and its push', async () => {
    const { table, run } = running(main, { found: [{ ...image, tag: 'v1.4.2' }] });

    expect(await run(promote)).toMatchObject({
      action: 'finish',
      record,
      result: { outcome: 'SKIPPED', reason: 'JOINED_RELEASE', message: expect.stringMatching(/^production is deployed by .*: main$/) },
    });
    const joined = await table.record(name);
    expect(joined).toMatchObject({ stage: 'staging', passedOver: [] });
    expect(joined?.stages).toMatchObject([
      { name: 'staging' },
      {
        name: 'production',
        tag: 'v1.4.2',
        pushedAt,
        before: { service: 'production/web', name: expect.stringContaining('20261123120000000-2-0') },
        deployments: [
          { service: 'production/web', name: expect.stringContaining('20261123120000000-2-1') },
          { service: 'production/worker', name: expect.stringContaining('20261123120000000-2-2') },
        ],
      },
    ]);
    expect(await table.claim(digest)).toEqual({ execution, record: name, pushes: { staging: before, production: pushedAt } });
  });

  test.each<[string, object, object]>([
    ['is left to it while the before task of the stage runs', {}, { action: 'finish', result: { reason: 'DUPLICATE_RELEASE' } }],
    ['is deployed anew once that was skipped', { result: resultOf('SKIPPED', 'ON_HOLD', 'on hold') }, { action: 'proceed' }],
  ])('that the release has begun %s', async (_, ended, answer) => {
    const [stage] = promoting.stages ?? [];
    const task = deploymentName('production/web', startedAt, execution.replace('release:main', `deployment:${stage?.before?.name}`));
    const { run } = running(
      { ...promoting, begun: 'production' },
      { records: { [task]: deploymentRecord({ operation: { kind: 'beforeTask' }, ...ended }) } },
    );

    expect(await run(promote)).toMatchObject(answer);
  });

  test('answers the same if it runs again, also once that release has ended', async () => {
    const { table, run } = running(main);

    const answer = await run(promote);
    expect(await run(promote)).toEqual(answer);
    await table.records.close(name, { result: resultOf('FAILED', 'AWS_ERROR', 'x'), endedAt: later }, 0);
    await table.records.releaseClaim('my-learn-app', digest, execution);
    expect(await run(promote)).toEqual(answer);
    expect((await table.record(name))?.stages).toHaveLength(2);
  });

  test('an event that comes twice is a duplicate of what joined', async () => {
    const { table, run } = running(main);
    await run(promote);

    expect(await run({ ...promote, execution: `${releaseExecution}-again` })).toMatchObject({ result: { reason: 'DUPLICATE_RELEASE' } });
    // Who asks about either is led to the release that deploys.
    expect([await table.record(record), await table.record(`${record}-again`)]).toMatchObject([{ other: name }, { other: name }]);
  });

  test.each<[string, Partial<ReleaseRecord>]>([
    ['is decided', { decided: true }],
    ['has ended', { endedAt: later }],
    ['rolls back', { rollback: { of: name, deployments: [] } }],
    ['has failed in its stage', { stageFailure: { stage: 'staging', service: 'staging/web', at: later } }],
    ['was started by an operator', { trigger: { kind: 'hand' } }],
  ])('takes the claim over and starts at its own stage if that release %s', async (_, changes) => {
    const { table, run } = running({ ...main, ...changes });

    expect(await run(promote)).toMatchObject({ action: 'proceed', stage: 'production' });
    expect((await table.record(name))?.stages).toHaveLength(1);
    expect((await table.claim(digest))?.execution).toBe(releaseExecution);
  });

  test('starts at its own stage if that comes before the one in progress, and leaves the later one to that release', async () => {
    const { table, run } = running(promoting);

    expect(await run(tagged('latest'))).toMatchObject({ action: 'proceed', stage: 'staging' });
    expect(await table.record(record)).toMatchObject({
      stages: [{ name: 'staging' }],
      passedOver: [{ stage: 'production', message: expect.stringContaining('main') }],
    });
    expect(await table.claim(digest)).toEqual({
      ...mine,
      pushes: { staging: pushedAt, production: pushedAt },
      beside: [name],
    });
  });

  test('is left to a release that has given the claim up to a later one', async () => {
    const { table, run } = running(promoting);
    await run(tagged('main-7'));
    const again = { ...tagged('latest'), execution: `${releaseExecution}-latest` };

    expect(await run(again)).toMatchObject({ result: { reason: 'DUPLICATE_RELEASE' } });
    await table.records.close(record, { result: resultOf('SUCCEEDED', 'DEPLOYED', 'x'), endedAt: later }, 0);
    await table.records.releaseClaim('my-learn-app', digest, releaseExecution);
    expect(await table.claim(digest)).toMatchObject({ execution, record: name });
    await table.records.releaseClaim('my-learn-app', digest, execution);
    expect(await table.claim(digest)).toBeUndefined();
  });

  test.each<[string, Partial<ReleaseRecord>, string]>([
    ['waits before the stage', { stage: 'production', begun: 'staging' }, 'proceed'],
    ['comes to the stage later', { stage: 'staging', begun: 'staging' }, 'proceed'],
    ['has begun the stage', { stage: 'production', begun: 'production' }, 'finish'],
  ])('by hand with force, a release that %s does not stand for it', async (_, changes, action) => {
    const holder = releaseRecord({ execution, startedAt: before, pushedAt: before, ...planFor('latest'), ...changes });
    const lastDeployed = { digest, pushedAt: before };
    const { run } = running(holder, { states: { 'staging/web': stateOf({ lastDeployed }) } });

    expect(await run(start({ repository: 'my-learn-app', digest, force: true }))).toMatchObject({ action });
    expect(await run(start({ repository: 'my-learn-app', digest, ignoreWindow: true }))).toMatchObject({ action });
    const { run: runWithout } = running(holder, { states: { 'staging/web': stateOf({ lastDeployed }) } });
    expect(await runWithout(start({ repository: 'my-learn-app', digest }))).toMatchObject({ action: 'finish' });
  });

  test('by hand it starts at once instead of joining', async () => {
    const { run } = running(main);

    expect(await run(start({ repository: 'my-learn-app', tag: 'v1.4.2', by: 'ada' }))).toMatchObject({
      action: 'proceed',
      stage: 'production',
    });
  });

  test('a push to one stage does not make the image newer in another', async () => {
    const lastDeployed = { digest, pushedAt: before };
    const { table, run } = running(main, {
      states: { 'staging/web': stateOf({ lastDeployed }), 'production/web': stateOf({ lastDeployed }) },
    });

    await run(promote);

    expect(await table.state('staging/web')).toEqual(stateOf({ lastDeployed }));
    expect(await table.state('production/web')).toEqual(stateOf({ lastDeployed: { digest, pushedAt } }));
  });

  describe('races the end of that release', () => {
    const decidedOrJoined = async (order: 'decide' | 'join') => {
      const { table, run } = running(main);
      const join = table.records.joinStages.bind(table.records);
      const seen = (await table.records.release(name)).stages;
      let isDecided = false;
      const decide = async () => {
        isDecided ||= await table.records.decide(name, seen);
      };
      jest.spyOn(table.records, 'joinStages').mockImplementation(async (...call) => {
        if (order === 'decide') await decide();
        const hasJoined = await join(...call);
        await decide();
        return hasJoined;
      });
      const answers = [await run(promote), await run(promote)];
      return { answers, isDecided, stages: (await table.record(name))?.stages?.map((one) => one.name) };
    };

    test('the end first: the release takes no stage, and the other one deploys it', async () => {
      const { answers, isDecided, stages } = await decidedOrJoined('decide');

      expect(isDecided).toBe(true);
      expect(stages).toEqual(['staging']);
      for (const answer of answers) expect(answer).toMatchObject({ action: 'proceed', stage: 'production' });
    });

    test('the stage first: the release does not end without it', async () => {
      const { answers, isDecided, stages } = await decidedOrJoined('join');

      expect(isDecided).toBe(false);
      expect(stages).toEqual(['staging', 'production']);
      for (const answer of answers) expect(answer).toMatchObject({ result: { reason: 'JOINED_RELEASE' } });
    });

    test('that it moves on meanwhile is read again', async () => {
      const { table, run } = running(releaseRecord({ ...main, stages: [...(main.stages ?? []), { name: 'later', deployments: [] }] }), {
        states: { 'staging/web': stateOf({ lastDeployed: { digest, pushedAt: before } }) },
      });
      const join = table.records.joinStages.bind(table.records);
      jest.spyOn(table.records, 'joinStages').mockImplementationOnce(async (...call) => {
        await table.records.update(name, { stage: 'later' });
        return join(...call);
      });

      expect(await run(promote)).toMatchObject({ action: 'proceed', stage: 'production' });
      expect((await table.record(name))?.stages?.map((one) => one.name)).toEqual(['staging', 'later']);
    });
  });

  test('a release that was joined does not end as the duplicate of an earlier one', async () => {
    const earlier = releaseRecord({
      execution: 'arn:x:before',
      pushedAt,
      ...planFor('main-7'),
      result: resultOf('SUCCEEDED', 'DEPLOYED', 'x'),
      endedAt: startedAt,
    });
    const { table, run } = given({ configuration: byTag, records: { [releaseName('my-learn-app', startedAt, 'arn:x:before')]: earlier } });
    const decide = table.records.decide.bind(table.records);
    jest.spyOn(table.records, 'decide').mockImplementationOnce(async (...call) => {
      await run({ ...promote, execution: `${releaseExecution}-v` });
      return decide(...call);
    });

    expect(await run(tagged('main-7'))).toMatchObject({ action: 'proceed', stage: 'staging' });
    expect((await table.record(record))?.stages?.map((one) => one.name)).toEqual(['staging', 'production']);
  });
});
