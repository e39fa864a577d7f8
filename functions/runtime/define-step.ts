import * as v from 'valibot';
import { isTransient, TransientAwsError } from '../../aws/sdk-errors.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { type Environment, lambdaEnvironment } from './environment.js';
import { logger } from './logger.js';
import type { Permission } from './permissions.js';

export type Definition<Schema extends v.GenericSchema, Output> = {
  /** The name of its Task state, or of what else invokes it. */
  readonly name: string;
  /** The contract with what invokes it: a test compares it with the payload of the state. */
  readonly input: Schema;
  /** Everything that its code calls; its log and its trace come by themselves. Given through `atPackaging`. */
  readonly permissions: readonly Permission[] | undefined;
  /** For docs/architecture.md: what follows when it fails after its retries, and what a second run does. Every Task state has both. */
  readonly onFailure?: string | undefined;
  readonly onRepeat?: string | undefined;
  /** Whether a stack of this configuration has the function; it always has, unless given. */
  readonly onlyIf?: ((configuration: Configuration) => boolean) | undefined;
  /** Does it log what it got together with its answer? For a function that is invoked for everything that may matter. */
  readonly logsOnce?: boolean;
  /** Is its answer logged? Unless given; not for one that is large, and asked for again and again. */
  readonly logsAnswer?: boolean;
  /** Makes the step where it runs: once, so clients are made here. */
  readonly run: (environment: Environment) => (input: v.InferOutput<Schema>) => Promise<Output>;
};

/** A step, before it knows where it runs. */
export type Step = {
  readonly name: string;
  readonly input: v.GenericSchema;
  readonly permissions: readonly Permission[];
  readonly onFailure: string | undefined;
  readonly onRepeat: string | undefined;
  readonly onlyIf: (configuration: Configuration) => boolean;
  /** Ready to be invoked in that environment; throws a ValiError for a payload that is not its input. */
  readonly in: (environment: Environment) => (payload: unknown) => Promise<unknown>;
};

type Handler = (payload: unknown, context: Parameters<typeof logger.addContext>[0]) => Promise<unknown>;

/**
 * Declares one step: contract, permissions and code. Its role, its place in the registry and its rows in the docs follow
 * from it. `handler` is what Lambda invokes.
 */
export const defineStep = <Schema extends v.GenericSchema, Output>({
  name,
  input,
  permissions = [],
  onFailure,
  onRepeat,
  onlyIf = () => true,
  logsOnce = false,
  logsAnswer = true,
  run,
}: Definition<Schema, Output>): { readonly step: Step; readonly handler: Handler } => {
  const invoke = (environment: Environment) => {
    const runStep = run(environment);
    return async (payload: unknown): Promise<Output> => {
      try {
        return await runStep(validated(input, payload));
      } catch (error) {
        // Named, so that Step Functions retries it.
        if (isTransient(error)) throw new TransientAwsError(`${(error as Error).name}: ${(error as Error).message}`, { cause: error });
        throw error;
      }
    };
  };
  return {
    step: { name, input, permissions, onFailure, onRepeat, onlyIf, in: invoke },
    handler: handlerOf(name, invoke, { logsOnce, logsAnswer }),
  };
};

/** @throws Error `ValiError` without the issues of a ValiError, which carry the whole payload: its task token would be logged. */
const validated = <Schema extends v.GenericSchema>(schema: Schema, payload: unknown): v.InferOutput<Schema> => {
  const result = v.safeParse(schema, payload);
  if (result.success) return result.output;
  const said = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'the input'}: ${issue.message}`);
  throw Object.assign(new Error(said.join('; ')), { name: 'ValiError' });
};

/** Makes the step at the first invocation, and logs one structured line in and one out, or one for both. */
const handlerOf = (
  name: string,
  invoke: Step['in'],
  { logsOnce, logsAnswer }: { readonly logsOnce: boolean; readonly logsAnswer: boolean },
): Handler => {
  let run: ((payload: unknown) => Promise<unknown>) | undefined;
  return async (payload, context) => {
    const { service, record, execution } = (payload ?? {}) as Record<string, unknown>;
    logger.resetKeys();
    logger.addContext(context);
    logger.appendKeys({ step: name, deploying: service, record, execution });
    const got = { payload: withoutToken(payload) };
    if (!logsOnce) logger.info('in', got);
    try {
      run ??= invoke(lambdaEnvironment());
      const answer = await run(payload);
      logger.info('out', { ...(logsAnswer && { answer: answer as object }), ...(logsOnce && got) });
      return answer;
    } catch (error) {
      logger.error('failed', { error: error as Error, ...(logsOnce && got) });
      throw error;
    }
  };
};

/** Who has a task token can answer for the function. */
const withoutToken = (payload: unknown): object =>
  typeof payload === 'object' && payload !== null && 'token' in payload ? { ...payload, token: '…' } : (payload as object);
