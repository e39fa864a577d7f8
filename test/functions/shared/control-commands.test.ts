import type { DeploymentInput } from '../../../core/input/deployment-input.js';
import type { ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { runControlCommand } from '../../../functions/shared/control-commands.js';
import { configuration, deploymentRecord, execution, later, lease, priority, startedAt, stateOf } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';

const name = 'service#production/web deployment#1';
const resumer = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:resumer';
const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
const before = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:resumer-before';
const ann = { kind: 'hand', by: 'ann', reason: 'the database is moved' } as const;

type Command = Exclude<DeploymentInput, { kind: 'deploy' }>;
type Liveness = { readonly isRunning: boolean; readonly endedAt: Date | undefined };
const given = (
  states: Record<string, ServiceState> = {},
  record: object = {},
  liveness: Liveness = { isRunning: false, endedAt: undefined },
) => {
  const table = givenTable({ records: { [name]: deploymentRecord({ updateRequestedAt: startedAt, ...record }) }, states });
  const executions = { livenessOf: async () => liveness };
  const run = (command: Command) =>
    runControlCommand({ configuration, ...table, executions }, command, {
      input: {},
      execution: resumer,
      startedAt: later,
      now: later,
    });
  return { table, run };
};

describe('a hold', () => {
  const hold = (service: string, isOn: boolean): Command => ({ kind: 'hold', service, isOn, trigger: ann });

  test.each(['production/web', '*'])('of %s is recorded with who and why', async (service) => {
    const { table, run } = given();

    expect(await run(hold(service, true))).toEqual({
      action: 'finish',
      service,
      record: '',
      release: '',
      result: { outcome: 'SKIPPED', reason: 'COMMAND_DONE', message: expect.any(String) },
    });
    expect(await table.state(service)).toEqual({ hold: { by: 'ann', reason: 'the database is moved', at: later } });
  });

  test('is released, and the rest of the state stays', async () => {
    const { table, run } = given({ 'production/web': { fencingToken: 3, hold: { at: startedAt }, ...stateOf({ quarantine: [] }) } });

    expect(await run(hold('production/web', false))).toMatchObject({
      result: { outcome: 'SKIPPED', reason: 'COMMAND_DONE' },
    });
    expect(await table.state('production/web')).toEqual({ fencingToken: 3, ...stateOf({ quarantine: [] }) });
  });

  test('of a service that slipway.yml does not name is rejected', async () => {
    const { table, run } = given();

    await expect(run(hold('production/other', true))).rejects.toMatchObject({ name: 'RejectedInput' });
    expect(table.writes).toEqual([]);
  });
});

describe('a cancel request', () => {
  const cancel = (service = 'production/web'): Command => ({ kind: 'cancel', service, trigger: ann });

  test('is recorded for the deployment that holds the lease', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });

    expect(await run(cancel())).toMatchObject({
      action: 'finish',
      record: '',
      result: {
        outcome: 'SKIPPED',
        reason: 'COMMAND_DONE',
      },
    });
    expect(await table.state('production/web')).toEqual({
      lease: lease(),
      cancel: { record: name, by: 'ann', reason: 'the database is moved' },
    });
  });

  test('is rejected if no deployment is in progress', async () => {
    await expect(given().run(cancel())).rejects.toMatchObject({
      name: 'RejectedInput',
      message: expect.stringContaining('production/web'),
    });
  });

  test('is rejected if the deployment ends in between', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    jest.spyOn(table.states, 'requestCancel').mockResolvedValue(false);

    await expect(run(cancel())).rejects.toMatchObject({ name: 'RejectedInput' });
  });

  test.each(['production/other', '*'])('of %s is rejected', async (service) => {
    await expect(given().run(cancel(service))).rejects.toMatchObject({ message: expect.stringContaining('is not in slipway.yml') });
  });
});

describe('a resumption', () => {
  const resume: Command = { kind: 'resume', record: name };
  const taken = lease({ execution: resumer, since: later, priority: priority({ execution: resumer }) });

  test.each<[string, Record<string, ServiceState>]>([
    ['holds the lease', { 'production/web': { fencingToken: 3, lease: lease() } }],
    ['held the lease, which is free', { 'production/web': { fencingToken: 3 } }],
  ])('of a deployment whose execution has ended and %s continues at the next visit', async (_, states) => {
    const { table, run } = given(states);

    expect(await run(resume)).toMatchObject({ action: 'resume', service: 'production/web', record: name, release: '' });
    expect(await table.state('production/web')).toEqual({ fencingToken: 4, lease: taken });
    expect(await table.record(name)).toMatchObject({ execution: resumer, updateRequestedAt: startedAt, resumptions: 1 });
  });

  test('continues if it runs twice', async () => {
    const { run } = given({ 'production/web': { lease: lease() } });

    expect(await run(resume)).toEqual(await run(resume));
  });

  test('of a deployment whose last resumption has ended continues, too', async () => {
    const { table, run } = given({ 'production/web': { lease: lease({ execution: before }) } }, { execution: before });

    expect(await run(resume)).toMatchObject({ action: 'resume' });
    expect(await table.state('production/web')).toMatchObject({ lease: taken });
  });

  test('keeps a cancel request for the ended execution', async () => {
    const { table, run } = given({ 'production/web': { lease: lease(), cancel: { record: name } } });

    await run(resume);

    expect(await table.state('production/web')).toMatchObject({ cancel: { record: name } });
  });

  test.each<[string, Liveness]>([
    ['is in progress', { isRunning: true, endedAt: undefined }],
    ['ended less than a minute ago', { isRunning: false, endedAt: new Date('2026-11-23T12:04:00.001Z') }],
  ])('of a deployment that %s changes nothing', async (_, liveness) => {
    const { table, run } = given({ 'production/web': { lease: lease() } }, {}, liveness);

    expect(await run(resume)).toMatchObject({
      action: 'finish',
      record: '',
      result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' },
    });
    expect(table.writes).toEqual([]);
  });

  test('of a deployment that has ended changes nothing', async () => {
    const { table, run } = given({}, { result: resultOf('SUCCEEDED', 'DEPLOYED', 'x') });

    expect(await run(resume)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(table.writes).toEqual([]);
  });

  test('of a deployment that lost its lease closes its record as SUPERSEDED', async () => {
    const { table, run } = given({
      'production/web': { lease: lease({ execution: other, record: 'service#production/web deployment#2' }) },
    });

    expect(await run(resume)).toMatchObject({ action: 'finish', record: name, result: { outcome: 'SUPERSEDED' } });
    expect(table.writes).toEqual([]);
  });

  test('of a deployment that its last Lambda invocation closes in between changes nothing', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    const of = table.states.of.bind(table.states);
    jest.spyOn(table.states, 'of').mockImplementationOnce(async (service) => {
      await table.records.close(name, { result: resultOf('FAILED', 'ABORTED', 'x'), endedAt: later }, 0);
      return of(service);
    });

    expect(await run(resume)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(await table.state('production/web')).toEqual({ lease: lease() });
    expect((await table.record(name))?.execution).toBe(execution);
  });

  test.each([
    ['holds the lease', lease()],
    ['is queued', lease({ execution: other, record: 'service#production/web deployment#2' })],
  ])('of a deployment that %s and did not change its service changes nothing', async (_, held) => {
    const { table, run } = given({ 'production/web': { lease: held } }, { updateRequestedAt: undefined } as never);

    expect(await run(resume)).toMatchObject({
      action: 'finish',
      record: '',
      result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' },
    });
    expect(table.writes).toEqual([]);
  });

  test('changes nothing if another resumption is faster', async () => {
    const { table, run } = given({ 'production/web': { lease: lease() } });
    jest.spyOn(table.states, 'takeOverLease').mockResolvedValue(undefined);

    expect(await run(resume)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(table.writes).toEqual([]);
  });
});
