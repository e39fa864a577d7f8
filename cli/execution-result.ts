import type { Result } from '../core/result/result.js';
import type { ExecutionView, States } from '../emulator/states/api.js';

/** An execution's input and the answers of its Tasks are any JSON: `null`, a text, a list. */
const resultIn = (value: unknown): Result | undefined => {
  const { outcome, reason, message } = (value ?? {}) as Partial<Record<keyof Result, unknown>>;
  return [outcome, reason, message].every((member) => typeof member === 'string') ? (value as Result) : undefined;
};

/** A Fail state has an outcome and a message but no reason: the last Task that answered with a result has it. */
const lastAnswer = (states: States, arn: string): Result | undefined => {
  for (const { taskSucceededEventDetails } of [...states.history(arn)].reverse()) {
    const output = taskSucceededEventDetails?.output;
    if (typeof output !== 'string') continue;
    const { Payload } = (JSON.parse(output) ?? {}) as { Payload?: { result?: unknown } | null };
    const result = resultIn(Payload?.result);
    if (result) return result;
  }
  return undefined;
};

/** The result of an execution that has ended, whether it succeeded or failed. */
export const executionResult = (states: States, { arn, output, error, cause }: ExecutionView): Result => {
  const result = resultIn(output);
  if (result) return result;
  const answer = lastAnswer(states, arn);
  if (answer && answer.outcome === error) return answer;
  return { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: cause ?? '' };
};
