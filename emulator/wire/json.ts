import { AwsError } from '../errors.js';
import { isQueryCompatible, queryCodeOf, shapeNameOf } from './error-codes.js';
import { readBlobs, withoutNulls } from './members.js';
import type { HttpAnswer, HttpRequest, Protocol, Target } from './protocol.js';

export const parseJson = (body: Uint8Array): Record<string, unknown> => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AwsError('SerializationException', `the body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', `the body is ${JSON.stringify(value)}; expected a JSON object`);
  }
  return (text.includes('null') ? withoutNulls(value) : value) as Record<string, unknown>;
};

/** Timestamps become epoch seconds, and blobs base64; what has neither is not copied. A replacer of JSON.stringify takes several times as long. */
const wireValue = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  let copy: Record<string, unknown> | undefined;
  const members = value as Record<string, unknown>;
  for (const name in members) {
    const member = members[name];
    const onWire = wireValue(member);
    if (onWire === member) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    copy[name] = onWire;
  }
  return copy ?? value;
};

export const formatJson = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(wireValue(value ?? {})));

/** The code that clients of the query protocol know, for clients that ask for it. */
export const queryErrorHeader = (target: Target, error: AwsError, request: HttpRequest): Record<string, string> =>
  isQueryCompatible(target.service) && request.headers['x-amzn-query-mode'] === 'true'
    ? { 'x-amzn-query-error': `${queryCodeOf(target.service, error.code)};${error.status < 500 ? 'Sender' : 'Receiver'}` }
    : {};

/** awsJson 1.0 and 1.1, which differ in their content type only. */
export const json = (version: '1.0' | '1.1'): Protocol => {
  const answer = (status: number, value: unknown, requestId: string, headers: Record<string, string> = {}): HttpAnswer => ({
    status,
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': requestId, ...headers },
    body: formatJson(value),
  });

  return {
    input: (request, definition) => readBlobs(definition, parseJson(request.body)),
    output: (_target, output, requestId) => answer(200, output, requestId),
    error: (target, error, requestId, request) => {
      const type = shapeNameOf(target.service, error.code);
      return answer(error.status, { __type: type, message: error.message, ...error.members }, requestId, {
        'x-amzn-errortype': type,
        ...queryErrorHeader(target, error, request),
      });
    },
  };
};
