import type { ExecutionView, States } from '../emulator/services.js';

/** How an execution ended: codes for programs, a message for people. */
export type ExecutionResult = { readonly outcome: string; readonly reason: string; readonly message: string };

type Ending = { readonly outcome: string; readonly cause?: string; readonly sentence: string };

/** A Fail state has an outcome and a message but no reason: the last Task that answered with a result has it. */
const lastAnswer = (states: States, arn: string): Ending | undefined => {
  for (const { taskSucceededEventDetails } of [...states.history(arn)].reverse()) {
    const output = taskSucceededEventDetails?.output;
    if (typeof output !== 'string') continue;
    const { ending } = (JSON.parse(output) as { Payload?: { ending?: Ending } }).Payload ?? {};
    if (ending) return ending;
  }
  return undefined;
};

/** The result of an execution that has ended, whether it succeeded or failed. */
export const executionResult = (states: States, { arn, output, error, cause }: ExecutionView): ExecutionResult => {
  const ending = output as Ending | undefined;
  if (ending?.outcome !== undefined) return { outcome: ending.outcome, reason: ending.cause ?? '', message: ending.sentence };
  const outcome = error ?? 'UNKNOWN';
  const answer = lastAnswer(states, arn);
  return { outcome, reason: answer?.outcome === outcome ? (answer.cause ?? '') : '', message: cause ?? '' };
};
