import type { ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { execution, later, otherDigest, priority, queueEntry, startedAt } from '../../core/given.js';
import { sdkError } from '../given-failure.js';
import { earlier, endedAt, type Given, given, held, mine, myPlace, other, others, push, running, third } from './given-requester.js';

describe('the place in the queue', () => {
  const queued = { 'my-learn-app': myPlace };

  test('behind an older deployment that runs is taken, with the token that wakes it', async () => {
    const { state, run } = given({ state: { fencingToken: 4, lease: held() } });

    expect(await run()).toBeUndefined();
    expect(await state()).toEqual({ fencingToken: 5, lease: held(), queued });
  });

  test('keeps its turn, and gets the token of each visit', async () => {
    const { state, run } = given({ state: { fencingToken: 4, lease: held() } });

    await run();
    expect(
      await run('2026-11-23T12:10:00.000Z', { visit: { number: 2, retry: 0 }, token: 'another', because: 'timedOut' }),
    ).toBeUndefined();
    expect(await state()).toEqual({ fencingToken: 6, lease: held(), queued: { 'my-learn-app': { ...myPlace, token: 'another' } } });
  });

  test('does not get back the token of an earlier visit', async () => {
    const { state, run } = given({ state: { fencingToken: 4, lease: held() } });

    await run(later, { visit: { number: 2, retry: 0 }, token: 'another' });
    expect(await run()).toBeUndefined();
    expect(await state()).toMatchObject({ fencingToken: 5, queued: { 'my-learn-app': { token: 'another' } } });
  });

  test('is left when the lease is free', async () => {
    const { state, run } = given({ state: { fencingToken: 4, queued } });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 5, lease: mine });
  });

  test('is not entered while the holder releases the lease: the deployment decides again, and takes it', async () => {
    const { table, state, run } = given({ state: { fencingToken: 4, lease: held() } });
    const { enqueue } = table.states;
    jest.spyOn(table.states, 'enqueue').mockImplementationOnce(async (...entry) => {
      await table.states.leave('production/web', { change: {}, places: [] }, await table.states.of('production/web'));
      return enqueue.apply(table.states, entry);
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 6, lease: mine });
  });

  test.each([
    ['an older deployment', push({ execution: third, pushedAt: earlier }), running],
    ['a newer deployment whose execution has ended', push({ execution: third, pushedAt: later }), endedAt(startedAt)],
  ])('is taken from %s, which is woken after the write', async (_, itsPriority, itsLiveness) => {
    const { table, taken, state, run } = given({
      state: {
        lease: held(),
        queued: { 'my-learn-app': queueEntry({ execution: third, record: others, since: earlier, priority: itsPriority, token: 'its' }) },
      },
      liveness: { [other]: running, [third]: itsLiveness },
    });
    const { enqueue } = table.states;
    jest.spyOn(table.states, 'enqueue').mockImplementationOnce(async (...entry) => {
      expect(taken).toEqual([]);
      return enqueue.apply(table.states, entry);
    });

    expect(await run()).toBeUndefined();
    // The place keeps its turn.
    expect((await state())?.queued).toEqual({ 'my-learn-app': { ...myPlace, since: earlier } });
    expect(taken).toEqual([['its', 'Woken']]);
  });

  test('is taken together with the lease from an older deployment, which is woken to find itself replaced', async () => {
    const place = queueEntry({ execution: third, record: others, priority: push({ execution: third, pushedAt: earlier }), token: 'its' });
    const { state, taken, run } = given({ state: { queued: { 'my-learn-app': place } } });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 1, lease: mine });
    expect(taken).toEqual([['its', 'Woken']]);
  });

  test('is taken from a deployment that is woken though Step Functions fails for a moment: a retry does not know its token', async () => {
    const place = queueEntry({ execution: third, record: others, priority: push({ execution: third, pushedAt: earlier }), token: 'its' });
    const { tokens, taken, run } = given({ state: { lease: held(), queued: { 'my-learn-app': place } } });
    jest.spyOn(tokens, 'wake').mockRejectedValueOnce(sdkError('ThrottlingException'));

    expect(await run()).toBeUndefined();
    expect(taken).toEqual([['its', 'Woken']]);
  });

  test('is taken from one that nothing waits with any more, or that a version without tokens wrote', async () => {
    const place = queueEntry({ execution: third, record: others, since: earlier, priority: push({ execution: third, pushedAt: earlier }) });
    for (const token of [{ token: 'its' }, {}]) {
      const { state, run } = given({ state: { lease: held(), queued: { 'my-learn-app': { ...place, ...token } } }, closed: ['its'] });

      expect(await run()).toBeUndefined();
      expect((await state())?.queued).toEqual({ 'my-learn-app': { ...myPlace, since: earlier } });
    }
  });

  test.each<[string, ServiceState]>([
    ['a newer deployment runs', { lease: held({ priority: push({ execution: other, pushedAt: later, digest: otherDigest }) }) }],
    [
      'a newer deployment is queued',
      {
        lease: held({ execution: third }),
        queued: { 'my-learn-app': queueEntry({ execution: other, record: others, priority: push({ pushedAt: later }) }) },
      },
    ],
  ])('is not taken if %s', async (_, state) => {
    const { table, run } = given({ state });

    const before = await table.state('production/web');
    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'REPLACED_IN_QUEUE', message: expect.stringContaining('two') },
    });
    expect(await table.state('production/web')).toEqual(before);
  });
});

describe('an operator’s start while that of another one waits', () => {
  const behind = (liveness = running): Given => ({
    record: { trigger: { kind: 'hand' } },
    state: {
      lease: held({ execution: third }),
      queued: { OPERATOR: queueEntry({ execution: other, record: others, since: earlier, priority: priority({ execution: other }) }) },
    },
    liveness: { [other]: liveness, [third]: running },
  });

  test.each<[string, Given]>([
    ['an image', {}],
    ['a rollback', { record: { trigger: { kind: 'hand' }, operation: { kind: 'rollback', repository: 'my-proxy' } } }],
  ])('is refused, and names it: %s', async (_, changes) => {
    const itsRecord = { trigger: { kind: 'hand', by: 'ada', reason: 'v7 is slow' } } as const;
    const { state, run } = given({ ...behind(), itsRecord, ...changes });
    const answer = await run();

    expect(answer).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'OPERATOR_WAITING' } });
    for (const fact of ['ada', 'v7 is slow', earlier, 'two']) expect(answer?.result.message).toContain(fact);
    expect(await state()).toEqual(behind().state);
  });

  test('is refused without its name if its record is gone', async () => {
    const { run } = given(behind());

    expect(await run()).toMatchObject({ result: { reason: 'OPERATOR_WAITING', message: expect.stringContaining('another operator') } });
  });

  test('takes its place once its execution has ended', async () => {
    const { state, run } = given(behind(endedAt(startedAt)));

    expect(await run()).toBeUndefined();
    expect((await state())?.queued).toMatchObject({ OPERATOR: { execution, since: earlier } });
  });
});

describe('a holder whose last Lambda invocation may still run', () => {
  const draining = { state: { lease: held() }, itsRecord: {}, liveness: { [other]: endedAt('2026-11-23T12:04:30.000Z') } };

  test('is waited for in the queue, and asked again after 65 s, as nothing wakes the queue then', async () => {
    const { state, run } = given(draining);

    expect(await run()).toMatchObject({ action: 'wait', seconds: 65 });
    expect(await state()).toEqual({ fencingToken: 1, lease: held(), queued: { 'my-learn-app': myPlace } });
  });

  test('is asked again once: the next visit waits until then, and the one after it takes the lease', async () => {
    const { run } = given(draining);

    await run();
    expect(await run('2026-11-23T12:05:00.200Z', { visit: { number: 2, retry: 0 }, seconds: 65 })).toBeUndefined();
    expect(await run('2026-11-23T12:06:05.200Z', { visit: { number: 3, retry: 0 }, because: 'timedOut', seconds: 300 })).toMatchObject({
      action: 'proceed',
    });
  });

  test('is asked again also if it runs, and has closed its record', async () => {
    const { run } = given({ state: { lease: held() }, itsRecord: { result: resultOf('SUCCEEDED', 'DEPLOYED', 'x'), endedAt: later } });

    expect(await run()).toMatchObject({ action: 'wait', seconds: 65 });
  });
});

describe('deployments of two sources', () => {
  const proxy = push({ source: 'my-proxy', execution: third, pushedAt: later });
  const proxyPlace = { 'my-proxy': queueEntry({ execution: third, record: others, since: earlier, priority: proxy }) };

  test('do not compete: one waits for a newer one of the other source in its own place', async () => {
    const holder = held({ priority: { ...proxy, execution: other } });
    const { state, run } = given({ state: { lease: holder, queued: proxyPlace } });

    expect(await run()).toBeUndefined();
    expect(await state()).toEqual({ fencingToken: 1, lease: holder, queued: { ...proxyPlace, 'my-learn-app': myPlace } });
  });

  test('take turns: the place that has been taken for longer is first', async () => {
    const { state, run } = given({ state: { queued: proxyPlace } });

    expect(await run()).toBeUndefined();
    expect(await state()).toEqual({ fencingToken: 1, queued: { ...proxyPlace, 'my-learn-app': myPlace } });
  });

  test('leave the other’s place as it is', async () => {
    const { state, run } = given({
      state: { fencingToken: 4, queued: { ...proxyPlace, 'my-learn-app': { ...myPlace, since: '2026-11-23T11:58:00Z' } } },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
    expect(await state()).toEqual({ fencingToken: 5, lease: mine, queued: proxyPlace });
  });
});

describe('a verification of the holder', () => {
  const watching = (verifying: 'holds' | 'yields') => ({
    'production/web': { record: others, execution: other, fencingToken: 1, news: 0, seen: 0, token: 'of Verify', verifying },
  });
  const byHand = { trigger: { kind: 'hand' } } as const;

  test.each<[string, Given, boolean]>([
    ['is woken by an operator', { record: byHand, watched: watching('holds') }, true],
    ['is woken by a newer push if it yields', { watched: watching('yields') }, true],
    ['is not by a newer push that it does not yield to', { watched: watching('holds') }, false],
    [
      'is not by a push of another source',
      { state: { lease: held({ priority: push({ source: 'my-proxy', execution: other }) }) }, watched: watching('yields') },
      false,
    ],
    [
      'is woken by any push if the holder had no image when it took the lease',
      { state: { lease: held({ priority: priority({ source: '', execution: other }) }) }, watched: watching('yields') },
      true,
    ],
  ])('%s', async (_, { state = { lease: held() }, ...given_ }, isWoken) => {
    const { taken, run } = given({ state, ...given_ });

    expect(await run()).toBeUndefined();
    expect(taken).toEqual(isWoken ? [['of Verify', 'Woken']] : []);
  });

  test('that has not begun is not woken: a rollout goes on to its end', async () => {
    const { verifying: _, ...item } = watching('holds')['production/web'];
    const { taken, run } = given({ state: { lease: held() }, record: byHand, watched: { 'production/web': item } });

    await run();
    expect(taken).toEqual([]);
  });
});
