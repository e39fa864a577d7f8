import type { Ending, Outcome } from './outcome.js';

/** What a person does now, and the heading of docs/operations.md that says it at length. */
type Advice = {
  /** What the sentence of such an end has in it. */
  readonly says: string;
  readonly nextStep: string;
  readonly anchor: string;
};

const rollbackFailed: readonly Advice[] = [
  {
    says: 'the way back failed: ',
    nextStep: 'take the service back by hand now, then mend what the error says of RollBack',
    anchor: 'the-way-back-failed',
  },
  {
    says: 'and it is still on ',
    nextStep: 'see what the newest service deployment rolls out; if it is the failed revision, take the service back by hand',
    anchor: 'ecs-says-that-it-is-back-and-it-is-not',
  },
  {
    says: "ECS's own rollback failed: ",
    nextStep: 'read the events of the service: what ran before does not start either; take it to a revision that does',
    anchor: 'ecss-own-rollback-failed',
  },
  {
    says: 'the rollback was not over at ',
    nextStep: 'see whether ECS is still at it; if its tasks fail, too, take the service to another revision',
    anchor: 'the-rollback-was-not-over-in-time',
  },
  {
    says: 'ECS took the way back to ',
    nextStep: 'what ran before fails, too: take the service to another revision that worked',
    anchor: 'ecs-took-the-way-back-back',
  },
  {
    says: 'the way back was stopped: ',
    nextStep: 'ask who stopped it, and take the service back by hand',
    anchor: 'the-way-back-was-stopped',
  },
];

const unknown: readonly Advice[] = [
  {
    says: 'no other could go on with it',
    nextStep: 'see what the service runs; its executions named -adopts- say why none could go on',
    anchor: 'no-other-could-go-on-with-it',
  },
  {
    says: 'its deployment did not tell how it ended',
    nextStep: 'wait half an hour for the message of the deployment itself; without one, see what the service runs',
    anchor: 'a-deployment-that-its-release-did-not-hear-of',
  },
  {
    says: 'how it ended could not be seen',
    nextStep: 'see what the service runs, and mend what the error says, mostly a right that is missing',
    anchor: 'a-rollout-out-of-sight',
  },
];

/** For ends at which a person is needed. */
export const advices: Partial<Record<Outcome, readonly Advice[]>> = { ROLLBACK_FAILED: rollbackFailed, UNKNOWN: unknown };

/** One line; empty where nobody is needed. */
export const nextStepAt = ({ outcome, sentence }: Ending): string => {
  const all = advices[outcome];
  if (!all) return '';
  const { nextStep, anchor } = all.find(({ says }) => sentence.includes(says)) ?? {
    nextStep: 'see what the service runs',
    anchor: outcome.toLowerCase(),
  };
  return `${nextStep} (docs/operations.md#${anchor})`;
};
