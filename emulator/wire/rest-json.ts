import { AwsError } from '../errors.js';
import { formatJson } from './json.js';
import type { HttpRequest, Protocol, Target } from './protocol.js';

const invocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** Lambda's operations differ by method and path. */
export const restTargetOf = ({ method, path }: HttpRequest): Target | undefined =>
  method === 'POST' && invocation.test(path) ? { service: 'lambda', operation: 'Invoke' } : undefined;

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

/** REST-JSON as far as Lambda's Invoke needs it: members in the path, the query and headers; the payload is the body itself. */
export const restJson: Protocol = {
  input: ({ path, query, headers, body }) => ({
    FunctionName: decoded(invocation.exec(path)?.[1] ?? ''),
    ...optional({
      Qualifier: query.Qualifier,
      InvocationType: headers['x-amz-invocation-type'],
      LogType: headers['x-amz-log-type'],
      ClientContext: headers['x-amz-client-context'],
    }),
    ...(body.length > 0 ? { Payload: body } : {}),
  }),
  output: (_target, output, requestId) => {
    const { StatusCode, FunctionError, ExecutedVersion, LogResult, Payload } = (output ?? {}) as {
      StatusCode?: number;
      FunctionError?: string;
      ExecutedVersion?: string;
      LogResult?: string;
      Payload?: unknown;
    };
    return {
      status: StatusCode ?? 200,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
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
