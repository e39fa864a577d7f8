import { givenPackagedStack } from '../../test/support/packaged-stack.js';
import { closePipelines } from '../../test/support/pipeline.js';
import { hookedService } from '../hooks.js';
import { violationsOf } from './oracle.js';
import { raceOf } from './race.js';
import { run } from './run.js';

/** Runs the race of a seed, for the tests of a file. */
export const givenRaces = (): ((seed: number) => ReturnType<typeof run>) => {
  afterEach(closePipelines);
  return async (seed) => {
    const race = raceOf(seed);
    if (race.hasHooks) return run(race, await hookedService());
    const name = race.hasTwoSources ? 'two-sources' : race.hasGate ? 'gated-service' : 'one-service';
    return run(race, await givenPackagedStack(`test/support/${name}.yml`));
  };
};

/** `SEEDS=7` is one seed, `SEEDS=101-200` are a hundred. Default: a sample for `npm test`. */
const seeds = (): number[] => {
  const [from = 1, to = from] = (process.env.SEEDS ?? '1-4').split('-').map(Number);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
};

/** Defines a test for each selected seed of this half. Two files, so that two workers share the seeds. */
export const defineTests = (half: 'odd' | 'even'): void => {
  const runOf = givenRaces();
  const ofHalf = seeds().filter((seed) => (seed % 2 === 1) === (half === 'odd'));
  // Jest demands a test in each file.
  if (ofHalf.length === 0) test('no seed of this half is selected', () => {});

  for (const seed of ofHalf)
    test(`race ${seed}: the service runs the newest push that works, and every end is reported once`, async () => {
      const { trace } = await runOf(seed);

      const violations = violationsOf(trace);

      if (violations.length > 0)
        throw new Error([...violations, `again: SEEDS=${seed} npm run test:races`, JSON.stringify(trace.race, undefined, 2)].join('\n'));
    });
};
