import type { ServiceState } from '../../../core/records.js';
import { resultOf } from '../../../core/result/result.js';
import type { DeploymentStart } from '../../../core/start.js';
import { obey } from '../../../functions/shared/orders.js';
import { configuration, deploymentRecord, later, lease, rank, startedAt } from '../../core/given.js';
import { literalLedger } from '../given.js';

const name = 'service#production/web deployment#1';
const adopter = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:adopter';
const ann = { kind: 'hand', by: 'ann', reason: 'the database is moved' } as const;

type Order = Exclude<DeploymentStart, { kind: 'deploy' }>;
type Life = { readonly isRunning: boolean; readonly endedAt: Date | undefined };
const given = (states: Record<string, ServiceState> = {}, record: object = {}, life: Life = { isRunning: false, endedAt: undefined }) => {
  const ledger = literalLedger({ [name]: deploymentRecord({ touched: startedAt, ...record }) }, states);
  const executions = { lifeOf: async () => life };
  const run = (order: Order) =>
    obey({ configuration, ledger, states: ledger.serviceStates, executions }, order, {
      input: {},
      execution: adopter,
      startedAt: later,
      now: later,
    });
  return { ledger, run };
};

describe('a hold', () => {
  const hold = (service: string, isOn: boolean): Order => ({ kind: 'hold', service, isOn, trigger: ann });

  test.each([
    ['production/web', 'production/web is on hold now: automatic deployments are skipped until it is released'],
    ['*', 'every service is on hold now: automatic deployments are skipped until it is released'],
  ])('of %s is noted with who and why', async (service, message) => {
    const { ledger, run } = given();

    expect(await run(hold(service, true))).toEqual({
      action: 'finish',
      service,
      record: '',
      release: '',
      result: { outcome: 'SKIPPED', reason: 'COMMAND_DONE', message: expect.any(String) },
    });
    expect(ledger.states[service]).toEqual({ hold: { by: 'ann', reason: 'the database is moved', at: later } });
  });

  test('is released, and the rest stays', async () => {
    const { ledger, run } = given({ 'production/web': { fence: 3, hold: { at: startedAt }, quarantine: [] } });

    expect(await run(hold('production/web', false))).toMatchObject({
      result: { outcome: 'SKIPPED', reason: 'COMMAND_DONE' },
    });
    expect(ledger.states['production/web']).toEqual({ fence: 3, quarantine: [] });
  });

  test('of a service that slipway.yml does not name is refused', async () => {
    const { ledger, run } = given();

    await expect(run(hold('production/other', true))).rejects.toMatchObject({ name: 'RejectedInput' });
    expect(ledger.writes).toEqual([]);
  });
});

describe('a cancellation', () => {
  const cancel = (service = 'production/web'): Order => ({ kind: 'cancel', service, trigger: ann });

  test('is told to the deployment that has the lease', async () => {
    const { ledger, run } = given({ 'production/web': { lease: lease() } });

    expect(await run(cancel())).toMatchObject({
      action: 'finish',
      record: '',
      result: {
        outcome: 'SKIPPED',
        reason: 'COMMAND_DONE',
      },
    });
    expect(ledger.states['production/web']).toEqual({
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
    const { ledger, run } = given({ 'production/web': { lease: lease() } });
    Object.assign(ledger.serviceStates, { requestCancel: async () => false });

    await expect(run(cancel())).rejects.toMatchObject({ name: 'RejectedInput' });
  });

  test.each(['production/other', '*'])('of %s is refused', async (service) => {
    await expect(given().run(cancel(service))).rejects.toMatchObject({ message: expect.stringContaining('is not in slipway.yml') });
  });
});

describe('an adoption', () => {
  const adopt: Order = { kind: 'adopt', record: name };
  const taken = lease({ execution: adopter, since: later, rank: rank({ execution: adopter }) });

  test.each<[string, Record<string, ServiceState>]>([
    ['has the lease', { 'production/web': { fence: 3, lease: lease() } }],
    ['had the lease, which is free', { 'production/web': { fence: 3 } }],
  ])('of a deployment whose execution is dead and %s goes on at the next look', async (_, states) => {
    const { ledger, run } = given(states);

    expect(await run(adopt)).toMatchObject({ action: 'resume', service: 'production/web', record: name, release: '' });
    expect(ledger.states['production/web']).toEqual({ fence: 4, lease: taken });
    expect(ledger.records[name]).toMatchObject({ execution: adopter, touched: startedAt });
  });

  test('run twice, it goes on', async () => {
    const { run } = given({ 'production/web': { lease: lease() } });

    expect(await run(adopt)).toEqual(await run(adopt));
  });

  test('of one whose adopter died is possible, too', async () => {
    const { ledger, run } = given({ 'production/web': { lease: lease({ execution: 'adopter-before' }) } }, { execution: 'adopter-before' });

    expect(await run(adopt)).toMatchObject({ action: 'resume' });
    expect(ledger.states['production/web']).toMatchObject({ lease: taken });
  });

  test('keeps a cancellation that was told to the dead', async () => {
    const { ledger, run } = given({ 'production/web': { lease: lease(), cancel: { record: name } } });

    await run(adopt);

    expect(ledger.states['production/web']).toMatchObject({ cancel: { record: name } });
  });

  test.each<[string, Life]>([
    ['still runs', { isRunning: true, endedAt: undefined }],
    ['ended less than a minute ago', { isRunning: false, endedAt: new Date('2026-11-23T12:04:00.001Z') }],
  ])('of one that %s touches nothing', async (_, life) => {
    const { ledger, run } = given({ 'production/web': { lease: lease() } }, {}, life);

    expect(await run(adopt)).toMatchObject({
      action: 'finish',
      record: '',
      result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' },
    });
    expect(ledger.writes).toEqual([]);
  });

  test('of one that has ended touches nothing', async () => {
    const { ledger, run } = given({}, { result: resultOf('SUCCEEDED', 'DEPLOYED', 'x') });

    expect(await run(adopt)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(ledger.writes).toEqual([]);
  });

  test('of one whose service is another’s by now closes its record as SUPERSEDED', async () => {
    const { ledger, run } = given({
      'production/web': { lease: lease({ execution: 'two', record: 'service#production/web deployment#2' }) },
    });

    expect(await run(adopt)).toMatchObject({ action: 'finish', record: name, result: { outcome: 'SUPERSEDED' } });
    expect(ledger.writes).toEqual([]);
  });

  test('of one whose last Lambda closed the record while it was asked for touches nothing', async () => {
    const { ledger, run } = given({ 'production/web': { lease: lease() } });
    const { deployment } = ledger;
    let reads = 0;
    Object.assign(ledger, {
      deployment: async (one: string) => ({
        ...(await deployment(one)),
        ...(reads++ > 0 && { result: resultOf('FAILED', 'ABORTED', 'x') }),
      }),
    });

    expect(await run(adopt)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(ledger.writes).toEqual([]);
  });

  test.each([
    ['has the lease', lease()],
    ['waits in line', lease({ execution: 'two', record: 'service#production/web deployment#2' })],
  ])('of one that %s, untouched, touches nothing', async (_, held) => {
    const { ledger, run } = given({ 'production/web': { lease: held } }, { touched: undefined } as never);

    expect(await run(adopt)).toMatchObject({
      action: 'finish',
      record: '',
      result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' },
    });
    expect(ledger.writes).toEqual([]);
  });

  test('that another was quicker with touches nothing', async () => {
    const { ledger, run } = given({ 'production/web': { lease: lease() } });
    Object.assign(ledger.serviceStates, { adoptLease: async () => undefined });

    expect(await run(adopt)).toMatchObject({ action: 'finish', record: '', result: { outcome: 'SKIPPED', reason: 'NOT_RESUMED' } });
    expect(ledger.writes).toEqual([]);
  });
});
