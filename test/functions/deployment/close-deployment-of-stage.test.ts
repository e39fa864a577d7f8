import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import { type Outcome, outcomes, type Reason, resultOf } from '../../../core/result/result.js';
import { closeDeployment } from '../../../functions/deployment/close-deployment.js';
import { deploymentRecord, execution, later, lease, priority, queueEntry, releaseRecord, resultWith, startedAt } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { nothingCaught, sdkError } from '../given-failure.js';
import { givenTokens } from '../given-waiting.js';

const release = 'repository#my-learn-app release#1';
const executionOf = (name: string) => `arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:${name}`;
const recordOf = (service: string, name: string) => `service#production/${service} deployment#${startedAt}#${name}`;
const name = recordOf('web', 'web-1');
const its = (service: string) => recordOf(service, `${service}-1`);

/** Of the stage production: web fails, worker and api are beside it. */
const planned = (onFailure?: 'rollBackAll', changes: Partial<ReleaseRecord> = {}): ReleaseRecord =>
  releaseRecord({
    stage: 'production',
    stages: [
      {
        name: 'production',
        deployments: ['web', 'worker', 'api'].map((one) => ({ service: `production/${one}`, name: `${one}-1` })),
        ...(onFailure && { onFailure }),
      },
      { name: 'later', deployments: [{ service: 'production/late', name: 'late-1' }] },
    ],
    ...changes,
  });
const holding = (service: string, changes: object = {}): ServiceState => ({
  lease: lease({ execution: executionOf(`${service}-1`), record: its(service), priority: priority({ isByHand: false }) }),
  ...changes,
});
const waitingIn = (service: string): ServiceState => ({
  lease: lease({ execution: executionOf('another'), record: recordOf(service, 'another') }),
  queued: {
    'my-learn-app': queueEntry({ execution: executionOf(`${service}-1`), record: its(service), token: `${service} waits` }),
    'my-proxy': queueEntry({ execution: executionOf('proxy'), record: recordOf(service, 'proxy'), token: 'another waits' }),
  },
});
const watching = (service: string) => ({
  [`production/${service}`]: { record: its(service), execution: '', fencingToken: 1, news: 0, seen: 0, token: `${service} watches` },
});
const underWay = { updateRequestedAt: startedAt, release };
const input = {
  service: 'production/web',
  record: name,
  release,
  resumes: '',
  result: resultOf('ROLLED_BACK', 'CRASHED', 'x'),
  caught: nothingCaught,
  execution,
  startedAt,
  now: later,
};

type Given = {
  of?: ReleaseRecord;
  record?: DeploymentRecord | undefined;
  states?: Record<string, ServiceState>;
  siblings?: Record<string, Partial<DeploymentRecord>>;
};

const given = ({ of = planned(), states = {}, siblings = {}, ...rest }: Given = {}) => {
  const record = 'record' in rest ? rest.record : deploymentRecord({ ...underWay, stage: 'production', pending: 'yes' });
  const table = givenTable({
    records: {
      [release]: of,
      ...(record && { [name]: record }),
      ...Object.fromEntries(Object.entries(siblings).map(([service, one]) => [its(service), deploymentRecord(one)])),
    },
    states: Object.fromEntries(Object.entries(states).map(([service, state]) => [`production/${service}`, state])),
    watched: { ...watching('worker'), ...watching('api') },
  });
  const { tokens, taken } = givenTokens();
  const run = closeDeployment({ ...table, tokens });
  return {
    table,
    woken: () => taken.map(([token]) => token),
    stateOf: (service: string) => table.state(`production/${service}`),
    failure: async () => (await table.record(release))?.stageFailure,
    run: (changes: Partial<typeof input> = {}) => run({ ...input, ...changes }),
  };
};

const failed = { stage: 'production', service: 'production/web', at: later };

describe('a stage', () => {
  const failures: readonly Outcome[] = ['FAILED', 'ROLLED_BACK', 'ROLLBACK_FAILED', 'UNKNOWN'];

  test.each(outcomes)('with a deployment that ended %s has failed, or not', async (outcome) => {
    const { failure, run } = given();

    await run({ result: resultWith(outcome) as typeof input.result });

    expect(await failure()).toEqual(failures.includes(outcome) ? failed : undefined);
  });

  test('has failed before the lease is free: what looks for it from then on does not begin', async () => {
    const { table, run } = given({ states: { web: { lease: lease({ record: name, execution }) } } });

    await run();

    expect(table.writes.slice(0, 3)).toEqual([name, release, 'service#production/web state']);
  });

  test('has failed with its before task, also where it rolls all back: nothing of it has begun that could be stopped', async () => {
    const of = planned('rollBackAll');
    const [stage, ...rest] = of.stages ?? [];
    const stages = [{ ...stage!, before: { service: 'production/web', name: 'web-1' }, deployments: stage!.deployments.slice(1) }, ...rest];
    const { failure, woken, stateOf, run } = given({ of: { ...of, stages }, states: { worker: holding('worker'), api: waitingIn('api') } });

    await run({ result: resultWith('FAILED') as typeof input.result });

    expect(await failure()).toEqual(failed);
    expect(woken()).toEqual([]);
    expect((await stateOf('worker'))?.cancel).toBeUndefined();
  });

  test('fails once: a second service that fails wakes nothing, and asks for nothing', async () => {
    const before = { stage: 'production', service: 'production/api', at: startedAt };
    const { failure, woken, run } = given({
      of: planned('rollBackAll', { stageFailure: before }),
      states: { worker: waitingIn('worker') },
    });

    await run();

    expect([await failure(), woken()]).toEqual([before, []]);
  });

  test('that is over does not fail, nor does that of a release that has ended', async () => {
    const states = { worker: holding('worker') };
    const over = given({ of: planned('rollBackAll', { stage: 'later' }), states });
    const ended = given({ of: planned('rollBackAll', { endedAt: startedAt }), states });

    await over.run();
    await ended.run();

    expect([await over.failure(), over.woken(), await ended.failure(), ended.woken()]).toEqual([undefined, [], undefined, []]);
  });

  test('does not fail with a deployment that undoes one of it', async () => {
    const rollback = { of: release, deployments: [{ service: 'production/web', name: 'web-1', undoes: recordOf('web', 'undone') }] };
    const stages = [{ name: 'production', deployments: [{ service: 'production/worker', name: 'worker-1' }] }];
    const { failure, run } = given({ of: planned('rollBackAll', { rollback, stages }) });

    await run();

    expect(await failure()).toBeUndefined();
  });

  test('fails with a deployment that opened no record, by the name of its execution', async () => {
    const { failure, woken, run } = given({ record: undefined, states: { worker: waitingIn('worker') } });
    const caught = { state: 'OpenDeployment', error: 'AccessDeniedException', cause: '' };

    expect(await run({ record: '', execution: executionOf('web-1'), caught })).toMatchObject({ action: 'finish' });

    expect([await failure(), woken()]).toEqual([failed, ['worker waits']]);
  });
});

describe('after a failure', () => {
  test('the deployments of the stage that wait for the lease are woken, and no other one', async () => {
    const { woken, stateOf, run } = given({ states: { worker: waitingIn('worker'), api: waitingIn('api'), late: waitingIn('late') } });

    await run();

    expect(woken().sort()).toEqual(['api waits', 'worker waits']);
    expect(await stateOf('worker')).toEqual(waitingIn('worker'));
  });

  test('one that has the lease and has not updated its service is woken; one that is under way finishes', async () => {
    const { woken, stateOf, run } = given({
      states: { worker: holding('worker'), api: holding('api') },
      siblings: { worker: { release }, api: underWay },
    });

    await run();

    expect(woken()).toEqual(['worker watches']);
    expect(await stateOf('api')).toEqual(holding('api'));
  });

  test('those under way are asked to roll back where the plan says so, and learn which service failed', async () => {
    const { table, woken, stateOf, run } = given({
      of: planned('rollBackAll'),
      states: { worker: holding('worker'), api: waitingIn('api') },
      siblings: { worker: underWay },
    });
    const wake = jest.spyOn(table.watch, 'addNews').mockImplementationOnce(async (service) => {
      // Written before it is woken.
      expect((await stateOf('worker'))?.cancel).toBeDefined();
      wake.mockRestore();
      return table.watch.addNews(service);
    });

    await run();

    expect((await stateOf('worker'))?.cancel).toEqual({ record: its('worker'), failedService: 'production/web' });
    expect(woken().sort()).toEqual(['api waits', 'worker watches']);
    expect(await stateOf('api')).toEqual(waitingIn('api'));
  });

  test('the holder of another release, and one that an operator has cancelled, are left as they are', async () => {
    const cancel = { record: its('api'), by: 'ada', reason: 'wrong prices' };
    const other = { lease: lease({ execution: executionOf('x'), record: recordOf('worker', 'x') }) };
    const { woken, stateOf, run } = given({ of: planned('rollBackAll'), states: { worker: other, api: holding('api', { cancel }) } });

    await run();

    expect(await stateOf('worker')).toEqual(other);
    expect((await stateOf('api'))?.cancel).toEqual(cancel);
    expect(woken()).toEqual(['api watches']);
  });

  test('everything is asked again if it runs twice: the first run may have ended in between', async () => {
    const { table, woken, stateOf, run } = given({
      of: planned('rollBackAll'),
      states: { worker: holding('worker'), api: waitingIn('api') },
    });
    const addNews = jest.spyOn(table.watch, 'addNews').mockRejectedValueOnce(sdkError('ThrottlingException'));

    await expect(run()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(await table.record(name)).toMatchObject({ pending: 'yes' });
    addNews.mockRestore();
    await run({ result: resultOf('SUCCEEDED', 'DEPLOYED', 'x') as never });

    expect((await stateOf('worker'))?.cancel).toMatchObject({ failedService: 'production/web' });
    expect(woken()).toContain('worker watches');
    expect((await table.record(name))?.pending).toBeUndefined();
  });

  test('a service whose item cannot be read keeps none of the others waiting', async () => {
    const { table, woken, run } = given({ states: { worker: { lease: 'broken' } as never, api: waitingIn('api') } });

    await run();

    expect(woken()).toEqual(['api waits']);
    expect((await table.record(name))?.pending).toBeUndefined();
  });

  test.each<Reason>(['CANCELLED', 'STAGE_FAILED'])('one that was rolled back with it (%s) does not fail it again', async (reason) => {
    const before = { stage: 'production', service: 'production/api', at: startedAt };
    const { failure, run } = given({ of: planned('rollBackAll', { stageFailure: before }) });

    await run({ result: { ...input.result, reason } as never });

    expect(await failure()).toEqual(before);
  });
});
