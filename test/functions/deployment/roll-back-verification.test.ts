import { startedAt } from '../../core/given.js';
import { ours, previous } from '../../core/rollout/observations.js';
import { finished, given, name } from './given-rollback.js';

const verify = { bakeSeconds: 300 };
const caughtIn = (state: string) => ({ state, error: 'AccessDeniedException', cause: 'not allowed' });
const toPrevious = [`update ${previous} by method update`];

test.each([
  ['of a service that must be verified', { verify }],
  [
    'that has failed its verification',
    { record: { verification: { since: startedAt, failure: { reason: 'CRASHED', message: 'x', speaksOfImage: true } } } },
  ],
] as const)('failed tasks count against a completed rollout %s', async (_, changes) => {
  const { calls, run } = given({ seen: finished, ...changes });

  expect(await run()).toMatchObject({ action: 'watch' });
  expect(calls).toEqual(toPrevious);
});

test('looks that failed are no reason to roll a completed rollout back: its verification begins', async () => {
  const { table, calls, run } = given({ seen: finished, verify });

  expect(await run({ caught: caughtIn('WatchRollout') })).toMatchObject({ action: 'watch' });
  expect(calls).toEqual([]);
  expect(await table.record(name)).not.toHaveProperty('rollback');
  expect(await table.watchItem('production/web')).not.toHaveProperty('isRollingBack');
});

test('a verification that cannot look has verified nothing: it is rolled back', async () => {
  const { table, calls, run } = given({ seen: finished, verify, record: { verification: { since: startedAt } } });

  await run({ caught: caughtIn('Verify') });
  expect(calls).toEqual(toPrevious);
  expect(await table.record(name)).toMatchObject({ rollback: { reason: 'AWS_ERROR', message: expect.stringContaining('Verify failed') } });
});

test('without anything that runs there is nothing to verify', async () => {
  const { calls, run } = given({ on: ours, seen: finished, verify, desiredCount: 0 });

  expect(await run({ caught: caughtIn('WatchRollout') })).toMatchObject({ action: 'finish', result: { reason: 'NOTHING_RUNNING' } });
  expect(calls).toEqual([]);
});
