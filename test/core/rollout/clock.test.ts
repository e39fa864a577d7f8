import fc from 'fast-check';
import type { Pause } from '../../../core/records/records.js';
import { isPaused, mayBeStale, readClock } from '../../../core/rollout/clock.js';
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
  expect(read(29.9)).toEqual({ pause: undefined, isOverdue: false, isPlacementOverdue: false, deadline: at(30) });
  expect(read(30)).toMatchObject({ isOverdue: true, deadline: '' });
  expect(read(30, { bakeSeconds: 60 })).toMatchObject({ isOverdue: false, deadline: at(31) });
});

describe('while a hook awaits action', () => {
  test('the clock stands still, however long', () => {
    const begun = read(20, { seen: paused });

    expect(begun).toEqual({ pause: { seconds: 0, since: at(20) }, isOverdue: false, isPlacementOverdue: false, deadline: '' });
    expect(read(20_000, { seen: paused, pause: { seconds: 0, since: at(20) }, unplacedSince: 19 })).toEqual({
      pause: { seconds: 0, since: at(20) },
      isOverdue: false,
      isPlacementOverdue: false,
      deadline: '',
    });
  });

  test('a rollout that is overdue already is not rolled back for that', () => {
    expect(read(31, { seen: paused })).toMatchObject({ isOverdue: false });
  });
});

describe('after a pause', () => {
  const pause = { seconds: 0, since: at(20) };

  test('the clock continues where it stood', () => {
    expect(read(120, { pause })).toEqual({
      pause: { seconds: 6000, until: at(120) },
      isOverdue: false,
      isPlacementOverdue: false,
      deadline: at(130),
    });
    expect(read(129.9, { pause: { seconds: 6000, until: at(120) } })).toMatchObject({ isOverdue: false });
    expect(read(130, { pause: { seconds: 6000, until: at(120) } })).toMatchObject({ isOverdue: true });
  });

  test('placement may take as long again', () => {
    const ended = { seconds: 6000, until: at(120) };

    expect(read(129, { pause: ended, unplacedSince: 19 })).toMatchObject({ isPlacementOverdue: false });
    expect(read(130, { pause: ended, unplacedSince: 19 })).toMatchObject({ isPlacementOverdue: true });
    expect(read(135, { pause: ended, unplacedSince: 126 })).toMatchObject({ isPlacementOverdue: false });
    expect(read(121, { pause: ended, unplacedSince: 19 })).toMatchObject({ deadline: at(130) });
    expect(read(127, { pause: { seconds: 6300, until: at(125) }, unplacedSince: 119 })).toMatchObject({ deadline: at(135) });
  });

  test('a second one is added', () => {
    const second = read(125, { seen: paused, pause: { seconds: 6000, until: at(120) } }).pause;

    expect(second).toEqual({ seconds: 6000, until: at(120), since: at(125) });
    expect(read(135, second && { pause: second }).pause).toEqual({ seconds: 6600, until: at(135) });
  });
});

test('a rollback has a clock of its own, which no hook stops', () => {
  const pause = { seconds: 6000, until: at(10) };

  expect(read(29.9, { isBack: true, pause, seen: paused })).toMatchObject({ pause, isOverdue: false, deadline: at(30) });
  expect(read(30, { isBack: true, pause, seen: paused })).toMatchObject({ pause, isOverdue: true, deadline: '' });
  expect(read(20, { isBack: true, unplacedSince: 19, bakeSeconds: 300 })).toMatchObject({ isPlacementOverdue: false, deadline: at(35) });
});

describe('the deadline', () => {
  const stopped = rollout({ status: 'STOPPED', finishedAt: at(12) });

  test('is that of the placement if it comes first', () => {
    expect(read(6, { unplacedSince: 5 })).toMatchObject({ isPlacementOverdue: false, deadline: at(15) });
    expect(read(26, { unplacedSince: 25 })).toMatchObject({ deadline: at(30) });
    expect(read(15, { unplacedSince: 5 })).toMatchObject({ isPlacementOverdue: true, deadline: at(30) });
  });

  test('is another look at a rollout that ended a moment ago, forward and back', () => {
    expect(read(12.25, { seen: stopped })).toMatchObject({ deadline: at(12.5) });
    expect(read(12.5, { seen: stopped })).toMatchObject({ deadline: at(30) });
    expect(read(12.25, { seen: stopped, isBack: true })).toMatchObject({ deadline: at(12.5) });
    expect(read(12.25, { seen: stopped, unplacedSince: 2.4 })).toMatchObject({ deadline: at(12.4) });
  });

  test('lies ahead of now, and what it decides is decided then, and not before', () => {
    const minute = fc.double({ min: 0, max: 90, noNaN: true });
    const given = fc.record(
      {
        seen: fc.constantFrom(rollout(), stopped),
        bakeSeconds: fc.nat(600),
        unplacedSince: fc.nat(60),
        isBack: fc.boolean(),
        pause: fc.record({ seconds: fc.nat(6000), until: fc.nat(60).map(at) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(minute, given, (now, rest) => {
        const { deadline, isOverdue, isPlacementOverdue } = read(now, rest);
        if (deadline === '') return;
        const minutes = (Date.parse(deadline) - Date.parse(startedAt)) / 60_000;
        expect(minutes).toBeGreaterThan(now - 1 / 60_000);
        const before = read(Math.max(now, minutes - 1 / 60_000), rest);
        expect(before).toMatchObject({ isOverdue, isPlacementOverdue, deadline });
        expect(read(minutes, rest)).not.toEqual(before);
      }),
    );
  });
});

test.each([
  ['', false],
  [at(4.6), true],
  [at(4.5), false],
  [at(1), false],
])('at minute 5, reads may not show yet what replaced a rollout that finished at "%s": %s', (finishedAt, expected) => {
  expect(mayBeStale({ finishedAt }, at(5))).toBe(expected);
});
