import { StateFailure } from '../interpreter/failure.js';
import type { IntegrationCall } from './integration.js';
import { membersOf, request } from './request.js';

/** The output of `lambda.Invoke`; the payload is JSON. */
type Answer = {
  readonly StatusCode: number;
  readonly ExecutedVersion?: string;
  readonly FunctionError?: string;
  readonly Payload?: string | Uint8Array;
};

/** Lambda's own names of the account's common errors. */
const codes = { ThrottlingException: 'TooManyRequestsException', ServerException: 'ServiceException' };

const textOf = (payload: string | Uint8Array | undefined): string =>
  typeof payload === 'string' ? payload : payload ? Buffer.from(payload).toString('utf8') : 'null';

const invoke = async (call: IntegrationCall, input: object): Promise<{ answer: Answer; payload: unknown }> => {
  const answer = await request<Answer>(call, 'lambda', 'Invoke', input, { prefix: 'Lambda', service: 'AWSLambda', codes });
  const text = textOf(answer.Payload);
  const payload: unknown = JSON.parse(text);
  if (answer.FunctionError === undefined) return { answer, payload };
  const { errorType } = (payload ?? {}) as { errorType?: unknown };
  throw new StateFailure(typeof errorType === 'string' && errorType !== '' ? errorType : 'Lambda.Unknown', text);
};

/** `arn:aws:states:::lambda:invoke`. */
export const invokeLambda = async (call: IntegrationCall): Promise<unknown> => {
  const { Payload = {}, ...members } = membersOf(call);
  const { answer, payload } = await invoke(call, { ...members, Payload: JSON.stringify(Payload) });
  return { ExecutedVersion: answer.ExecutedVersion ?? '$LATEST', Payload: payload, StatusCode: answer.StatusCode };
};

/** A function's ARN as the resource: the arguments are its payload, and its answer is the result. */
export const invokeFunction = async (call: IntegrationCall): Promise<unknown> => {
  const { payload } = await invoke(call, { FunctionName: call.resource.arn, Payload: JSON.stringify(call.parameters) });
  return payload;
};
