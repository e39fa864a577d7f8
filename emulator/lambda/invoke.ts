import type { Account } from '../account.js';
import type { Caller } from '../caller.js';
import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { InvocationResult } from './api.js';
import type { AsyncInvocations } from './async-invocations.js';
import type { FunctionRegistry } from './function-registry.js';
import type { Invocation } from './invocation.js';
import { throttled } from './runtime.js';

type Input = {
  FunctionName: string;
  Payload?: string | Uint8Array;
  InvocationType?: string;
  Qualifier?: string;
  LogType?: string;
};
type Output = { StatusCode: number; ExecutedVersion?: string; FunctionError?: string; Payload?: string };

const maximumRequestBytes = { RequestResponse: 6_291_456, Event: 1_048_576 };

const payloadOf = ({ Payload }: Input, limitBytes: number): string => {
  const text = typeof Payload === 'string' ? Payload : Buffer.from(Payload ?? []).toString();
  const bytes = Buffer.byteLength(text);
  if (bytes > limitBytes)
    throw new AwsError('RequestTooLargeException', `${bytes} byte payload is too large for the ${limitBytes} byte limit`, { status: 413 });
  if (text === '') return '{}';
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${(error as Error).message}`);
  }
  return text;
};

/** The payload of Invoke's answer. */
export const payloadOfResult = (result: InvocationResult): string => {
  if (result.status === 'ok') return JSON.stringify(result.payload);
  const { errorType, errorMessage, trace } = result;
  return JSON.stringify({ errorType, errorMessage, ...(trace.length > 0 && { trace }) });
};

const action = 'lambda:InvokeFunction';

/** By the caller's own policies, or by the function's. */
export const mayInvoke = ({ services: { iam } }: Account, functions: FunctionRegistry, caller: Caller, arn: string): boolean =>
  iam.isAllowed(caller, action, arn) || iam.isAllowedByResource({ Statement: functions.statementsOf(arn) }, caller, action, arn);

/** By name or ARN, with or without a version. Takes virtual time, during which its caller counts as work. */
export const invoke = (
  functions: FunctionRegistry,
  run: (invocation: Invocation) => Promise<InvocationResult>,
  asyncInvocations: AsyncInvocations,
): Operation =>
  operation<Input, Output>({
    service: 'lambda',
    name: 'Invoke',
    input: { FunctionName: 'string', Payload: 'blob', InvocationType: 'string', Qualifier: 'string', LogType: 'string' },
    required: ['FunctionName'],
    // The function's resource policy counts, too: see mayInvoke.
    permissions: () => [],
    run: async (input, { account, caller }) => {
      const { LogType = 'None', InvocationType = 'RequestResponse' } = input;
      if (LogType !== 'None') throw new NotEmulated(`lambda.Invoke with LogType ${LogType}`);
      const arn = functions.arnOf(input.FunctionName, input.Qualifier);
      if (!mayInvoke(account, functions, caller, arn))
        throw new AwsError('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${arn}`, {
          status: 403,
        });
      const version = functions.find(arn);
      if (InvocationType === 'DryRun') return { StatusCode: 204 };

      const execution = caller.sourceArn;
      if (InvocationType === 'Event') {
        asyncInvocations.accept({ version, payload: payloadOf(input, maximumRequestBytes.Event), execution });
        return { StatusCode: 202 };
      }
      if (InvocationType !== 'RequestResponse') throw new AwsError('InvalidParameterValueException', `InvocationType is ${InvocationType}`);
      const payload = payloadOf(input, maximumRequestBytes.RequestResponse);
      const { clock } = account;
      const running = run({ version, payload, execution });
      const result = await clock.yieldTo(caller.kind === 'user' ? clock.awaited(running) : running);
      if (result === throttled)
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
          status: 429,
          Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        });
      return {
        StatusCode: 200,
        ExecutedVersion: version.version,
        ...(result.status === 'error' && { FunctionError: 'Unhandled' }),
        Payload: payloadOfResult(result),
      };
    },
  });
