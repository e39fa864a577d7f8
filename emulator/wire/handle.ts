import { gunzipSync } from 'node:zlib';
import { AwsError } from '../errors.js';
import type { Caller } from '../operation.js';
import type { World } from '../world.js';
import type { HttpAnswer, HttpRequest } from './protocol.js';
import { routeOf } from './route.js';
import { credentialOf } from './targets.js';

const requestCounts = new WeakMap<World, number>();

/** Counted, not drawn: somebody who looks on must not change the history that a seed gives. */
const nextRequestId = (world: World): string => {
  const count = (requestCounts.get(world) ?? 0) + 1;
  requestCounts.set(world, count);
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
};

const answer = async (world: World, caller: Caller, received: HttpRequest): Promise<HttpAnswer> => {
  const request = received.headers['content-encoding'] === 'gzip' ? { ...received, body: gunzipSync(received.body) } : received;
  const { protocol, target } = routeOf(request);
  const requestId = nextRequestId(world);
  try {
    const definition = world.operation(target.service, target.operation);
    const output = await world.request<unknown>(caller, target.service, target.operation, protocol.input(request, definition));
    return protocol.output(target, output, requestId);
  } catch (error) {
    if (error instanceof AwsError) return protocol.error(target, error, requestId, request);
    // A mistake of the emulator itself: no client may take it for AWS's behaviour, so people see it, too.
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(`emulator: ${target.service}.${target.operation} broke: ${detail}`);
    world.log.add('emulator', 'bug', { operation: `${target.service}.${target.operation}`, detail });
    return protocol.error(target, new AwsError('InternalFailure', detail, { status: 500 }), requestId, request);
  }
};

/** Answers one request of any client, whatever the protocol and however it came in; holds the clock meanwhile. */
export const handleHttp = async (world: World, request: HttpRequest): Promise<HttpAnswer> => {
  const caller = world.services.iam.callerOf(request.accessKeyId ?? credentialOf(request.headers.authorization).accessKeyId);
  const { activity } = caller;
  if (!activity) return world.clock.during(() => answer(world, caller, request));

  // What was killed at its time-out may still try, as a frozen Lambda does; nobody hears it.
  if (!activity.isOpen) return new Promise<never>(() => {});
  activity.requestBegins();
  try {
    return await answer(world, caller, request);
  } finally {
    activity.requestEnds();
  }
};
