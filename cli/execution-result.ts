import type { Result } from '../core/result/result.js';
import type { ExecutionView, States } from '../emulator/states/api.js';

/** A Fail state has an outcome and a message but no reason: the last Task that answered with a result has it. */
const lastAnswer = (states: States, arn: string): Result | undefined => {
  for (const { taskSucceededEventDetails } of [...states.history(arn)].reverse()) {
    const output = taskSucceededEventDetails?.output;
    if (typeof output !== 'string') continue;
    const { result } = (JSON.parse(output) as { Payload?: { result?: Result } }).Payload ?? {};
    if (result) return result;
  }
  return undefined;
};

/** The result of an execution that has ended, whether it succeeded or failed. */
export const executionResult = (states: States, { arn, output, error, cause }: ExecutionView): Result => {
  const result = output as Result | undefined;
  if (result?.outcome !== undefined) return result;
  const answer = lastAnswer(states, arn);
  if (answer && answer.outcome === error) return answer;
  return { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: cause ?? '' };
};
