import { cbor as codec, dateToTag } from '@smithy/core/cbor';
import { AwsError } from '../errors.js';
import { shapeNameOf } from './error-codes.js';
import { queryErrorHeader } from './json.js';
import type { HttpAnswer, Protocol } from './protocol.js';

/** CBOR's tag 1 is a time in seconds since the epoch. */
const fromWire = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if ('tag' in value && 'value' in value && Number(value.tag) === 1) return new Date(Number(value.value) * 1000);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([name, member]) => [name, fromWire(member)]),
  );
};

const toWire = (value: unknown): unknown => {
  if (value instanceof Date) return dateToTag(value);
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, toWire(member)]),
  );
};

const answer = (status: number, value: unknown, requestId: string, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-requestid': requestId, ...headers },
  body: codec.serialize(toWire(value ?? {})),
});

/** Smithy's rpc-v2-CBOR, which today's AWS CLI speaks to CloudWatch. */
export const cbor: Protocol = {
  input: ({ body }) => {
    if (body.length === 0) return {};
    let value: unknown;
    try {
      value = fromWire(codec.deserialize(body));
    } catch (error) {
      throw new AwsError('SerializationException', `the body is not CBOR: ${error instanceof Error ? error.message : error}`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new AwsError('SerializationException', 'the body is not a CBOR map');
    }
    return value as Record<string, unknown>;
  },
  output: (_target, output, requestId) => answer(200, output, requestId),
  error: (target, error, requestId, request) =>
    answer(
      error.status,
      { __type: shapeNameOf(target.service, error.code), message: error.message, ...error.members },
      requestId,
      queryErrorHeader(target, error, request),
    ),
};
