import type { Pause } from '../../../core/records/records.js';
import { isPaused, readClock } from '../../../core/rollout/clock.js';
import { noEvidence, startedAt } from '../given.js';
import { hook, rollbackBy, rollout } from './observations.js';

const at = (minutes: number): string => new Date(Date.parse(startedAt) + minutes * 60_000).toISOString();
const paused = rollout({ hook });
const limits = { timeoutSeconds: 1800, placementTimeoutSeconds: 600 };

const read = (
  minutes: number,
  given: { pause?: Pause; seen?: typeof paused; bakeSeconds?: number; unplacedSince?: number; isBack?: boolean } = {},
) => {
  const { pause, seen = rollout(), bakeSeconds = 0, unplacedSince, isBack } = given;
  const record = { startedAt, updateRequestedAt: startedAt, ...(pause && { pause }), ...(isBack && { rollback: rollbackBy('stop') }) };
  const evidence = {
    ...noEvidence,
    ...(unplacedSince !== undefined && { placementFailure: { since: at(unplacedSince), reason: 'no CPU' } }),
  };
  return readClock(record, { rollout: seen, service: { bakeSeconds }, evidence }, limits, at(minutes));
};

test.each([
  ['waits for a hook', paused, true],
  ['is rolled back while a hook has not been answered', { ...paused, status: 'ROLLBACK_IN_PROGRESS' }, false],
  ['has a hook that failed', rollout({ hook: { ...hook, status: 'FAILED' } }), false],
  ['has no hook', rollout(), false],
  ['is not listed', undefined, false],
])('a rollout that %s is paused: %j', (_, seen, expected) => {
  expect(isPaused(seen)).toBe(expected);
});

test('without a pause the clock runs from the update, and a bake prolongs it', () => {
  expect(read(29.9)).toEqual({ pause: undefined, isOverdue: false, isPlacementOverdue: false, waitSeconds: 60 });
  expect(read(30)).toMatchObject({ isOverdue: true });
  expect(read(30, { bakeSeconds: 60 })).toMatchObject({ isOverdue: false });
  expect(read(5)).toMatchObject({ waitSeconds: 15 });
});

describe('while a hook awaits action', () => {
  test('the clock stands still, however long', () => {
    const begun = read(20, { seen: paused });

    expect(begun).toEqual({ pause: { seconds: 0, since: at(20) }, isOverdue: false, isPlacementOverdue: false, waitSeconds: 60 });
    expect(read(20_000, { seen: paused, pause: { seconds: 0, since: at(20) }, unplacedSince: 19 })).toEqual({
      pause: { seconds: 0, since: at(20) },
      isOverdue: false,
      isPlacementOverdue: false,
      waitSeconds: 900,
    });
  });

  test('a rollout that is overdue already is not rolled back for that', () => {
    expect(read(31, { seen: paused })).toMatchObject({ isOverdue: false });
  });

  test('it is observed after a tenth of the wait so far', () => {
    const pause = { seconds: 0, since: at(0) };

    expect(read(5, { seen: paused, pause }).waitSeconds).toBe(60);
    expect(read(60, { seen: paused, pause }).waitSeconds).toBe(360);
  });
});

describe('after a pause', () => {
  const pause = { seconds: 0, since: at(20) };

  test('the clock continues where it stood', () => {
    expect(read(120, { pause })).toEqual({
      pause: { seconds: 6000, until: at(120) },
      isOverdue: false,
      isPlacementOverdue: false,
      waitSeconds: 60,
    });
    expect(read(129.9, { pause: { seconds: 6000, until: at(120) } })).toMatchObject({ isOverdue: false });
    expect(read(130, { pause: { seconds: 6000, until: at(120) } })).toMatchObject({ isOverdue: true });
  });

  test('placement may take as long again', () => {
    const ended = { seconds: 6000, until: at(120) };

    expect(read(129, { pause: ended, unplacedSince: 19 })).toMatchObject({ isPlacementOverdue: false });
    expect(read(130, { pause: ended, unplacedSince: 19 })).toMatchObject({ isPlacementOverdue: true });
    expect(read(135, { pause: ended, unplacedSince: 126 })).toMatchObject({ isPlacementOverdue: false });
  });

  test('a second one is added', () => {
    const second = read(125, { seen: paused, pause: { seconds: 6000, until: at(120) } }).pause;

    expect(second).toEqual({ seconds: 6000, until: at(120), since: at(125) });
    expect(read(135, second && { pause: second }).pause).toEqual({ seconds: 6600, until: at(135) });
  });
});

test('a rollback has a clock of its own, which no hook stops', () => {
  const pause = { seconds: 6000, until: at(10) };

  expect(read(29.9, { isBack: true, pause, seen: paused })).toMatchObject({ pause, isOverdue: false });
  expect(read(30, { isBack: true, pause, seen: paused })).toMatchObject({ pause, isOverdue: true });
});
