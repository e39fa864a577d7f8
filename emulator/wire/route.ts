import { cbor } from './cbor.js';
import { json } from './json.js';
import type { HttpRequest, Protocol, Target } from './protocol.js';
import { formOf, query } from './query.js';
import { restJson, restTargetOf } from './rest-json.js';
import { credentialOf, serviceOfTarget, unsignedServiceOf } from './targets.js';

const json10 = json('1.0');
const json11 = json('1.1');
const cborPath = /^\/service\/([^/]+)\/operation\/([^/]+)\/?$/;

/** Which protocol a request speaks, and which operation it is for. */
export const routeOf = (request: HttpRequest): { protocol: Protocol; target: Target } => {
  const { headers, path, method } = request;
  const signedFor = credentialOf(headers.authorization).service;

  const rpc = cborPath.exec(path);
  if (rpc) return { protocol: cbor, target: { service: serviceOfTarget(rpc[1] as string), operation: rpc[2] as string } };

  const [prefix, operation] = headers['x-amz-target']?.split('.') ?? [];
  if (prefix && operation) {
    const protocol = headers['content-type']?.includes('json-1.1') ? json11 : json10;
    return { protocol, target: { service: serviceOfTarget(prefix), operation } };
  }

  const restTarget = restTargetOf(request);
  if (restTarget) return { protocol: restJson, target: restTarget };

  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') || request.query.Action !== undefined) {
    const action = formOf(request).get('Action');
    if (action) return { protocol: query, target: { service: signedFor ?? unsignedServiceOf(action), operation: action } };
  }
  return { protocol: restJson, target: { service: signedFor ?? 'unsigned', operation: `${method} ${path}` } };
};
