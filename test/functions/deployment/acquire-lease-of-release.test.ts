import type { DeploymentRecord, ServiceState, Source, Undone } from '../../../core/records/records.js';
import { digest, good, later, lease, otherDigest, queueEntry, releaseRecord, revisionArn, startedAt, stateOf } from '../../core/given.js';
import { earlier, endedAt, given, held, mine, myPlace, name, other, push, releaseName, third } from './given-requester.js';

const notBegun = { action: 'finish', result: { outcome: 'FAILED', reason: 'STAGE_FAILED' } };
const superseded = { action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } };

describe('a deployment whose stage has failed', () => {
  const stageFailure = { stage: 'production', service: 'production/worker', at: startedAt };
  const record: Partial<DeploymentRecord> = { release: releaseName, stage: 'production', operation: { kind: 'image' } };
  const failing = releaseRecord({ stage: 'production', stageFailure });

  test.each<[string, ServiceState]>([
    ['the lease is free', {}],
    ['another one has the lease', { lease: held() }],
    [
      'an older push has its place',
      { lease: held(), queued: { 'my-learn-app': queueEntry({ execution: third, priority: push({ execution: third }) }) } },
    ],
    ['it has the lease', { lease: mine }],
    ['it waits in its place', { lease: held(), queued: { 'my-learn-app': myPlace } }],
  ])('does not begin, and takes nothing, although %s', async (_, state) => {
    const { table, taken, run } = given({ record, release: failing, state });

    expect(await run()).toMatchObject(notBegun);
    expect([table.writes, taken]).toEqual([[name], []]);
  });

  test('does not wait if it fails between its look and its place in the queue, where its token was not known', async () => {
    const { table, run } = given({ record, release: releaseRecord({ stage: 'production' }), state: { lease: held() } });
    const enqueue = table.states.enqueue.bind(table.states);
    jest.spyOn(table.states, 'enqueue').mockImplementationOnce(async (...entry) => {
      await table.records.failStage(releaseName, stageFailure);
      return enqueue(...entry);
    });

    expect(await run()).toMatchObject(notBegun);
  });

  test.each<[string, Partial<DeploymentRecord>, object]>([
    ['another stage failed', record, { stageFailure: { ...stageFailure, stage: 'staging' } }],
    ['nothing failed', record, { stageFailure: undefined }],
    ['its release is not known', { ...record, release: 'repository#my-learn-app release#0' }, {}],
  ])('begins if %s', async (_, its, changes) => {
    const { run } = given({ record: its, release: { ...failing, ...changes } });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });
});

describe('a rollback of a release', () => {
  const undoes: Undone = { repository: 'my-learn-app', digest, revision: revisionArn(8), previousRevision: revisionArn(7) };
  const lastDeployed = { digest, tag: 'main-7', pushedAt: startedAt };
  const released = (source: Source = {}, more: ServiceState = {}): ServiceState => ({
    ...stateOf({ lastDeployed, ...source }),
    expectedRevisions: [revisionArn(8)],
    ...more,
  });
  const undo = (changes: Partial<DeploymentRecord> = {}): Partial<DeploymentRecord> => ({
    image: undefined as never,
    operation: { kind: 'releaseRollback', deployment: 'service#production/web deployment#0' },
    release: releaseName,
    stage: 'production',
    undoes,
    ...changes,
  });
  const release = releaseRecord({
    stage: 'production',
    stageFailure: { stage: 'production', service: 'production/worker', at: startedAt },
  });
  const ofOther = held({ priority: push({ source: 'my-proxy', execution: other, pushedAt: earlier }) });
  const newer = push({ execution: third, digest: otherDigest, pushedAt: later });
  const queuedNewer = { 'my-learn-app': queueEntry({ execution: third, priority: newer }) };

  test('takes the lease, although its stage has failed, the service is on hold and its digest is quarantined', async () => {
    const quarantine = [{ digest, reason: 'CANCELLED', at: startedAt }];
    const hold = { at: startedAt };
    const { state, run } = given({ record: undo(), release, state: released({ quarantine }, { hold }), everywhere: { hold } });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toMatchObject({ lease: { ...mine, priority: push() }, ...stateOf({ lastDeployed, quarantine }) });
    expect((await state())?.sources?.['my-learn-app']).not.toHaveProperty('withheld');
  });

  test('is as new as the last push of what it undoes', async () => {
    const { table, state, run } = given({ record: undo(), release, state: released() });
    await table.records.claim('my-learn-app', digest, { execution: other, pushes: { production: later }, record: releaseName });

    await run();

    expect((await state())?.lease?.priority).toMatchObject({ source: 'my-learn-app', digest, pushedAt: later });
  });

  test.each<[string, ServiceState]>([
    ['a newer image has been deployed', released({ lastDeployed: { digest: otherDigest, pushedAt: later } })],
    ['an operator has rolled the service back', released({ lastDeployed: { digest: otherDigest, pushedAt: startedAt } })],
    ['another deployer was the last', released({}, { expectedRevisions: [] })],
  ])('changes nothing once %s', async (_, state) => {
    expect(await given({ record: undo(), release, state }).run()).toMatchObject(superseded);
  });

  test.each<[string, ServiceState]>([
    ['holds the lease', released({}, { lease: held({ priority: { ...newer, execution: other } }) })],
    ['waits for it', released({}, { lease: ofOther, queued: queuedNewer })],
    ['waits for it, while it is free', released({}, { queued: queuedNewer })],
  ])('leaves the service to a newer push that %s', async (_, state) => {
    const { table, run } = given({ record: undo(), release, state });

    expect(await run()).toMatchObject(superseded);
    expect(table.writes).toEqual([name]);
  });

  test('waits behind a deployment of another source, and takes the place of an older push', async () => {
    const older = queueEntry({
      execution: third,
      priority: push({ execution: third, digest: otherDigest, pushedAt: earlier }),
      token: 'older',
    });
    const { state, taken, run } = given({
      record: undo(),
      release,
      state: released({}, { lease: ofOther, queued: { 'my-learn-app': older } }),
    });

    expect(await run()).toBeUndefined();
    expect((await state())?.queued).toMatchObject({ 'my-learn-app': { priority: push(), token: 'token of the visit' } });
    expect(taken).toEqual([['older', 'Woken']]);
  });

  test('of a version goes before a lower one that was pushed later, which would not be deployed over it', async () => {
    const lower = push({ execution: third, digest: otherDigest, version: 'v1.9.3', pushedAt: later });
    const queued = { 'my-learn-app': queueEntry({ execution: third, priority: lower }) };
    const record = undo({ undoes: { ...undoes, version: 'v1.10.0' } });

    expect(await given({ record, release, state: released({}, { queued }) }).run()).toMatchObject({ action: 'proceed' });
  });

  test('undoes its source although another one was deployed meanwhile', async () => {
    const proxy = good({ repository: 'my-proxy', revision: revisionArn(9) });
    const knownGood = [good({ digest, revision: revisionArn(8) }), proxy];

    expect(
      await given({ record: undo(), release, state: released({}, { expectedRevisions: [revisionArn(9)], knownGood }) }).run(),
    ).toMatchObject({ action: 'proceed' });
  });

  test('waits for an operator’s rollback that has the lease; if that has failed, it rolls back itself', async () => {
    const byHand = held({ priority: push({ isByHand: true, source: '', digest: '', execution: other }) });
    const itsRecord = { operation: { kind: 'rollback' } } as const;
    const waits = given({ record: undo(), release, state: released({}, { lease: byHand }), itsRecord });
    const after = given({
      record: undo(),
      release,
      state: released({}, { lease: byHand }),
      itsRecord: { ...itsRecord, result: { outcome: 'FAILED', reason: 'INVALID_INPUT', message: 'x' }, endedAt: startedAt },
      liveness: { [other]: endedAt(startedAt) },
    });

    expect(await waits.run()).toBeUndefined();
    expect(await after.run()).toMatchObject({ action: 'proceed' });
  });

  test('of an operator waits in the place for operators, and goes before a newer push that waits', async () => {
    const record = undo({ trigger: { kind: 'hand', by: 'ada' }, undoes: { ...undoes, isByOperator: true } });
    const { state, run } = given({ record, release, state: released({}, { lease: ofOther, queued: queuedNewer }) });

    expect(await run()).toBeUndefined();
    expect((await state())?.queued).toMatchObject({ OPERATOR: { priority: { isByHand: true, source: 'my-learn-app', digest } } });
    expect(await given({ record, release, state: released({}, { queued: queuedNewer }) }).run()).toMatchObject({ action: 'proceed' });
  });

  test('of an operator ends where a newer image was deployed while it waited', async () => {
    const record = undo({ trigger: { kind: 'hand', by: 'ada' }, undoes: { ...undoes, isByOperator: true } });
    const state = released({ lastDeployed: { digest: otherDigest, pushedAt: later } });

    expect(await given({ record, release, state }).run()).toMatchObject(superseded);
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['of its source, which is needless', 'my-learn-app', 'DUPLICATE_ROLLBACK'],
    ['of any source, which is needless', undefined, 'DUPLICATE_ROLLBACK'],
    ['of another source, which waits', 'my-proxy', undefined],
  ])('in progress is not rolled back by an operator’s rollback %s', async (_, repository, reason) => {
    const { table, state, run } = given({
      record: {
        image: undefined as never,
        trigger: { kind: 'hand', by: 'ada' },
        operation: { kind: 'rollback', ...(repository !== undefined && { repository }) },
      },
      state: released({}, { lease: lease({ ...held(), priority: push({ execution: other }) }) }),
      itsRecord: undo({ updateRequestedAt: startedAt }),
    });

    expect((await run())?.result.reason).toBe(reason);
    expect(await state()).not.toHaveProperty('cancel');
    expect((await table.record(name))?.cancelTarget).toBeUndefined();
  });
});
