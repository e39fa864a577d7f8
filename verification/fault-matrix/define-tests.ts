import type { Stack } from '../../test/support/packaged-stack.js';
import { callsOf, type Recorded } from './calls.js';
import { type FaultCase, faultCasesOf, occurrencesOf } from './fault-case.js';
import { run } from './run.js';
import type { Scenario } from './scenario.js';

/**
 * Defines the tests of a scenario: without a fault, and with the faults that FAULTS selects. Each test runs in an account of its own.
 *
 * @param turn the fault of the scenario's first call; scenarios start with different ones
 * @param givenStack packages another stack than that of slipway.yml
 */
export const defineTests = (scenario: Scenario, turn: number, givenStack?: () => Promise<Stack>): void => {
  const faultCases = faultCasesOf(scenario, turn);

  let faultless: ReturnType<typeof run> | undefined;
  const runFaultless = () => {
    faultless ??= (async () => run(scenario, { stack: await givenStack?.() }))();
    return faultless;
  };

  test('breaks no law without a fault, and makes only calls that are tested', async () => {
    const { violations, recorded } = await runFaultless();

    expect(violations).toEqual([]);
    expect(callsOf(recorded, scenario)).toEqual(scenario.calls);
  });

  const occurrences = (faultCase: FaultCase, recorded: Recorded): readonly number[] => {
    const times = (faultCase.call && recorded.get(faultCase.function)?.get(faultCase.call)) || 1;
    return occurrencesOf(faultCase, times, faultCases.indexOf(faultCase));
  };
  for (const faultCase of faultCases)
    test(`breaks no law when ${faultCase.title}`, async () => {
      const { recorded } = await runFaultless();
      for (const nth of occurrences(faultCase, recorded)) {
        const { violations, injected } = await run(scenario, { faultCase, nth, stack: await givenStack?.() });
        expect({ nth, violations }).toEqual({ nth, violations: [] });
        expect(injected).toBeGreaterThan(0);
      }
    });
};
