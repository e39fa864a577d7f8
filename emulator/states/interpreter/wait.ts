import type { WaitState } from '../definition/definition.js';
import { isTimestamp } from '../definition/timestamp.js';
import type { Exit, StateVisit } from './state-visit.js';

const durationMs = async (visit: StateVisit<WaitState>): Promise<number> => {
  const { seconds, timestamp } = visit.state;
  if (timestamp) {
    const time = await visit.expect(timestamp, 'Timestamp', 'string');
    if (isTimestamp(time)) return Date.parse(time) - visit.frame.execution.account.clock.now;
    throw visit.evaluationFailed(
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${time}`,
      'Timestamp',
    );
  }
  if (!seconds) return 0;
  return (await visit.expectInteger(seconds, 'Seconds', { low: 0, high: 99_999_999 })) * 1000;
};

export const runWait = async (visit: StateVisit<WaitState>): Promise<Exit> => {
  await visit.frame.execution.account.clock.sleep(await durationMs(visit), { signal: visit.frame.signal });
  return visit.exit(visit.state, visit.state.next, visit.input);
};
