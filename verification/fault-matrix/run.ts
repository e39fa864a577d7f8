import type { LogEntry } from '../../emulator/event-log.js';
import type { Stack } from '../../test/support/packaged-stack.js';
import { closePipeline, givenPipeline, type Pipeline } from '../../test/support/pipeline.js';
import { roleOf } from '../role-of.js';
import { type Recorded, record } from './calls.js';
import { type FaultCase, minutes } from './fault-case.js';
import { violationsOf } from './oracle.js';
import type { Scenario } from './scenario.js';
import { recordNotifications } from './trace.js';

/** Virtual time: longer than every wait of the pipeline, of which the longest takes three hours. */
const longestWaitMs = 4 * 60 * minutes;

/** Steps of virtual time in one run; most runs need fewer than 2,000. */
const stepLimit = 50_000;

/** Counts the running executions from the log: looking at every execution after every step takes longer than the step. */
const watchExecutions = ({ account: { log } }: Pipeline): (() => boolean) => {
  let running = 0;
  log.listen(({ source, type }) => {
    if (source !== 'states') return;
    if (type === 'execution-started') running++;
    if (type === 'execution-ended') running--;
  });
  return () => running > 0;
};

const isOf = (faultCase: FaultCase, { on, by = '' }: LogEntry['detail']): boolean =>
  faultCase.call === undefined
    ? String(on).endsWith(`-${faultCase.function}`)
    : on === faultCase.call && String(by).includes(roleOf(faultCase.function));

/**
 * Runs a scenario in an account of its own, with one fault or none.
 *
 * @returns the laws that were violated; the calls that were made; how often the fault was injected
 * @throws Error if the run does not settle within a number of steps of virtual time, however long they take
 */
export const run = async (
  scenario: Scenario,
  { faultCase, nth = 0, stack }: { faultCase?: FaultCase; nth?: number; stack?: Stack | undefined } = {},
): Promise<{ readonly violations: readonly string[]; readonly recorded: Recorded; readonly injected: number }> => {
  const pipeline = await givenPipeline({ ...scenario.options, ...(stack && { stack }) });
  try {
    const { clock, faults, log } = pipeline.account;
    const isRunning = watchExecutions(pipeline);
    let steps = 0;
    const count = (): void => {
      if (++steps > stepLimit)
        throw new Error(`the scenario does not settle: more than ${stepLimit} steps, until ${clock.date().toISOString()}`);
    };
    /** Lets virtual time pass until no execution runs and every schedule has run. Executions that still run start another round. */
    const settle = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        await clock.run({
          deadline: clock.now + longestWaitMs,
          until: () => {
            count();
            return !isRunning();
          },
        });
        await clock.advance(65 * minutes);
        if (!isRunning()) return;
      }
    };
    const isPermanent = faultCase?.duration === 'forever';
    const notifications = recordNotifications(pipeline);
    await scenario.prepare(pipeline);
    const { recorded, stop } = record(pipeline);
    faultCase?.inject(faults, nth);
    if (faultCase?.duration === 'for half an hour') clock.after(30 * minutes, () => faults.clear());
    await scenario.act(pipeline);
    // An execution may wait as long as a permanent fault lasts: waiting for its end would only repeat the same polls.
    await settle(isPermanent ? 1 : 3);
    stop();
    const injected = faultCase ? log.entries.filter(({ source, detail }) => source === 'fault' && isOf(faultCase, detail)).length : 0;
    // A permanent fault ends, too: what it left open is closed and reported then.
    if (faultCase && faultCase.duration !== 'once') {
      faults.clear();
      await scenario.again?.(pipeline);
      await settle(3);
    }
    const violations = [
      ...(await violationsOf(pipeline, scenario, faultCase, notifications)),
      ...((await scenario.violationsOf?.(pipeline, faultCase)) ?? []),
    ];
    const next = await scenario.verifyNext(pipeline);
    await clock.advance(minutes);
    if (next !== 'SUCCEEDED') violations.push(`A failure never stops the next healthy image, but that ended ${next}`);
    return { violations, recorded, injected };
  } finally {
    await closePipeline(pipeline);
  }
};
