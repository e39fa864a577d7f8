import type { DeploymentInput } from '../../../core/input/deployment-input.js';
import type { ServiceState } from '../../../core/records/records.js';
import { resultOf } from '../../../core/result/result.js';
import { runControlCommand } from '../../../functions/shared/control-commands.js';
import { configuration, deploymentRecord, later, lease, priority, startedAt } from '../../core/given.js';
import { literalLedger } from '../given.js';

const name = 'service#production/web deployment#1';
const resumer = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:resumer';
const ann = { kind: 'hand', by: 'ann', reason: 'the database is moved' } as const;

type Order = Exclude<DeploymentInput, { kind: 'deploy' }>;
type Liveness = { readonly isRunning: boolean; readonly endedAt: Date | undefined };
const given = (
  states: Record<string, ServiceState> = {},
  record: object = {},
  life: Liveness = { isRunning: false, endedAt: undefined },
) => {
  const records = literalLedger({ [name]: deploymentRecord({ updateRequestedAt: startedAt, ...record }) }, states);
  const executions = { livenessOf: async () => life };
  const run = (order: Order) =>
    runControlCommand({ configuration, records, states: records.serviceStates, executions }, order, {
      input: {},
      execution: resumer,
      startedAt: later,
      now: later,
    });
  return { records, run };
};

describe('a hold', () => {
  const hold = (service: string, isOn: boolean): Order => ({ kind: 'hold', service, isOn, trigger: ann });

  test.each([
    ['production/web', 'production/web is on hold now: automatic deployments are skipped until it is released'],
    ['*', 'every service is on hold now: automatic deployments are skipped until it is released'],
  ])('of %s is noted with who and why', async (service, message) => {
    const { records, run } = given();

    expect(await run(hold(service, true))).toEqual({
      action: 'finish',
      service,
      record: '',
      release: '',
      result: { outcome: 'SKIPPED', reason: 'COMMAND_DONE', message: expect.any(String) },
    });
    expect(records.states[service]).toEqual({ hold: { by: 'ann', reason: 'the database is moved', at: later } });
  });

  test('is released, and the rest stays', async () => {
    const { records, run } = given({ 'production/web': { fencingToken: 3, hold: { at: startedAt }, quarantine: [] } });

    expect(await run(hold('production/web', false))).toMatchObject({
      result: { outcome: 'SKIPPED', reason: 'COMMAND_DONE' },
    });
    expect(records.states['production/web']).toEqual({ fencingToken: 3, quarantine: [] });
  });

  test('of a service that slipway.yml does not name is refused', async () => {
    const { records, run } = given();

    await expect(run(hold('production/other', true))).rejects.toMatchObject({ name: 'RejectedInput' });
    expect(records.writes).toEqual([]);
  });
});

describe('a cancellation', () => {
  const cancel = (service = 'production/web'): Order => ({ kind: 'cancel', service, trigger: ann });

  test('is told to the deployment that has the lease', async () => {
    const { records, run } = given({ 'production/web': { lease: lease() } });

    expect(await run(cancel())).toMatchObject({
      action: 'finish',
      record: '',
      result: {
        outcome: 'SKIPPED',
        reason: 'COMMAND_DONE',
      },
    });
    expect(records.states['production/web']).toEqual({
      lease: lease(),
      cancel: { record: name, by: 'ann', reason: 'the database is moved' },
    });
  });

  test('is refused where no deployment is under way', async () => {
    await expect(given().run(cancel())).rejects.toMatchObject({
      name: 'RejectedInput',
      message: expect.stringContaining('production/web'),
    });
  });

  test('is refused where the deployment ended in between', async () => {
    const { records, run } = given({ 'production/web': { lease: lease() } });
    Object.assign(records.serviceStates, { requestCancel: async () => false });

    await expect(run(cancel())).rejects.toMatchObject({ name: 'RejectedInput' });
  });

  test.each(['production/other', '*'])('of %s is refused', async (service) => {
    await expect(given().run(cancel(service))).rejects.toMatchObject({ message: expect.stringContaining('is not in slipway.yml') });
  });
});

describe('an resumption', () => {
  const resume: Order = { kind: 'resume', record: name };
  const taken = lease({ execution: resumer, since: later, priority: priority({ execution: resumer }) });

  test.each<[string, Record<string, ServiceState>]>([
    ['has the lease', { 'production/web': { fencingToken: 3, lease: lease() } }],
    ['had the lease, which is free', { 'production/web': { fencingToken: 3 } }],
  ])('of a deployment whose execution is dead and %s goes on at the next look', async (_, states) => {
    const { records, run } = given(states);

    expect(await run(resume)).toMatchObject({ action: 'resume', service: 'production/web', record: name, release: '' });
    expect(records.states['production/web']).toEqual({ fencingToken: 4, lease: taken });
    expect(records.records[name]).toMatchObject({ execution: resumer, updateRequestedAt: startedAt });
  });

  test('run twice, it goes on', async () => {
    const { run } = given({ 'production/web': { lease: lease() } });

    expect(await run(resume)).toEqual(await run(resume));
  });

  test('of one whose resumer died is possible, too', async () => {
    const { records, run } = given(
      { 'production/web': { lease: lease({ execution: 'resumer-before' }) } },
      { execution: 'resumer-before' },
    );

    expect(await run(resume)).toMatchObject({ action: 'resume' });
    expect(records.states['production/web']).toMatchObject({ lease: taken });
  });

  test('keeps a cancellation that was told to the dead', async () => {
    const { records, run } = given({ 'production/web': { lease: lease(), cancel: { record: name } } });

    await run(resume);

    expect(records.states['production/web']).toMatchObject({ cancel: { record: name } });
  });

  test.each<[string, Liveness]>([
    ['still runs', { isRunning: true, endedAt: undefined }],
    ['ended less than a minute ago', { isRunning: false, endedAt: new Date('2026-11-23T12:04:00.001Z') }],
  ])('of one that %s touches nothing', async (_, life) => {
    const { records, run } = given({ 'production/web': { lease: lease() } }, {}, life);

    expect(await run(resume)).toMatchObject({
      action: 'finish',
      record: '',
      result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' },
    });
    expect(records.writes).toEqual([]);
  });

  test('of one that has ended touches nothing', async () => {
    const { records, run } = given({}, { result: resultOf('SUCCEEDED', 'DEPLOYED', 'x') });

    expect(await run(resume)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(records.writes).toEqual([]);
  });

  test('of one whose service is another’s by now closes its record as SUPERSEDED', async () => {
    const { records, run } = given({
      'production/web': { lease: lease({ execution: 'two', record: 'service#production/web deployment#2' }) },
    });

    expect(await run(resume)).toMatchObject({ action: 'finish', record: name, result: { outcome: 'SUPERSEDED' } });
    expect(records.writes).toEqual([]);
  });

  test('of one whose last Lambda closed the record while it was asked for touches nothing', async () => {
    const { records, run } = given({ 'production/web': { lease: lease() } });
    const { deployment } = records;
    let reads = 0;
    Object.assign(records, {
      deployment: async (one: string) => ({
        ...(await deployment(one)),
        ...(reads++ > 0 && { result: resultOf('FAILED', 'ABORTED', 'x') }),
      }),
    });

    expect(await run(resume)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(records.writes).toEqual([]);
  });

  test.each([
    ['has the lease', lease()],
    ['waits in line', lease({ execution: 'two', record: 'service#production/web deployment#2' })],
  ])('of one that %s, untouched, touches nothing', async (_, held) => {
    const { records, run } = given({ 'production/web': { lease: held } }, { updateRequestedAt: undefined } as never);

    expect(await run(resume)).toMatchObject({
      action: 'finish',
      record: '',
      result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' },
    });
    expect(records.writes).toEqual([]);
  });

  test('that another was quicker with touches nothing', async () => {
    const { records, run } = given({ 'production/web': { lease: lease() } });
    Object.assign(records.serviceStates, { takeOverLease: async () => undefined });

    expect(await run(resume)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(records.writes).toEqual([]);
  });
});
