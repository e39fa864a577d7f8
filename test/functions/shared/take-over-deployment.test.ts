import type { ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { takeOverDeployment } from '../../../functions/shared/take-over-deployment.js';
import { deploymentRecord, execution, later, lease, priority, startedAt } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';

const name = 'service#production/web deployment#1';
const resumer = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:resumer';
const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
const before = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:resumer-before';

/** The watch item, as the sixth visit of the ended execution left it. */
const item = { record: name, execution, fencingToken: 3, news: 2, seen: 1, visit: 6001, token: 'its own', revision: 'web:8', limit: 3 };
const watched = { 'production/web': item };

type Liveness = { readonly isRunning: boolean; readonly endedAt: Date | undefined };
const given = (
  states: Record<string, ServiceState> = {},
  record: object = {},
  liveness: Liveness = { isRunning: false, endedAt: undefined },
) => {
  const table = givenTable({
    records: { [name]: deploymentRecord({ updateRequestedAt: startedAt, visit: 6001, ...record }) },
    states,
    watched,
  });
  const executions = { livenessOf: async () => liveness };
  const run = () => takeOverDeployment({ ...table, executions }, name, { execution: resumer, now: later });
  return { table, run };
};

describe('a resumption', () => {
  const taken = lease({ execution: resumer, since: later, priority: priority({ execution: resumer }) });

  test.each<[string, Record<string, ServiceState>]>([
    ['holds the lease', { 'production/web': { fencingToken: 3, lease: lease() } }],
    ['held the lease, which is free', { 'production/web': { fencingToken: 3 } }],
  ])('of a deployment whose execution has ended and %s continues at the next visit', async (_, states) => {
    const { table, run } = given(states);

    expect(await run()).toMatchObject({ action: 'resume', service: 'production/web', record: name, release: '' });
    expect(await table.state('production/web')).toEqual({ fencingToken: 4, lease: taken });
    expect(await table.record(name)).toMatchObject({ execution: resumer, updateRequestedAt: startedAt, resumptions: 1 });
  });

  test('continues if it runs twice, and counts once', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });

    expect(await run()).toMatchObject({ action: 'resume', visit: 8 });
    expect(await run()).toMatchObject({ action: 'resume', visit: 8 });
    expect(await table.record(name)).toMatchObject({ execution: resumer, resumptions: 1, visit: 7000 });
  });

  test('takes the visit, so that no earlier invocation writes any more', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });

    expect(await run()).toMatchObject({ visit: 8 });
    expect(await table.record(name)).toMatchObject({ visit: 7000 });
    const late = { number: 6, retry: 1 };
    expect(await table.records.enter(name, execution, late)).toBe('lost');
    expect(await table.records.enter(name, resumer, late)).toBe('late');
    expect(await table.records.write(name, late, { hadRunningTasks: false })).toBe(false);
    expect(await table.watch.storeToken('production/web', { record: name, execution }, late, 'late')).toBeUndefined();
  });

  test('takes the watch item with what it knows, and without the token, for which nothing waits; that is news', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    const { token: _, ...rest } = item;

    await run();
    expect(await table.watchItem('production/web')).toEqual({ ...rest, execution: resumer, news: 3 });
  });

  test('opens a watch item if there is none', async () => {
    const { table, run } = given({ 'production/web': { fencingToken: 3, lease: lease() } });
    await table.watch.close('production/web', name);

    await run();
    expect(await table.watchItem('production/web')).toEqual({
      record: name,
      execution: resumer,
      fencingToken: 4,
      news: 1,
      seen: 0,
    });
  });

  test('of a deployment that a version without visits and watch items began continues as well', async () => {
    const { table, run } = given({ 'production/web': { fencingToken: 3, lease: lease() } }, { visit: undefined });
    await table.watch.close('production/web', name);

    expect(await run()).toMatchObject({ action: 'resume', visit: 2 });
    const entered = await table.records.enter(name, resumer, { number: 2, retry: 0 });
    expect(entered).toMatchObject({ execution: resumer, visit: 2000 });
    expect(await table.watchItem('production/web')).toMatchObject({ execution: resumer, news: 1 });
  });

  test('that runs late changes nothing that the next visit has written', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    const { enter, takeOver } = table.records;
    const next = { number: 8, retry: 0 };
    jest.spyOn(table.records, 'takeOver').mockImplementationOnce(async (...late) => {
      // Its other run was faster, and WatchRollout has stored its token.
      await run();
      await enter.call(table.records, name, resumer, next);
      await table.watch.storeToken('production/web', { record: name, execution: resumer }, next, 'the next one’s');
      return takeOver.apply(table.records, late);
    });

    expect(await run()).toMatchObject({ action: 'finish', record: '' });
    expect(await table.record(name)).toMatchObject({ visit: 8000, resumptions: 1 });
    expect(await table.watchItem('production/web')).toMatchObject({ visit: 8000, token: 'the next one’s' });
  });

  test('that even reads late keeps the token that the next visit has stored', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    const next = { number: 8, retry: 0 };
    await run();
    await table.records.enter(name, resumer, next);
    await table.watch.storeToken('production/web', { record: name, execution: resumer }, next, 'the next one’s');

    expect(await run()).toMatchObject({ action: 'resume' });
    expect(await table.record(name)).toMatchObject({ visit: 8000, resumptions: 1 });
    expect(await table.watchItem('production/web')).toMatchObject({ visit: 8000, token: 'the next one’s' });
  });

  test('whose deployment is closed after it took the lease ends: who closed it releases the lease', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    const { takeOverLease } = table.states;
    jest.spyOn(table.states, 'takeOverLease').mockImplementationOnce(async (...take) => {
      await table.records.close(name, { result: resultOf('UNKNOWN', 'ABORTED', 'x'), endedAt: later }, 0);
      return takeOverLease.apply(table.states, take);
    });

    expect(await run()).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(await table.watchItem('production/web')).toEqual(item);
  });

  test('of a deployment whose last resumption has ended continues, too', async () => {
    const { table, run } = given({ 'production/web': { lease: lease({ execution: before }) } }, { execution: before });

    expect(await run()).toMatchObject({ action: 'resume' });
    expect(await table.state('production/web')).toMatchObject({ lease: taken });
  });

  test('keeps a cancel request for the ended execution', async () => {
    const { table, run } = given({ 'production/web': { lease: lease(), cancel: { record: name } } });

    await run();

    expect(await table.state('production/web')).toMatchObject({ cancel: { record: name } });
  });

  test.each<[string, Liveness]>([
    ['is in progress', { isRunning: true, endedAt: undefined }],
    ['ended less than a minute ago', { isRunning: false, endedAt: new Date('2026-11-23T12:04:00.001Z') }],
  ])('of a deployment that %s changes nothing', async (_, liveness) => {
    const { table, run } = given({ 'production/web': { lease: lease() } }, {}, liveness);

    expect(await run()).toMatchObject({
      action: 'finish',
      record: '',
      result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' },
    });
    expect(table.writes).toEqual([]);
  });

  test('of a deployment that has ended changes nothing', async () => {
    const { table, run } = given({}, { result: resultOf('SUCCEEDED', 'DEPLOYED', 'x'), endedAt: later });

    expect(await run()).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(table.writes).toEqual([]);
  });

  test('of a deployment that lost its lease takes its record, and no lease, to close it as SUPERSEDED', async () => {
    const state = { fencingToken: 5, lease: lease({ execution: other, record: 'service#production/web deployment#2' }) };
    const { table, run } = given({ 'production/web': state });

    expect(await run()).toMatchObject({ action: 'finish', record: name, result: { outcome: 'SUPERSEDED' } });
    expect(await table.record(name)).toMatchObject({ execution: resumer, resumptions: 1, visit: 7000 });
    expect(await table.state('production/web')).toEqual(state);
  });

  test('of a deployment that lost its lease once it was closed changes nothing', async () => {
    const { table, run } = given(
      { 'production/web': { lease: lease({ execution: other, record: 'service#production/web deployment#2' }) } },
      { result: resultOf('SUCCEEDED', 'DEPLOYED', 'x'), endedAt: later },
    );

    expect(await run()).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect((await table.record(name))?.execution).toBe(execution);
  });

  test('of a deployment that its last Lambda invocation closes in between changes nothing', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    const of = table.states.of.bind(table.states);
    jest.spyOn(table.states, 'of').mockImplementationOnce(async (service) => {
      await table.records.close(name, { result: resultOf('FAILED', 'ABORTED', 'x'), endedAt: later }, 0);
      return of(service);
    });

    expect(await run()).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(await table.state('production/web')).toEqual({ lease: lease() });
    expect((await table.record(name))?.execution).toBe(execution);
  });

  test.each([
    ['holds the lease', lease()],
    ['is queued', lease({ execution: other, record: 'service#production/web deployment#2' })],
  ])('of a deployment that %s and did not change its service changes nothing', async (_, held) => {
    const { table, run } = given({ 'production/web': { lease: held } }, { updateRequestedAt: undefined } as never);

    expect(await run()).toMatchObject({
      action: 'finish',
      record: '',
      result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' },
    });
    expect(table.writes).toEqual([]);
  });

  test('changes nothing if another resumption is faster', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    jest.spyOn(table.states, 'takeOverLease').mockResolvedValue(undefined);

    expect(await run()).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(table.writes).toEqual([]);
  });
});
