import type * as v from 'valibot';
import { TaskTokens } from '../../aws/task-tokens.js';
import { type Definition, defineStep } from './define-step.js';
import type { Environment } from './environment.js';
import { atPackaging, type Permission } from './permissions.js';

type WaitingDefinition<Schema extends v.GenericSchema<unknown, { readonly token: string }>> = Omit<Definition<Schema, unknown>, 'run'> & {
  /** Answers undefined while the state waits. */
  readonly run: (environment: Environment) => (input: v.InferOutput<Schema>) => Promise<object | undefined>;
  /** May its decision be an error, which leaves the state by a Catch? */
  readonly decidesByError?: true;
};

/**
 * Declares a step of a Task that waits for its token (`lambda:invoke.waitForTaskToken`). What the function returns is lost: its
 * decision is the answer to the token. It is sent from inside the function, so that only one that was sent ends the state.
 */
export const defineWaitingStep = <Schema extends v.GenericSchema<unknown, { readonly token: string }>>({
  run,
  permissions = [],
  decidesByError,
  ...definition
}: WaitingDefinition<Schema>) =>
  defineStep<Schema, object>({
    ...definition,
    permissions: [...permissions, ...(answering ?? []), ...(decidesByError ? (failing ?? []) : [])],
    run: (environment) => {
      const decide = run(environment);
      const tokens = new TaskTokens(environment.clients);
      return async (input) => {
        const decision = await decide(input);
        // Refused, the state was left while this ran: by an event, or by its safety net.
        const isAccepted = decision !== undefined && (await answer(tokens, input.token, decision));
        return { ...(decision ?? { action: 'wait' }), isAccepted };
      };
    },
  });

/** A decision with an `error` leaves the state by the Catch of that name. */
const answer = (tokens: TaskTokens, token: string, decision: object): Promise<boolean> =>
  'error' in decision && typeof decision.error === 'string'
    ? tokens.fail(token, decision.error, decision)
    : tokens.succeed(token, decision);

const answering = atPackaging<Permission[]>([{ allow: ['states:SendTaskSuccess'], on: 'anyTask', for: 'its own answer' }]);
const failing = atPackaging<Permission[]>([{ allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'its own answer, by an error' }]);
