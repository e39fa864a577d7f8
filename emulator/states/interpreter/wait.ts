import type { WaitState } from '../definition/definition.js';
import type { Exit, Turn } from './state-visit.js';

const longestSeconds = 99_999_999;

const isDuration = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= longestSeconds;

/** RFC 3339 with a capital T and a zone, as the Amazon States Language wants it. */
const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

const dueTime = async (turn: Turn<WaitState>): Promise<number> => {
  const { seconds, timestamp } = turn.state;
  if (timestamp) return Date.parse(await turn.expect(timestamp, 'Timestamp', 'a timestamp such as 2026-11-23T09:00:00Z', isTimestamp));
  if (!seconds) return turn.thread.execution.account.clock.now;
  const duration = await turn.expect(seconds, 'Seconds', `a whole number from 0 to ${longestSeconds}`, isDuration);
  return turn.thread.execution.account.clock.now + duration * 1000;
};

export const runWait = async (turn: Turn<WaitState>): Promise<Exit> => {
  const { clock } = turn.thread.execution.account;
  const time = await dueTime(turn);
  await turn.thread.suspend<void>(({ resolve }) => {
    const timer = clock.at(time, () => resolve());
    return () => clock.cancel(timer);
  });
  return turn.exit(turn.state, turn.state.next, turn.input);
};
