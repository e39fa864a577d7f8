import {
  abandonedReleaseResult,
  type ExecutionState,
  isOver,
  isResumedTooOften,
  machineOf,
  parsePendingRecord,
  resultBeforeUpdate,
  resumptions,
  type StageResults,
  staleClaimCutoff,
  terminationReason,
  unresumableResult,
} from '../../../core/housekeeping/sweep.js';
import type { Outcome } from '../../../core/result/result.js';
import { deploymentRecord, execution, later, releaseRecord, resultWith } from '../given.js';

const name = 'service#production/web deployment#2026-11-23T12:00:00.000Z#one';
const releaseName = 'repository#my-learn-app release#2026-11-23T12:00:00.000Z#push-1';
const aborted: ExecutionState = { isRunning: false, endedAt: new Date(later), status: 'ABORTED' };
const item = { ...deploymentRecord(), pk: 'x', sk: 'y', schema: 2, pending: 'yes' };

test('a pending record is parsed as a deployment or a release', () => {
  expect(parsePendingRecord(name, item)).toMatchObject({ kind: 'deployment', record: { service: 'production/web' } });
  expect(parsePendingRecord(name, { ...item, endedAt: later, outcome: 'SUCCEEDED' })).toMatchObject({
    kind: 'deployment',
    record: { endedAt: later },
  });
  expect(parsePendingRecord(releaseName, { ...releaseRecord(), schema: 2, pending: 'yes' })).toMatchObject({ kind: 'release' });
});

test('a deployment that rolls back to an image that its revision names by tag alone is read', () => {
  const image = { repository: 'my-learn-app', digest: '', tag: 'main-1' };

  expect(parsePendingRecord(name, { ...item, image })).toMatchObject({ kind: 'deployment', record: { image } });
});

test.each([
  ['gone', undefined],
  ['off the index', { ...item, pending: undefined }],
])('a record that is %s is closed', (_, found) => {
  expect(parsePendingRecord(name, found)).toEqual({ kind: 'closed' });
});

test.each([
  ['another schema', name, { ...item, schema: 0 }, 'schema is 0; expected 2'],
  ['no schema', name, { ...item, schema: undefined }, 'schema is undefined; expected 2'],
  ['no execution', name, { ...item, execution: '' }, 'execution is '],
  ['a service that is a number', name, { ...item, service: 7 }, 'service is 7; expected string'],
  ['a start that is no time', name, { ...item, startedAt: 'yesterday' }, 'startedAt is "yesterday"'],
  ['no trigger', name, { ...item, trigger: null }, 'trigger is null'],
  ['an image that is a text', name, { ...item, image: 'x' }, 'image is "x"'],
  [
    'a release without a digest',
    releaseName,
    { ...releaseRecord(), schema: 2, pending: 'yes', image: { repository: 'x', digest: '' } },
    'image.digest is ',
  ],
  ['stages that are none', releaseName, { ...releaseRecord(), schema: 2, pending: 'yes', stages: [7] }, 'stages.0 is 7'],
  ['a name of nothing of ours', 'x y', item, 'neither a deployment nor a release'],
])('a record with %s is not read, and it is said why', (_, key, found, why) => {
  expect(parsePendingRecord(key, found)).toEqual({ kind: 'unreadable', why: expect.stringContaining(why) });
});

test.each([
  [59_999, false],
  [60_000, true],
])('an execution that ended %d ms ago is over: %s', (age, over) => {
  expect(isOver(aborted, new Date(Date.parse(later) + age).toISOString())).toBe(over);
});

test('a running execution is not over, and one that Step Functions no longer knows is', () => {
  expect(isOver({ isRunning: true, endedAt: undefined }, later)).toBe(false);
  expect(isOver({ isRunning: false, endedAt: undefined }, later)).toBe(true);
});

test.each([
  [{}, 'its execution was aborted'],
  [{ error: 'ada', cause: 'wrong image' }, 'its execution was aborted (ada: wrong image)'],
  [{ status: 'TIMED_OUT' }, 'its execution timed out'],
  [{ status: '' }, 'its execution is no longer known to Step Functions'],
])('what is said of %j', (state, message) => {
  expect(terminationReason({ ...aborted, ...state })).toBe(message);
});

test('a deployment that ended before its update is FAILED, ABORTED', () => {
  expect(resultBeforeUpdate(aborted)).toEqual({
    outcome: 'FAILED',
    reason: 'ABORTED',
    message: 'its execution was aborted before the service was changed',
  });
});

test.each([
  [
    { status: 'SUCCEEDED', output: '{"outcome":"SKIPPED","reason":"ALREADY_RUNNING","message":"already running it"}' },
    'SKIPPED',
    'already running it',
  ],
  [{ status: 'FAILED', error: 'FAILED', cause: 'the input is empty' }, 'FAILED', 'the input is empty'],
  [
    { status: 'FAILED', error: 'States.Runtime', cause: 'x' },
    'FAILED',
    'its execution failed (States.Runtime: x) before the service was changed',
  ],
  [{ status: 'SUCCEEDED', output: '{' }, 'FAILED', 'its execution ended before the service was changed'],
  [
    { status: 'SUCCEEDED', output: '{"outcome":"SUCCEEDED","reason":"DEPLOYED","message":"x"}' },
    'FAILED',
    'its execution ended before the service was changed',
  ],
])('one that came to its end ended as it said: %j', (state, outcome, message) => {
  expect(resultBeforeUpdate({ ...aborted, ...state })).toMatchObject({ outcome, message });
});

test('a deployment that no execution could resume is UNKNOWN', () => {
  expect(unresumableResult(aborted)).toMatchObject({ outcome: 'UNKNOWN', reason: 'ABORTED', runbook: 'NOT_RESUMABLE' });
});

test('a deployment whose last execution reached a result that it could not record has that result', () => {
  const output = '{"outcome":"SUCCEEDED","reason":"DEPLOYED","message":"x"}';

  expect(unresumableResult({ ...aborted, status: 'SUCCEEDED', output })).toEqual(JSON.parse(output));
  expect(unresumableResult({ ...aborted, status: 'FAILED', error: 'ROLLED_BACK', cause: 'x' })).toMatchObject({ outcome: 'ROLLED_BACK' });
});

test('four executions resume a deployment at most', () => {
  expect([{}, { resumptions: 3 }, { resumptions: 4 }].map(isResumedTooOften)).toEqual([false, false, true]);
});

test('the names of resuming executions depend on the record and its execution', () => {
  const names = resumptions(name, deploymentRecord());

  expect(new Set(names).size).toBe(4);
  expect(resumptions(name, deploymentRecord())).toEqual(names);
  expect(resumptions(name, deploymentRecord({ execution: `${execution}2` }))).not.toContain(names[0]);
  for (const one of resumptions(name, deploymentRecord({ service: `${'c'.repeat(255)}/${'s'.repeat(255)}` }))) {
    expect(one.length).toBeLessThanOrEqual(80);
  }
});

test('the machine of an execution', () => {
  expect(machineOf(execution)).toBe('arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-deployment');
});

test('a sweep claims a record for ten minutes', () => {
  expect(staleClaimCutoff('2026-11-23T12:10:00.000Z')).toBe('2026-11-23T12:00:00.000Z');
});

describe('a release whose execution ended early', () => {
  const decision = (service: string, outcome?: Outcome, more: Parameters<typeof resultWith>[1] = {}): StageResults[number] => ({
    service,
    record: outcome === undefined ? undefined : { result: resultWith(outcome, more) },
    isOpen: false,
  });
  const succeeded = decision('staging/web', 'SUCCEEDED');
  const end = (stage: string, ...reached: StageResults[]) => abandonedReleaseResult(releaseRecord({ stage }), reached, aborted);

  test('has no result while one of its deployments is open', () => {
    expect(end('staging', [{ ...succeeded, isOpen: true }])).toBeUndefined();
  });

  test('before its last stage is never a success', () => {
    expect(end('staging', [succeeded])).toEqual({
      outcome: 'FAILED',
      reason: 'ABORTED',
      message: 'its execution was aborted; 1 of 3 services were deployed',
    });
  });

  test('after its last stage has the result of its deployments', () => {
    expect(end('production', [succeeded], [decision('production/web', 'SUCCEEDED'), decision('production/worker', 'SUCCEEDED')])).toEqual({
      outcome: 'SUCCEEDED',
      reason: 'DEPLOYED',
      message: '3 of 3 services run it',
    });
  });

  test('with a deployment of its last stage without a record is not a success', () => {
    expect(end('production', [succeeded], [decision('production/web', 'SUCCEEDED'), decision('production/worker')])).toMatchObject({
      outcome: 'FAILED',
      reason: 'ABORTED',
      message: 'its execution was aborted; 2 of 3 services were deployed',
    });
  });

  test('that rolls another one back has the result of that rollback', () => {
    const release = releaseRecord({ stages: [], stage: '', rollback: { of: 'repository#my-learn-app release#0', deployments: [] } });

    expect(abandonedReleaseResult(release, [[succeeded]], aborted)).toEqual({
      outcome: 'SUCCEEDED',
      reason: 'ROLLED_BACK_WITH_RELEASE',
      message: '1 of 1 services is back on what ran before that release',
    });
    expect(abandonedReleaseResult(release, [[succeeded, decision('production/web')]], aborted)).toMatchObject({ outcome: 'FAILED' });
  });

  test('that was rolling itself back has the result of that, and says that it was aborted', () => {
    const failed = [decision('production/web', 'ROLLED_BACK', { message: 'exit 1' }), decision('production/worker', 'SUCCEEDED')];
    const undone = [decision('production/worker', 'SUCCEEDED')];

    expect(abandonedReleaseResult(releaseRecord({ stage: 'production' }), [failed], aborted, undone)).toMatchObject({
      outcome: 'ROLLED_BACK',
      message: 'production/web: exit 1; 1 other service was rolled back with it; its execution was aborted',
    });
  });

  test('has the result of its worst deployment', () => {
    const worst = decision('production/web', 'ROLLED_BACK', { reason: 'CRASHED', message: 'exit 1' });

    expect(end('production', [succeeded], [worst, decision('production/worker')])).toEqual({
      outcome: 'ROLLED_BACK',
      reason: 'CRASHED',
      message: 'production/web: exit 1; its execution was aborted',
    });
  });

  test('that a hold stopped has that result', () => {
    expect(end('staging', [decision('staging/web', 'SKIPPED', { reason: 'ON_HOLD' })])).toMatchObject({
      outcome: 'SKIPPED',
      reason: 'ON_HOLD',
    });
  });

  test('before it started deployments has the reason of its execution', () => {
    const { stages: _, stage: __, ...unplanned } = releaseRecord();

    expect(abandonedReleaseResult(unplanned, [], aborted)).toEqual({
      outcome: 'FAILED',
      reason: 'ABORTED',
      message: 'its execution was aborted before it began',
    });
  });

  test('that reached its last state has the result of that', () => {
    const said = { outcome: 'SKIPPED', reason: 'TAG_NOT_MATCHED', message: 'tag x matches none of v*' };

    expect(abandonedReleaseResult(releaseRecord(), [], { ...aborted, status: 'SUCCEEDED', output: JSON.stringify(said) })).toEqual(said);
  });
});
