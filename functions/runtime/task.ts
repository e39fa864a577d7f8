import * as v from 'valibot';
import { AwsTrouble, isTrouble } from '../../aws/trouble.js';
import { type Environment, lambdaEnvironment } from './environment.js';
import { logger } from './logger.js';

/** A Task state's function, before it knows where it runs. */
export type Task = {
  readonly name: string;
  /** Ready to be invoked in that environment: clients are made here, once. */
  readonly in: (environment: Environment) => (payload: unknown) => Promise<unknown>;
};

/**
 * Makes a Task of a step: checks what the state sends, and names caught that Step Functions may retry.
 * The input schema is the contract with the state machine; a test holds every state's payload against it.
 */
export const task = <Schema extends v.GenericSchema, Output>(
  name: string,
  input: Schema,
  step: (environment: Environment) => (input: v.InferOutput<Schema>) => Promise<Output>,
): Task => ({
  name,
  in: (environment) => {
    const run = step(environment);
    return async (payload) => {
      try {
        return await run(v.parse(input, payload));
      } catch (error) {
        if (isTrouble(error)) throw new AwsTrouble(`${(error as Error).name}: ${(error as Error).message}`, { cause: error });
        throw error;
      }
    };
  },
});

type Context = { readonly awsRequestId: string; readonly functionName: string };

/** The Lambda handler of a Task, with one structured line in and one out. */
export const lambdaHandler = (definition: Task): ((payload: unknown, context: Context) => Promise<unknown>) => {
  let run: ((payload: unknown) => Promise<unknown>) | undefined;
  let isColdStart = true;
  return async (payload, context) => {
    const { service, record, execution } = (payload ?? {}) as Record<string, unknown>;
    logger.resetKeys();
    logger.appendKeys({
      step: definition.name,
      requestId: context.awsRequestId,
      coldStart: isColdStart,
      deploying: service,
      record,
      execution,
    });
    isColdStart = false;
    logger.info('in', { payload: payload as object });
    try {
      run ??= definition.in(lambdaEnvironment());
      const answer = await run(payload);
      logger.info('out', { answer: answer as object });
      return answer;
    } catch (error) {
      logger.error('failed', error as Error);
      throw error;
    }
  };
};
