import { AwsError } from '../errors.js';
import { formatJson, parseJson } from './json.js';
import { lambdaRouteOf, statusOf } from './lambda-routes.js';
import type { HttpRequest, Protocol, Target } from './protocol.js';

/** Lambda's operations differ by method and path. */
export const restTargetOf = (request: HttpRequest): Target | undefined => {
  const route = lambdaRouteOf(request);
  return route && { service: 'lambda', operation: route.operation };
};

const bytesOf = (payload: unknown): Uint8Array => {
  if (payload === undefined || payload === null) return new Uint8Array();
  if (payload instanceof Uint8Array) return payload;
  return typeof payload === 'string' ? Buffer.from(payload) : formatJson(payload);
};

const optional = (members: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined));

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidRequestContentException', `${part} is not a part of a URL's path`);
  }
};

/** A number in a query is text. */
const queryMember = (name: string, text: string | undefined): Record<string, string | number> =>
  text === undefined ? {} : { [name]: name === 'MaxItems' ? Number(text) : text };

/** Members in the path, the query, headers and the body. */
const inputOf = (request: HttpRequest): Record<string, unknown> => {
  const { path, query, headers, body } = request;
  const route = lambdaRouteOf(request);
  const name = route?.path.exec(path)?.[1];
  const named = name === undefined ? {} : { FunctionName: decoded(name) };
  if (route?.operation !== 'Invoke') {
    const members = (route?.query ?? []).map((member) => queryMember(member, query[member]));
    return Object.assign(named, ...members, route?.hasJsonBody ? parseJson(body) : {}) as Record<string, unknown>;
  }
  return {
    ...named,
    ...optional({
      Qualifier: query.Qualifier,
      InvocationType: headers['x-amz-invocation-type'],
      LogType: headers['x-amz-log-type'],
      ClientContext: headers['x-amz-client-context'],
    }),
    ...(body.length > 0 ? { Payload: body } : {}),
  };
};

type Invoked = { StatusCode?: number; FunctionError?: string; ExecutedVersion?: string; LogResult?: string; Payload?: unknown };

/** REST-JSON as far as Lambda needs it. What Invoke answers is in headers, and its payload is the body itself. */
export const restJson: Protocol = {
  input: inputOf,
  output: ({ operation }, output, requestId) => {
    const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
    if (operation !== 'Invoke') {
      const status = statusOf(operation);
      return { status, headers, body: status === 204 ? new Uint8Array() : formatJson(output) };
    }
    const { StatusCode, FunctionError, ExecutedVersion, LogResult, Payload } = (output ?? {}) as Invoked;
    return {
      status: StatusCode ?? 200,
      headers: {
        ...headers,
        ...optional({
          'x-amz-function-error': FunctionError,
          'x-amz-executed-version': ExecutedVersion,
          'x-amz-log-result': LogResult,
        }),
      },
      body: bytesOf(Payload),
    };
  },
  error: (_target, error, requestId) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
    // Lambda's shapes name the text `Message` or `message`: clients read the one of their shape.
    body: formatJson({
      Type: error.status < 500 ? 'User' : 'Service',
      Message: error.message,
      message: error.message,
      ...error.members,
    }),
  }),
};
