import type { ServiceState } from '../../../core/records/records.js';
import { deploymentRecord, later, lease, revisionArn } from '../../core/given.js';
import { given, name, service } from './given-registration.js';

describe('while another rollout is in progress', () => {
  const busy = { ...service, deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: revisionArn(7) }] };
  const deadline = '2026-11-23T12:30:00.000Z';

  test('waits until an event wakes it, at most until the timeout of the service, and registers nothing', async () => {
    const { table, registered, run } = given({ described: busy });

    expect(await run()).toMatchObject({ action: 'wait', deadline });
    expect(await run(later, { visit: { number: 2, retry: 0 }, token: 'another', deadline })).toBeUndefined();
    expect(registered).toEqual([]);
    expect(await table.watchItem('production/web')).toMatchObject({ token: 'another', visit: 2000 });
  });

  test('stores its token before it reads the service, so that a change after the read wakes it', async () => {
    const { table, run } = given({ described: busy });
    const { of } = table.states;
    jest.spyOn(table.states, 'of').mockImplementationOnce(async (one) => {
      expect(await table.watchItem('production/web')).toMatchObject({ token: 'token of the visit' });
      return of.call(table.states, one);
    });

    await run();
    expect.hasAssertions();
  });

  test('looks again soon if there was an event between two visits, which reads may not show yet', async () => {
    const { table, run } = given({ described: busy });

    await run();
    await table.watch.addNews('production/web');
    expect(await run(later, { visit: { number: 2, retry: 0 }, deadline })).toMatchObject({ action: 'wait', seconds: 5, deadline });
    expect(await run(later, { visit: { number: 3, retry: 0 }, deadline })).toBeUndefined();
  });

  test.each<[string, ServiceState, string]>([
    ['does not wait for our last one, which ended just now: reads lag behind', { settledAt: '2026-11-23T12:04:31.000Z' }, 'proceed'],
    ['waits after half a minute: it is another one', { settledAt: '2026-11-23T12:04:30.000Z' }, 'wait'],
    ['waits for one of a revision that our last one did not leave', { settledAt: later, expectedRevisions: [revisionArn(6)] }, 'wait'],
  ])('%s', async (_, changes, action) => {
    const { table, run } = given({ described: busy, state: { lease: lease(), expectedRevisions: [revisionArn(7)], ...changes } });

    expect(await run()).toMatchObject({ action });
    expect((await table.record(name))?.rollbackUnavailableReason).toBe(action === 'proceed' ? '' : undefined);
  });

  test('waits for its safety net without a watch item of its own', async () => {
    const { table, run } = given({ described: busy });
    await table.watch.close('production/web', name);

    expect(await run(later, { deadline })).toBeUndefined();
    expect(await table.watchItem('production/web')).toBeUndefined();
  });

  test('at the timeout copies the revision of the other rollout, without a rollback to it', async () => {
    const { table, run } = given({ described: busy });

    expect(await run('2026-11-23T12:29:59.999Z', { deadline })).toBeUndefined();
    expect(await run(deadline, { deadline })).toMatchObject({ action: 'proceed' });
    expect(await table.record(name)).toMatchObject({
      previousRevision: revisionArn(7),
      rollbackUnavailableReason: expect.stringContaining('web:7'),
    });
  });

  test('does not wait if an operator forces the deployment', async () => {
    const { run } = given({
      record: deploymentRecord({ trigger: { kind: 'hand' }, force: true }),
      described: busy,
    });

    expect(await run()).toMatchObject({ action: 'proceed' });
  });

  test('ends while it waits if an operator cancels the deployment', async () => {
    const { registered, run } = given({
      state: { lease: lease(), cancel: { record: name, by: 'ann' } },
      described: busy,
    });

    expect(await run()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'CANCELLED', message: expect.stringContaining('ann') },
    });
    expect(registered).toEqual([]);
  });

  test('does not count the time in the queue', async () => {
    const { run } = given({
      state: { lease: lease({ since: '2026-11-23T12:20:00.000Z' }) },
      described: busy,
    });

    expect(await run('2026-11-23T12:49:59.999Z')).toMatchObject({ action: 'wait', deadline: '2026-11-23T12:50:00.000Z' });
    expect(await run('2026-11-23T12:50:00.000Z')).toMatchObject({ action: 'proceed' });
  });
});
