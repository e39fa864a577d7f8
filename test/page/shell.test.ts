import { match } from '../../page/client/palette/fuzzy.js';
import { createAnnouncer } from '../../page/client/shell/announcer.js';
import { delayAfter } from '../../page/client/shell/backoff.js';
import { type KeyPress, stepOfKey } from '../../page/client/shell/keys.js';

it('tries a lost connection after 1, 2, 4 … 30 s', () =>
  expect([1, 2, 3, 4, 5, 6, 40].map((failures) => delayAfter(failures))).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]));

it('tries again sooner where the server is back soon', () =>
  expect([1, 3, 4, 40].map((failures) => delayAfter(failures, 4))).toEqual([1000, 4000, 4000, 4000]));

describe('the announcer', () => {
  const announcing = () => {
    let time = 0;
    const said: string[] = [];
    const timers: { at: number; run: () => void }[] = [];
    const announce = createAnnouncer({
      say: (message) => said.push(message),
      now: () => time,
      later: (run, milliseconds) => timers.push({ at: time + milliseconds, run }),
    });
    const pass = (milliseconds: number) => {
      time += milliseconds;
      for (const timer of timers.splice(0)) {
        if (timer.at <= time) timer.run();
        else timers.push(timer);
      }
    };
    return { announce, pass, said };
  };

  it('says one message in five seconds, and sums up the rest', () => {
    const { announce, pass, said } = announcing();
    for (const message of ['A.', 'B.', 'C.', 'D.']) announce(message);
    expect(said).toEqual(['A.']);
    pass(4999);
    expect(said).toEqual(['A.']);
    pass(1);
    expect(said).toEqual(['A.', 'D. And 2 more.']);
    pass(5000);
    announce('E.');
    expect(said.at(-1)).toBe('E.');
  });
});

describe('keys', () => {
  const press = (key: string, part: Partial<KeyPress> = {}): KeyPress => ({
    key,
    isCommand: false,
    isAlt: false,
    isTyping: false,
    isInDialog: false,
    ...part,
  });

  it('g begins a key of two', () => {
    expect(stepOfKey(false, press('g'))).toEqual({ isAfterG: true });
    expect(stepOfKey(true, press('h'))).toEqual({ isAfterG: false, action: 'history' });
    expect(stepOfKey(true, press('r'))).toEqual({ isAfterG: false });
    expect(stepOfKey(true, press('g'))).toEqual({ isAfterG: false });
  });

  it.each([
    ['r', {}, 'rollBack'],
    ['r', { isTyping: true }, undefined],
    ['r', { isInDialog: true }, undefined],
    ['r', { isCommand: true }, undefined],
    ['?', {}, 'help'],
    ['k', { isCommand: true }, 'palette'],
    ['K', { isCommand: true, isTyping: true }, 'palette'],
    ['k', { isCommand: true, isInDialog: true }, undefined],
    ['toString', {}, undefined],
  ])('%s with %j does %s', (key, part, action) => expect(stepOfKey(false, press(key, part)).action).toBe(action));
});

describe('fuzzy match', () => {
  it('marks the characters that match', () => {
    expect(match('check', 'production/checkout')?.ranges).toEqual([[11, 16]]);
    expect(match('pch', 'production/checkout')?.ranges).toEqual([
      [0, 1],
      [5, 6],
      [12, 13],
    ]);
    expect(match('roll check', 'Roll back production/checkout…')?.ranges).toEqual([
      [0, 4],
      [21, 26],
    ]);
    expect(match('zz', 'production/checkout')).toBeUndefined();
    expect(match('x', 'İİx')?.ranges).toEqual([[2, 3]]);
  });

  it.each([
    ['web', 'production/web', 'production/cobweb'],
    ['ord', 'orders-api', 'old-records'],
    ['web', 'web', 'web-worker'],
  ])('%s finds %s before %s', (query, better, worse) =>
    expect(match(query, better)?.score).toBeGreaterThan(match(query, worse)?.score ?? Number.POSITIVE_INFINITY),
  );
});
