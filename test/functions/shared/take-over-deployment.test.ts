import type { ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { takeOverDeployment } from '../../../functions/shared/take-over-deployment.js';
import { deploymentRecord, execution, later, lease, priority, startedAt } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';

const name = 'service#production/web deployment#1';
const resumer = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:resumer';
const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
const before = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:resumer-before';

type Liveness = { readonly isRunning: boolean; readonly endedAt: Date | undefined };
const given = (
  states: Record<string, ServiceState> = {},
  record: object = {},
  liveness: Liveness = { isRunning: false, endedAt: undefined },
) => {
  const table = givenTable({ records: { [name]: deploymentRecord({ updateRequestedAt: startedAt, ...record }) }, states });
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

    expect(await run()).toEqual(await run());
    expect(await table.record(name)).toMatchObject({ resumptions: 1 });
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

  test('of a deployment that lost its lease closes its record as SUPERSEDED', async () => {
    const { table, run } = given({
      'production/web': { lease: lease({ execution: other, record: 'service#production/web deployment#2' }) },
    });

    expect(await run()).toMatchObject({ action: 'finish', record: name, result: { outcome: 'SUPERSEDED' } });
    expect(table.writes).toEqual([]);
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
