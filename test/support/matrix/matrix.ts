import type { Packaged } from '../../../stack/package-stack.js';
import { callsOf, type Recorded } from './calls.js';
import { run } from './run.js';
import type { Situation } from './situation.js';
import { type Trial, trialsOf, turnsOf } from './trial.js';

/** The tests of one situation: as it is, and with everything that can go wrong with the functions that it names and with their calls. */
export const tried = (situation: Situation, turn: number, packaged?: () => Packaged): void => {
  const trials = trialsOf(situation, turn);
  let recorded: Recorded;

  test('ends as it should where nothing goes wrong, and makes no call but those that are tried', async () => {
    const found = await run(situation, { packaged: packaged?.() });
    recorded = found.recorded;

    expect(found.wrong).toEqual([]);
    expect(callsOf(recorded, Object.keys(situation.calls))).toEqual(situation.calls);
  });

  const holds = async (trial: Trial): Promise<void> => {
    const times = (trial.call && recorded.get(trial.function)?.get(trial.call)) || 1;
    for (const nth of turnsOf(trial, times, trials.indexOf(trial))) {
      const { wrong, suffered } = await run(situation, { trial, nth, packaged: packaged?.() });
      expect({ nth, wrong }).toEqual({ nth, wrong: [] });
      expect(suffered).toBeGreaterThan(0);
    }
  };
  for (const trial of trials)
    test(`is told truly, leaves nothing behind and stops no later one when ${trial.title}`, () => holds(trial), 120_000);
};
