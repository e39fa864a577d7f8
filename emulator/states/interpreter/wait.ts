import type { WaitState } from '../definition/definition.js';
import type { Exit, StateVisit } from './state-visit.js';

const longestSeconds = 99_999_999;

const isDuration = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= longestSeconds;

/** RFC 3339 with a capital T and a zone, as the Amazon States Language requires. */
const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

const durationMs = async (visit: StateVisit<WaitState>): Promise<number> => {
  const { seconds, timestamp } = visit.state;
  if (timestamp) {
    const time = await visit.expect(timestamp, 'Timestamp', 'a timestamp such as 2026-11-23T09:00:00Z', isTimestamp);
    return Date.parse(time) - visit.frame.execution.account.clock.now;
  }
  if (!seconds) return 0;
  return (await visit.expect(seconds, 'Seconds', `a whole number from 0 to ${longestSeconds}`, isDuration)) * 1000;
};

export const runWait = async (visit: StateVisit<WaitState>): Promise<Exit> => {
  await visit.frame.execution.account.clock.sleep(await durationMs(visit), { signal: visit.frame.signal });
  return visit.exit(visit.state, visit.state.next, visit.input);
};
