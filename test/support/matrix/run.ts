import type { LogEntry } from '../../../emulator/event-log.js';
import type { Packaged } from '../../../stack/package-stack.js';
import { closePipelines, givenPipeline, type Pipeline } from '../pipeline.js';
import { type Recorded, record } from './calls.js';
import { wrongs } from './oracle.js';
import type { Situation } from './situation.js';
import { hear } from './story.js';
import { minutes, roleOf, type Trial } from './trial.js';

/** What a day holds: the longest that anything waits for is three hours. */
const patience = 12 * 60 * minutes;

const isRunning = ({ account }: Pipeline): boolean => account.services.states.executions().some(({ status }) => status === 'RUNNING');

/** Lets time pass until nothing runs, and the schedules have come. */
const rest = async (pipeline: Pipeline): Promise<void> => {
  const { clock } = pipeline.account;
  for (let times = 0; times < 3; times++) {
    await clock.run({ deadline: clock.now + patience, until: () => !isRunning(pipeline) });
    await clock.advance(65 * minutes);
    if (!isRunning(pipeline)) return;
  }
};

const isOf = (trial: Trial, { on, by = '' }: LogEntry['detail']): boolean =>
  trial.call === undefined ? String(on).endsWith(`-${trial.function}`) : on === trial.call && String(by).includes(roleOf(trial.function));

/** One situation with one thing that goes wrong, or none, and what is wrong after that. */
export const run = async (
  situation: Situation,
  { trial, nth = 0, packaged }: { trial?: Trial; nth?: number; packaged?: Packaged | undefined } = {},
): Promise<{ readonly wrong: readonly string[]; readonly recorded: Recorded; readonly suffered: number }> => {
  const stack = packaged && { directory: packaged.directory, configurationFile: 'test/support/one-service.yml' };
  const pipeline = await givenPipeline({ ...situation.options, ...(stack && { stack }) });
  try {
    const { clock, faults, log } = pipeline.account;
    const told = hear(pipeline);
    await situation.prepare(pipeline);
    const { recorded, stop } = record(pipeline);
    trial?.inject(faults, nth);
    if (trial?.lasting === 'for half an hour') clock.after(30 * minutes, () => faults.clear());
    await situation.act(pipeline);
    await rest(pipeline);
    stop();
    const suffered = trial ? log.entries.filter(({ source, detail }) => source === 'fault' && isOf(trial, detail)).length : 0;
    // What goes wrong for ever has an end, too: what it has left open is closed and told then.
    if (trial && trial.lasting !== 'once') {
      faults.clear();
      await rest(pipeline);
    }
    const wrong = [...(await wrongs(pipeline, situation, trial, told)), ...(situation.wrongs?.(pipeline, trial) ?? [])];
    const later = await situation.later(pipeline);
    await clock.advance(minutes);
    if (later !== 'SUCCEEDED') wrong.push(`a healthy image after it ended ${later}`);
    return { wrong, recorded, suffered };
  } finally {
    await closePipelines();
  }
};
