import { failureSummary, guardTable, reactionSummary, rolledBackTransitions } from '../../bench/failure-tables.js';
import type { BySlipway, Watched } from '../../bench/failures.js';
import { type Trials, watchers } from '../../bench/trials.js';

const after = (seconds: number | undefined, says: string, isTrue = true): Watched => ({ seconds, says, isTrue });
const sizes = (...each: Watched[][]) => each;
const ours: Omit<BySlipway, 'seconds'> = {
  says: 'ROLLED_BACK',
  message: '',
  isTrue: true,
  transitions: 15,
  isStoppedByUs: true,
  looks: 1,
  lag: 4,
};

const trials: Trials = {
  guards: [
    {
      image: 'crash loop',
      who: watchers.slipway,
      bySize: sizes(
        [after(100.4, 'ROLLED_BACK'), after(90, 'ROLLED_BACK'), after(110, 'ROLLED_BACK')],
        [after(40, 'ROLLED_BACK')],
        [after(30, 'ROLLED_BACK')],
        [after(30, 'ROLLED_BACK', false)],
      ),
    },
    {
      image: 'crash loop',
      who: watchers.breaker,
      bySize: sizes([after(undefined, 'IN_PROGRESS')], [after(40, 'BACK'), after(undefined, 'IN_PROGRESS')], [], []),
    },
  ],
  waiters: [
    {
      image: 'crash loop',
      who: watchers.cliWithBreaker,
      bySize: sizes([after(110, 'stable (exit 0)', false)], [after(50, 'stable (exit 0)', false)], [], []),
    },
  ],
  slipway: [
    { ...ours, seconds: 30 },
    { ...ours, seconds: 40, looks: 2, lag: 9 },
    { ...ours, seconds: 20, transitions: 13, isStoppedByUs: false, looks: undefined, lag: undefined },
  ],
};

test('times are medians with the fastest and the slowest; reports have the sizes where they differ; true reports are counted', () => {
  const [, , slipway, breaker] = guardTable(trials)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

  expect(slipway?.slice(1, -1)).toEqual(['crash loop', 'Slipway alone', '100 (90–110)', '40', '30', '30', 'ROLLED_BACK', 'in 5 of 6']);
  expect(breaker?.slice(3, 5)).toEqual(['never', '40, never in 1 of 2']);
  expect(breaker?.at(-3)).toBe('IN_PROGRESS (1, 4); BACK (4)');
});

test('the summary has the medians of all sizes, and no exit codes', () => {
  const [, , row = ''] = failureSummary(trials).split('\n');

  expect(row).toContain('| 100 / 40 / 30 / 30 s |');
  expect(row).toContain('stable, after 110 / 50 / never / never s');
});

test('looks and seconds are counted where Slipway was the one to stop the rollout', () => {
  expect(reactionSummary(trials).replaceAll('\n', ' ')).toBe(
    'Slipway stopped the rollout first in 2 of 3 trials. Looks between the event of the failed task that reached the ' +
      'limit and StopServiceDeployment: 1 in 1, 2 in 1 trials. Seconds: 6.5 (median), 9.0 at most.',
  );
});

test('transitions are counted separately for rollouts that ECS stopped and rollouts that Slipway stopped', () => {
  expect(rolledBackTransitions(trials)).toBe('13 if ECS, 15 if Slipway stops it');
  expect(rolledBackTransitions({ ...trials, slipway: trials.slipway.slice(0, 2) })).toBe('15 if Slipway stops it');
});
