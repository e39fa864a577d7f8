import type { BeforeTaskEnd } from '../records/records.js';
import * as resultMessages from '../result/messages.js';
import { type Result, resultOf } from '../result/result.js';

/** The result of a deployment whose before task has not succeeded. */
export const resultOfRun = ({ outcome, message }: BeforeTaskEnd): Result => {
  const text = resultMessages.and(message, resultMessages.serviceUnchanged());
  if (outcome === 'TIMED_OUT') return resultOf('FAILED', 'TIMED_OUT', text);
  if (outcome === 'CANCELLED') return resultOf('FAILED', 'CANCELLED', text);
  return resultOf('FAILED', 'BEFORE_TASK', text, outcome === 'UNKNOWN' ? 'BEFORE_TASK_UNKNOWN' : undefined);
};
