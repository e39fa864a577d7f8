import type { Result } from '../core/result/result.js';
import type { ExecutionView, States } from '../emulator/states/api.js';

/** An execution's input and the answers of its Tasks are any JSON: `null`, a text, a list. */
const resultIn = (value: unknown): Result | undefined => {
  const { outcome, reason, message } = (value ?? {}) as Partial<Record<keyof Result, unknown>>;
  return [outcome, reason, message].every((member) => typeof member === 'string') ? (value as Result) : undefined;
};

/** What the history of an execution has of a Task's answer, in the emulator and in the SDK. */
export type HistoryEvent = { readonly type?: unknown; readonly taskSucceededEventDetails?: { readonly output?: unknown } | undefined };

/** How an execution ended: its output, parsed, or its error and cause. */
export type End = { readonly output?: unknown; readonly error?: string | undefined; readonly cause?: string | undefined };

/** A Fail state has an outcome and a message but no reason: the last Task that answered with a result has it. */
const lastAnswer = (history: readonly HistoryEvent[]): Result | undefined => {
  for (const { taskSucceededEventDetails } of [...history].reverse()) {
    const output = taskSucceededEventDetails?.output;
    if (typeof output !== 'string') continue;
    const { Payload } = (JSON.parse(output) ?? {}) as { Payload?: { result?: unknown } | null };
    const result = resultIn(Payload?.result);
    if (result) return result;
  }
  return undefined;
};

/** The result of an execution that has ended, whether it succeeded or failed. */
export const resultOfEnd = ({ output, error, cause }: End, history: readonly HistoryEvent[]): Result => {
  const result = resultIn(output);
  if (result) return result;
  const answer = lastAnswer(history);
  if (answer && answer.outcome === error) return answer;
  return { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: cause ?? '' };
};

/** The same for an execution of the emulator. */
export const executionResult = (states: States, execution: ExecutionView): Result => resultOfEnd(execution, states.history(execution.arn));
