import { type Result, resultOf } from '../../../core/result/result.js';
import { digest, execution, image, later, priority, stateOf } from '../../core/given.js';
import { earlier, given, held, name, other, others, push, third } from './given-requester.js';

describe('a rollback that an operator starts', () => {
  const rollback = { trigger: { kind: 'hand', by: 'ann', reason: 'slow' }, operation: { kind: 'rollback' } } as const;
  const watched = {
    'production/web': { record: others, execution: other, fencingToken: 1, news: 0, seen: 0, token: 'token of the holder' },
  };

  test.each([
    ['an older', held()],
    ['a newer', held({ priority: priority({ execution: other, pushedAt: later }) })],
  ])('requests a rollback from %s deployment that runs, wakes it, and waits in the operators’ place', async (_, holder) => {
    const { table, state, taken, run } = given({ record: rollback, state: { lease: holder }, itsRecord: {}, watched });

    expect(await run()).toBeUndefined();
    expect(await state()).toMatchObject({
      fencingToken: 1,
      lease: holder,
      cancel: { record: others, by: 'ann', reason: 'slow' },
      queued: { OPERATOR: { execution, record: name, token: 'token of the visit' } },
    });
    expect(await table.record(name)).toMatchObject({ cancelTarget: others });
    expect(await table.watchItem('production/web')).toMatchObject({ news: 1 });
    expect(taken).toEqual([['token of the holder', 'Woken']]);
  });

  test('requests nothing once a later visit has begun', async () => {
    const { table, state, taken, run } = given({ record: rollback, state: { lease: held() }, itsRecord: {}, watched });
    const { enqueue } = table.states;
    jest.spyOn(table.states, 'enqueue').mockImplementationOnce(async (...entry) => {
      const queued = await enqueue.apply(table.states, entry);
      await table.records.enter(name, execution, { number: 2, retry: 0 });
      return queued;
    });

    expect(await run()).toBeUndefined();
    expect(await state()).not.toHaveProperty('cancel');
    expect(taken).toEqual([]);
  });

  test('wakes the holder also if an earlier invocation ended between its request and that', async () => {
    const { taken, run } = given({
      record: { ...rollback, cancelTarget: others },
      state: { lease: held(), cancel: { record: others, by: 'ann' } },
      itsRecord: {},
      watched,
    });

    expect(await run(later, { visit: { number: 1, retry: 1 } })).toBeUndefined();
    expect(taken).toEqual([['token of the holder', 'Woken']]);
  });

  test.each<[string, Result]>([
    ['rolled back', resultOf('ROLLED_BACK', 'CANCELLED', 'ann cancelled it')],
    ['rolled back for a reason of its own', resultOf('ROLLED_BACK', 'CRASHED', 'ann cancelled it')],
  ])('ends when that deployment %s', async (_, result) => {
    const { run } = given({
      record: { ...rollback, cancelTarget: others },
      itsRecord: { result, endedAt: later },
    });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: {
        outcome: 'SKIPPED',
        reason: 'ROLLBACK_DELEGATED',
        message: expect.stringContaining('ann cancelled it'),
      },
    });
  });

  test.each<[string, Result]>([
    ['had just succeeded', resultOf('SUCCEEDED', 'DEPLOYED', 'x')],
    ['had not changed the service yet', resultOf('FAILED', 'CANCELLED', 'x')],
    ['ended with an unknown result', resultOf('UNKNOWN', 'AWS_ERROR', 'x')],
    ['failed for a reason of its own', resultOf('FAILED', 'INVALID_INPUT', 'x')],
  ])('rolls back itself when that deployment %s', async (_, result) => {
    const { run } = given({ record: { ...rollback, cancelTarget: others }, itsRecord: { result, endedAt: later } });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });

  test('requests it again when another deployment holds the lease by now', async () => {
    const { state, run } = given({
      record: { ...rollback, cancelTarget: 'service#production/web deployment#before' },
      state: { lease: held() },
      itsRecord: {},
    });

    expect(await run()).toBeUndefined();
    expect((await state())?.cancel).toMatchObject({ record: others });
  });

  test('ends while another rollback runs, which leads to the same', async () => {
    const { table, run } = given({ record: rollback, state: { lease: held() }, itsRecord: { operation: { kind: 'rollback' } } });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'DUPLICATE_ROLLBACK' },
    });
    expect(await table.state('production/web')).toEqual({ lease: held() });
  });

  test('of another source than the holder’s waits for its turn, and changes nothing of the holder', async () => {
    const { state, run } = given({
      record: { ...rollback, operation: { kind: 'rollback', repository: 'my-proxy' } },
      state: { lease: held() },
      itsRecord: {},
    });

    expect(await run()).toBeUndefined();
    expect(await state()).toMatchObject({ lease: held(), queued: { OPERATOR: { execution } } });
    expect(await state()).not.toHaveProperty('cancel');
  });

  test('of another source than that of the rollback that runs waits for its turn, once it is known', async () => {
    const mine = { ...rollback, operation: { kind: 'rollback', repository: 'my-proxy' } } as const;
    const theirs = { operation: { kind: 'rollback' } } as const;
    const holder = held({ priority: push({ execution: other, isByHand: true, source: '' }) });
    const unknown = given({ record: mine, state: { lease: holder }, itsRecord: { ...theirs, image: undefined } as object });
    const known = given({ record: mine, state: { lease: holder }, itsRecord: theirs });
    const same = given({
      record: { ...mine, operation: { kind: 'rollback', repository: image.repository } },
      state: { lease: holder },
      itsRecord: theirs,
    });

    expect(await unknown.run()).toBeUndefined();
    expect(await unknown.state()).toMatchObject({ queued: { OPERATOR: { execution } } });
    expect(await unknown.state()).not.toHaveProperty('cancel');
    expect(await known.run()).toBeUndefined();
    expect(await known.state()).toMatchObject({ queued: { OPERATOR: { execution } } });
    expect(await same.run()).toMatchObject({ result: { reason: 'DUPLICATE_ROLLBACK' } });
  });

  test('without a source is of that of the first deployment that it asks, and asks no other one’s', async () => {
    const { table, state, run } = given({ record: rollback, state: { lease: held() }, itsRecord: {} });

    await run();
    expect(await table.record(name)).toMatchObject({ operation: { kind: 'rollback', repository: 'my-learn-app' } });
    const seen = (await state()) ?? {};
    const released = await table.states.leave('production/web', { change: {}, places: [] }, seen);
    const proxy = held({ execution: third, priority: push({ execution: third, source: 'my-proxy' }) });
    await table.states.takeLease('production/web', proxy, released ?? {});
    expect(await run()).toBeUndefined();
    expect(await state()).not.toHaveProperty('cancel');
    expect(await state()).toMatchObject({ queued: { OPERATOR: { execution } } });
  });

  test('rolls back itself if the deployment that was rolled back had not changed the image', async () => {
    const { run } = given({
      record: { ...rollback, cancelTarget: others },
      itsRecord: {
        operation: { kind: 'redeploy' },
        previousImage: `${image.registry}/my-learn-app@${digest}`,
        result: resultOf('ROLLED_BACK', 'CANCELLED', 'ann cancelled it'),
        endedAt: later,
      },
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });

  test('waits for its turn if the deployment has just ended, and wakes no other one', async () => {
    const { table, taken, run } = given({ record: rollback, state: { lease: held() }, itsRecord: {}, watched });
    jest.spyOn(table.states, 'requestCancel').mockResolvedValue(false);

    expect(await run()).toBeUndefined();
    expect(taken).toEqual([]);
  });

  test('takes the lease while nothing runs, despite a hold and a quarantine', async () => {
    const quarantine = [{ digest, reason: 'CRASHED', at: earlier }];
    const { run } = given({
      record: { ...rollback, image: undefined } as object,
      state: stateOf({ quarantine }, { hold: { at: earlier } }),
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });
});
