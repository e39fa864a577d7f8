import { AwsError, NotEmulated } from '../../errors.js';
import { StateFailure } from '../interpreter/failure.js';
import type { IntegrationCall } from './integration.js';

/** Step Functions' error names end in Exception, even if the service's error code does not. */
const exceptionName = (code: string): string => (code.endsWith('Exception') ? code : `${code}Exception`);

type Words = {
  /** What Step Functions puts before the error's name: `Lambda`, `StepFunctions`, `Ecs`. */
  readonly prefix: string;
  /** What the cause calls the service: `AWSLambda`. */
  readonly service: string;
  /** The service's own codes for the account's common errors. */
  readonly codes?: Readonly<Record<string, string>>;
};

/** A service's error as a state's error: `Lambda.TooManyRequestsException`. */
const failureOf = (call: IntegrationCall, error: unknown, { prefix, service, codes }: Words): unknown => {
  // Uncatchable: a state machine must not handle a gap of the emulator as an error of AWS.
  if (error instanceof NotEmulated) return new StateFailure('States.Runtime', error.message);
  if (!(error instanceof AwsError)) return error;
  const code = codes?.[error.code] ?? error.code;
  const requestId = call.account.random.uuid();
  return new StateFailure(
    `${prefix}.${exceptionName(code)}`,
    `${error.message} (Service: ${service}; Status Code: ${error.status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
  );
};

/** One request as the machine's role. Rejects with StateFailure. */
export const request = async <Output = Record<string, unknown>>(
  call: IntegrationCall,
  service: string,
  operation: string,
  input: object,
  words: Words,
): Promise<Output> => {
  try {
    return await call.account.request<Output>(call.caller, service, operation, input);
  } catch (error) {
    throw failureOf(call, error, words);
  }
};

/** A task's parameters have to be an object. */
export const membersOf = ({ parameters, resource }: IntegrationCall): Record<string, unknown> => {
  if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return parameters as Record<string, unknown>;
  throw new StateFailure('States.Runtime', `the Arguments of ${resource.arn} are ${JSON.stringify(parameters)}; expected an object`);
};
