import { gunzipSync } from 'node:zlib';
import type { Caller } from '../caller.js';
import type { Clock } from '../clock.js';
import type { EmulatedAccount } from '../emulated-account.js';
import { AwsError, describeError } from '../errors.js';
import type { HttpAnswer, HttpRequest } from './protocol.js';
import { routeOf } from './route.js';
import { credentialOf } from './targets.js';

const requestCounts = new WeakMap<EmulatedAccount, number>();

/** Counted, not random: additional requests must not change the history of a seed. */
const nextRequestId = (account: EmulatedAccount): string => {
  const count = (requestCounts.get(account) ?? 0) + 1;
  requestCounts.set(account, count);
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
};

/** A body that is no gzip is refused by the protocol that the rest of the request speaks. */
const decompressed = (request: HttpRequest): { request: HttpRequest; problem?: AwsError } => {
  if (request.headers['content-encoding'] !== 'gzip') return { request };
  try {
    return { request: { ...request, body: gunzipSync(request.body) } };
  } catch (error) {
    const problem = new AwsError('SerializationException', `the body is not gzip: ${(error as Error).message}`);
    return { request: { ...request, body: new Uint8Array() }, problem };
  }
};

const answer = async (account: EmulatedAccount, caller: Caller, received: HttpRequest): Promise<HttpAnswer> => {
  const { request, problem } = decompressed(received);
  const { protocol, target } = routeOf(request);
  const requestId = nextRequestId(account);
  try {
    if (problem) throw problem;
    const definition = account.operation(target.service, target.operation);
    const output = await account.request<unknown>(caller, target.service, target.operation, protocol.input(request, definition));
    return protocol.output(target, output, requestId);
  } catch (error) {
    if (error instanceof AwsError) return protocol.error(target, error, requestId, request);
    // A bug of the emulator, not an answer of AWS: printed as well.
    const detail = describeError(error);
    console.error(`emulator: ${target.service}.${target.operation} broke: ${detail}`);
    account.log.add('emulator', 'bug', { operation: `${target.service}.${target.operation}`, detail });
    return protocol.error(target, new AwsError('InternalFailure', detail, { status: 500 }), requestId, request);
  }
};

/** Rejects as a client that times out; the request may still take effect. */
const withClientTimeout = <T>(clock: Clock, timeoutMs: number | undefined, work: Promise<T>): Promise<T> => {
  if (timeoutMs === undefined) return work;
  return new Promise((resolve, reject) => {
    let isGivenUp = false;
    const timer = clock.after(timeoutMs, () => {
      isGivenUp = true;
      // An unfinished request waits for something else, and does not count as work: its client continues.
      clock.begin();
      const message = `a request has exceeded the configured ${timeoutMs} ms requestTimeout`;
      reject(Object.assign(new Error(message), { name: 'TimeoutError', code: 'ETIMEDOUT' }));
    });
    const over = () => (isGivenUp ? clock.end() : clock.cancel(timer));
    work.finally(over).then(resolve, reject);
  });
};

/** Answers one request of any protocol and transport; the clock stands still meanwhile. */
export const handleHttp = async (account: EmulatedAccount, request: HttpRequest, timeoutMs?: number): Promise<HttpAnswer> => {
  const caller = account.services.iam.callerOf(request.accessKeyId ?? credentialOf(request.headers.authorization).accessKeyId);
  const { activity } = caller;
  if (!activity) return account.clock.during(() => answer(account, caller, request));
  return activity.request(() => withClientTimeout(account.clock, timeoutMs, answer(account, caller, request)));
};
