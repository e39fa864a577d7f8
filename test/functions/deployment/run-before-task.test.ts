import type { BeforeTaskRun } from '../../../core/records/records.js';
import type { StoppedTask } from '../../../core/rollout/stopped-task.js';
import { beforeTaskEnd, beforeTaskRun, execution, lease, releaseRecord, revisionArn, stoppedTask } from '../../core/given.js';
import { at, cancelled, given, task } from './given-before-task.js';
import { name } from './given-rollout.js';

const finished = (outcome: string, reason: string) => ({ error: 'Finish', result: { outcome, reason } });
const succeeded: Partial<StoppedTask> = { containers: [{ name: 'app', exitCode: 0 }] };

/** As its event left it in the watch item. */
const reported = (changes: Partial<StoppedTask> = {}) => ({ stoppedRun: { ...stoppedTask(changes), arn: task } });

const running = (changes: Partial<BeforeTaskRun> = {}) => {
  const found = given({ run: beforeTaskRun({ task, ...changes }) });
  found.ecs.start(revisionArn(8));
  return found;
};

describe('the first visit', () => {
  test('requests the task of the new revision as the service launches its own, and waits', async () => {
    const { ecs, visit, saved } = given({ before: { environment: { A: 'b' }, cpu: 256 } });

    expect(await visit()).toBeUndefined();
    expect(ecs.requests).toEqual([
      {
        cluster: 'production',
        taskDefinition: revisionArn(8),
        startedBy: 'slipway-dev-before/web',
        overrides: {
          containerOverrides: [{ name: 'app', command: ['npm', 'run', 'migrate'], environment: [{ name: 'A', value: 'b' }], cpu: 256 }],
        },
        launchType: 'FARGATE',
        platformVersion: '1.4.0',
      },
    ]);
    expect(await saved()).toMatchObject({ attempt: 1, requestedAt: at(0), container: 'app', command: ['npm', 'run', 'migrate'], task });
  });

  test('runs the command as it is, and saves it for messages without credentials', async () => {
    const command = ['migrate', '--password', 'hunter2'];
    const { ecs, visit, saved } = given({ before: { command } });

    await visit();

    expect(ecs.requests[0]?.overrides.containerOverrides).toMatchObject([{ command }]);
    expect((await saved())?.command).toEqual(['migrate', '--password', '***']);
  });

  test('saves the attempt before the call', async () => {
    const { ecs, table, visit } = given();
    const { run } = ecs.client;
    jest.spyOn(ecs.client, 'run').mockImplementationOnce(async (...args) => {
      expect((await table.record(name))?.beforeTask).toMatchObject({ attempt: 1, request: args[0] });
      return run(...args);
    });

    await visit();
    expect.hasAssertions();
  });

  test.each([
    ['cancelled', { state: cancelled() }, finished('FAILED', 'CANCELLED')],
    ['cancelled with its stage', { state: cancelled({ failedService: 'production/worker' }) }, finished('FAILED', 'STAGE_FAILED')],
    ['without the lease', { state: { lease: lease({ execution: `${execution}-2` }) } }, finished('FAILED', 'ABORTED')],
    ['of a service that has no before task any more', { before: null }, { action: 'proceed' }],
    ['of a closed record', { record: { endedAt: at(0) } }, finished('SKIPPED', 'NOT_RESUMED')],
  ])('%s requests none', async (_, changes, answer) => {
    const { ecs, visit } = given(changes);

    expect(await visit()).toMatchObject(answer);
    expect(ecs.calls).toEqual([]);
  });

  test('waits while the before task of an aborted deployment runs, and then requests its own', async () => {
    const { ecs, visit, saved } = given();
    const other = ecs.start(revisionArn(6));

    expect(await visit()).toBeUndefined();
    expect(await saved()).toMatchObject({ attempt: 0, since: at(0) });
    ecs.stop(other.arn);
    expect(await visit(60, { because: 'woken' })).toBeUndefined();
    expect(ecs.calls).toEqual(['run with token 1']);
    expect(await saved()).toMatchObject({ attempt: 1, since: at(0), requestedAt: at(60) });
  });

  test('requests its own also if that one ends at the timeout', async () => {
    const { ecs, visit, saved } = given();
    const other = ecs.start(revisionArn(6));

    await visit();
    ecs.stop(other.arn);
    expect(await visit(600, { because: 'woken' })).toBeUndefined();
    expect(await saved()).toMatchObject({ attempt: 1, requestedAt: at(600) });
  });

  test('never requests its own beside that one', async () => {
    const { ecs, visit } = given();
    ecs.start(revisionArn(6));

    await visit();
    const answer = await visit(600);
    expect(answer).toMatchObject(finished('FAILED', 'BEFORE_TASK'));
    expect(answer).toMatchObject({ result: { message: expect.stringContaining('web:6') } });
    expect(ecs.calls).toEqual([]);
  });
});

describe('a task that stopped', () => {
  test.each<[string, Partial<StoppedTask>, object]>([
    ['with 0 has the update follow', succeeded, { action: 'proceed' }],
    ['with 3 fails the deployment', { containers: [{ name: 'app', exitCode: 3 }] }, finished('FAILED', 'BEFORE_TASK')],
  ])('%s, described or reported by its event', async (_, stopped, answer) => {
    const { ecs, visit, saved } = running();
    ecs.stop(task, stopped);
    expect(await visit(60)).toMatchObject(answer);
    const described = await saved();

    const forgotten = given({ run: beforeTaskRun({ task }), item: reported(stopped) });
    expect(await forgotten.visit(60)).toMatchObject(answer);
    expect(forgotten.ecs.calls).toEqual([]);
    expect(await forgotten.saved()).toEqual(described);
  });

  test('with another code than 0 has its last lines kept, without secrets', async () => {
    const { ecs, visit, saved } = running();
    ecs.stop();

    await visit(60);
    expect((await saved())?.ended).toMatchObject({
      outcome: 'FAILED',
      exitCode: 1,
      speaksOfImage: true,
      log: ['migrating', 'password=***'],
    });
  });

  test.each([
    [new Error('denied'), '(could not be read: Error)'],
    [Object.assign(new Error('none'), { name: 'ResourceNotFoundException' }), '(it wrote nothing)'],
  ])('is judged without a log, too', async (error, line) => {
    const { visit, saved } = given({ run: beforeTaskRun({ task }), item: reported(), lines: () => Promise.reject(error) });

    expect(await visit(60)).toMatchObject(finished('FAILED', 'BEFORE_TASK'));
    expect((await saved())?.ended?.log).toEqual([line]);
  });

  test('answers the same after its answer was lost, without a look', async () => {
    const { ecs, visit, retry } = running();
    ecs.stop(task, succeeded);

    await visit(60);
    ecs.calls.length = 0;
    expect(await retry(62)).toMatchObject({ action: 'proceed' });
    expect(ecs.calls).toEqual([]);
  });

  test('with 0 has none of its log read', async () => {
    const { visit, saved } = given({ run: beforeTaskRun({ task }), item: reported(succeeded) });

    await visit(60);
    expect((await saved())?.ended?.log).toEqual([]);
  });

  test('is not confused with that of an earlier deployment, whose event the watch item has', async () => {
    const { visit, ecs } = given({ run: beforeTaskRun({ task }), item: { stoppedRun: { ...stoppedTask(succeeded), arn: `${task}-2` } } });
    ecs.start(revisionArn(8));

    expect(await visit(60)).toBeUndefined();
  });

  test('with 0 has no update follow if the stage has failed meanwhile', async () => {
    const release = 'repository#my-learn-app release#1';
    const stageFailure = { stage: 'production', service: 'production/worker', at: at(30) };
    const { visit } = given({
      run: beforeTaskRun({ task }),
      item: reported(succeeded),
      record: { release },
      records: { [release]: releaseRecord({ stageFailure }) },
    });

    const answer = await visit(60);
    expect(answer).toMatchObject(finished('FAILED', 'STAGE_FAILED'));
    expect(answer).toMatchObject({ result: { message: expect.stringMatching(/worker.*before task has succeeded/) } });
  });

  test('counts though another deployment of the service is to be cancelled', async () => {
    const state = { ...cancelled(), cancel: { record: 'service#production/web deployment#0', by: 'ann' } } as const;
    const { visit } = given({ run: beforeTaskRun({ task }), item: reported(succeeded), state });

    expect(await visit(60)).toMatchObject({ action: 'proceed' });
  });

  test('does not let the update follow if the deployment was cancelled meanwhile; the message says how it ended', async () => {
    const { ecs, visit } = given({ run: beforeTaskRun({ task }), state: cancelled() });
    ecs.start(revisionArn(8));

    expect(await visit(30)).toBeUndefined();
    ecs.stop(task, succeeded);
    const answer = await visit(60);
    expect(answer).toMatchObject(finished('FAILED', 'CANCELLED'));
    expect(answer).toMatchObject({ result: { message: expect.stringMatching(/ann.*before task has succeeded/) } });
    expect(ecs.calls).not.toContain('stop');
  });
});

describe('a task that runs', () => {
  test('is waited for; its deadline is the next safety net only once that ends after it', async () => {
    const { visit } = running();

    expect(await visit(120, { because: 'timedOut', seconds: 300 })).toBeUndefined();
    expect(await visit(420, { because: 'timedOut', seconds: 750 })).toMatchObject({ error: 'LookAgain', deadline: at(600) });
    expect(await visit(421, { because: 'entered', seconds: 120, deadline: at(600) })).toBeUndefined();
  });

  test('is stopped at its timeout, and has timed out though it ends with 0', async () => {
    const { ecs, visit, saved } = running();

    expect(await visit(600, { deadline: at(600) })).toBeUndefined();
    expect(await saved()).toMatchObject({ stop: { at: at(600), because: 'timeout' } });
    await visit(601, { deadline: at(600) });
    expect(ecs.calls.filter((call) => call === 'stop')).toHaveLength(1);
    ecs.stop(task, { stopCode: 'UserInitiated', ...succeeded });
    expect(await visit(630, { deadline: at(600) })).toMatchObject(finished('FAILED', 'TIMED_OUT'));
    expect((await saved())?.ended).toMatchObject({ speaksOfImage: false });
  });

  test('is asked again to stop if that call failed', async () => {
    const { ecs, visit, retry } = running();
    jest.spyOn(ecs.client, 'stop').mockRejectedValueOnce(new Error('lost'));

    await expect(visit(600)).rejects.toThrow('lost');
    await retry(602);
    expect(ecs.calls).toContain('stop');
  });

  test('is not stopped by an invocation that is late', async () => {
    const { ecs, table, visit } = running();
    jest.spyOn(ecs.client, 'describe').mockImplementationOnce(async () => {
      await table.records.enter(name, execution, { number: 1, retry: 1 });
      return { isStopping: false, stopped: undefined };
    });

    expect(await visit(600)).toBeUndefined();
    expect(ecs.calls).toEqual([]);
  });

  test('is stopped if the operator who cancels asks for it', async () => {
    const { ecs, visit } = given({ run: beforeTaskRun({ task }), state: cancelled({ stopTask: true }) });
    ecs.start(revisionArn(8));

    expect(await visit(30)).toBeUndefined();
    ecs.stop(task, { stopCode: 'UserInitiated', containers: [{ name: 'app', exitCode: 143 }] });
    expect(await visit(60)).toMatchObject(finished('FAILED', 'CANCELLED'));
  });

  test('may not be described at first; it is unknown only once ECS may have forgotten it', async () => {
    const { ecs, visit } = running();
    ecs.forget();

    expect(await visit(1)).toBeUndefined();
    expect(await visit(3599, { deadline: at(600) })).toBeUndefined();
    const answer = await visit(3600);
    expect(answer).toMatchObject({ ...finished('FAILED', 'BEFORE_TASK'), result: { runbook: 'BEFORE_TASK_UNKNOWN' } });
    expect(ecs.calls.filter((call) => call.startsWith('run'))).toEqual([]);
  });
});

describe('an answer that was lost', () => {
  test.each(['lost before', 'lost after'] as const)('%s the effect has the same request repeated: one task runs', async (what) => {
    const { ecs, visit, retry, saved } = given();
    ecs.next.push(what);

    await expect(visit()).rejects.toThrow('no answer');
    expect(await retry(2)).toMatchObject({ error: 'LookAgain', seconds: 5 });
    expect(ecs.tasks).toHaveLength(1);
    expect(ecs.requests[1]).toEqual(ecs.requests[0]);
    expect(await saved()).toMatchObject({ attempt: 1, requestedAt: at(0), task });
  });

  test('is repeated after the service is launched otherwise, with the request that was saved', async () => {
    const { ecs, visit } = given({ run: beforeTaskRun() });

    await visit(30);
    expect(ecs.requests).toEqual([beforeTaskRun().request]);
  });

  test('and refused when repeated, is unknown: the first call may have started a task', async () => {
    const { ecs, visit } = given({ run: beforeTaskRun() });
    ecs.next.push({ refused: 'AccessDeniedException: no' });

    expect(await visit(30)).toMatchObject({ error: 'Finish', result: { runbook: 'BEFORE_TASK_UNKNOWN' } });
  });

  test('and throttled when repeated, is repeated further: the first call may have started a task', async () => {
    const { ecs, visit, retry, saved } = given({ run: beforeTaskRun() });
    ecs.next.push('throttled');

    await expect(visit(30)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(await saved()).toEqual(beforeTaskRun());
    await retry(32);
    expect(ecs.requests).toEqual([beforeTaskRun().request, beforeTaskRun().request]);
    expect(ecs.calls).toEqual(['run with token 1', 'run with token 1', 'describe']);
  });

  test('is not repeated once the client token may have expired; the task is found by its revision', async () => {
    const late = 55 * 60;
    const found = given({ run: beforeTaskRun() });
    found.ecs.start(revisionArn(6));
    const mine = found.ecs.start(revisionArn(8));
    await found.visit(late);
    expect(await found.saved()).toMatchObject({ task: mine.arn });

    const byEvent = given({ run: beforeTaskRun(), item: reported(succeeded) });
    expect(await byEvent.visit(late)).toMatchObject({ action: 'proceed' });

    const nowhere = given({ run: beforeTaskRun(), item: reported({ taskDefinition: revisionArn(6) }) });
    expect(await nowhere.visit(late)).toMatchObject({ error: 'Finish', result: { outcome: 'FAILED', runbook: 'BEFORE_TASK_UNKNOWN' } });
    for (const { ecs } of [found, byEvent, nowhere]) expect(ecs.requests).toEqual([]);
  });

  test('is not repeated by a time that stayed what it was through an hour of retries, but by that of another visit', async () => {
    const { ecs, visit, retry } = given();
    ecs.next.push('lost after');

    await expect(visit()).rejects.toThrow('no answer');
    expect(await retry(0, 6)).toMatchObject({ error: 'LookAgain', seconds: 120 });
    expect(ecs.requests).toHaveLength(1);
    expect(await visit(3600)).toBeUndefined();
    expect(ecs.requests).toHaveLength(1);
  });

  test('before a cancellation is found out about: the task may run', async () => {
    const { ecs, visit } = given({ run: beforeTaskRun(), state: cancelled({ stopTask: true }) });

    expect(await visit(30)).toBeUndefined();
    expect(ecs.calls).toEqual(['run with token 1', 'describe', 'stop']);
  });
});

describe('a task that ECS does not start', () => {
  const unplaced = { unplaced: 'RESOURCE:MEMORY' };

  test('for lack of capacity is requested again, as another attempt, until the timeout', async () => {
    const { ecs, visit, saved } = given();
    ecs.next.push(unplaced, unplaced);

    expect(await visit()).toMatchObject({ error: 'LookAgain', seconds: 25, nextSeconds: 25, longestSeconds: 60, deadline: at(600) });
    expect(await saved()).toMatchObject({ attempt: 1, refusal: 'RESOURCE:MEMORY' });
    expect(await visit(25, { deadline: at(600), seconds: 25 })).toBeUndefined();
    expect(await visit(50, { deadline: at(600), seconds: 25 })).toMatchObject({ error: 'LookAgain', seconds: 120, deadline: at(650) });
    expect(await saved()).toMatchObject({ attempt: 3, task });
    expect(ecs.calls).toEqual(['run with token 1', 'run with token 1', 'run with token 1']);
  });

  test('until the timeout fails the deployment, with the words of ECS', async () => {
    const { ecs, visit, saved } = given();
    ecs.next.push(unplaced);

    await visit();
    const answer = await visit(600, { deadline: at(600) });
    expect(answer).toMatchObject({ ...finished('FAILED', 'BEFORE_TASK'), result: { message: expect.stringContaining('RESOURCE:MEMORY') } });
    expect((await saved())?.ended).toMatchObject({ reason: 'PLACEMENT', speaksOfImage: false });
  });

  test('is not requested again once the deployment is cancelled', async () => {
    const { ecs, visit } = given({ run: { ...beforeTaskRun(), requestedAt: undefined } as never, state: cancelled() });

    expect(await visit(30)).toMatchObject(finished('FAILED', 'CANCELLED'));
    expect(ecs.calls).toEqual([]);
  });

  test('as it refuses the request fails the deployment, with the words of ECS', async () => {
    const { ecs, visit, saved } = given();
    ecs.next.push({ refused: 'InvalidParameterException: No Container Instances were found in your cluster.' });

    expect(await visit()).toMatchObject({
      ...finished('FAILED', 'BEFORE_TASK'),
      result: { message: expect.stringContaining('No Container Instances') },
    });
    expect((await saved())?.ended).toMatchObject({ outcome: 'FAILED', reason: 'CANNOT_START', speaksOfImage: false });
  });

  test('as it throttles the call is requested by the retry', async () => {
    const { ecs, visit, retry, saved } = given();
    ecs.next.push('throttled', { refused: 'AccessDeniedException: no' });

    await expect(visit()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect((await saved())?.requestedAt).toBeUndefined();
    expect(await retry(2)).toMatchObject({ result: { reason: 'BEFORE_TASK', message: expect.stringContaining('AccessDenied') } });
  });

  test('as it throttles every call is requested until the timeout, which begins with the visit that starts it', async () => {
    const { ecs, visit, retry, saved } = given();
    ecs.next.push('throttled');

    await expect(visit()).rejects.toMatchObject({ name: 'ThrottlingException' });
    // Hours later: the task would be stopped at once.
    expect(await retry(0, 6)).toMatchObject({ error: 'LookAgain' });
    expect(await visit(600)).toMatchObject({
      ...finished('FAILED', 'BEFORE_TASK'),
      result: { message: expect.stringContaining('ThrottlingException') },
    });
    expect(ecs.tasks).toEqual([]);
    expect((await saved())?.ended).toMatchObject({ reason: 'PLACEMENT' });
  });
});

test.each([
  [{ number: 9, retry: 0 }, undefined],
  [{ number: 1, retry: 2 }, undefined],
])('a late invocation requests nothing (%j)', async (newest) => {
  const { ecs, table, visit } = given();
  await table.records.enter(name, execution, newest);

  expect(await visit(0, { visit: { number: 1, retry: 1 } })).toBeUndefined();
  expect(ecs.calls).toEqual([]);
});

test('an invocation that becomes late between its reads and its write requests nothing', async () => {
  const { ecs, table, visit } = given();
  jest.spyOn(ecs.client, 'running').mockImplementationOnce(async () => {
    await table.records.enter(name, execution, { number: 1, retry: 1 });
    return [];
  });

  expect(await visit()).toBeUndefined();
  expect(ecs.calls).toEqual([]);
});

test('a run that has ended is final', async () => {
  const ended = beforeTaskEnd({ outcome: 'UNKNOWN' });
  const { ecs, visit } = given({ run: beforeTaskRun({ ended }) });

  expect(await visit(60)).toMatchObject({ error: 'Finish', result: { outcome: 'FAILED', runbook: 'BEFORE_TASK_UNKNOWN' } });
  expect(ecs.calls).toEqual([]);
});
