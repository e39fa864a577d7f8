import { type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { EmulatedAccount } from '../emulated-account.js';
import { handleHttp } from './handle.js';

const bytesOf = (body: unknown): Uint8Array => {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('the body is a stream; the emulator takes requests with a string or bytes only');
};

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const aborted = (signal: { readonly aborted: boolean; onabort?: unknown }): Promise<never> =>
  new Promise((_resolve, reject) => {
    const abort = () => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    if (signal.aborted) abort();
    else (signal as AbortSignal).addEventListener('abort', abort, { once: true });
  });

/** Options of the SDK's own handler: a longer request is only a warning, unless throwOnRequestTimeout is set. */
type TimeoutConfig = { requestTimeout?: number; throwOnRequestTimeout?: boolean };

const handle = async (
  account: EmulatedAccount,
  accessKeyId: string | undefined,
  { requestTimeout, throwOnRequestTimeout = false }: TimeoutConfig,
  request: HttpRequest,
  abortSignal: Parameters<typeof aborted>[0] | undefined,
): Promise<{ response: HttpResponse }> => {
  const query = Object.fromEntries(
    Object.entries(request.query ?? {}).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );
  const handled = handleHttp(
    account,
    {
      method: request.method,
      path: request.path,
      query,
      headers: lowerCased(request.headers),
      body: bytesOf(request.body),
      accessKeyId,
    },
    throwOnRequestTimeout ? requestTimeout : undefined,
  );
  const { status, headers, body } = await (abortSignal ? Promise.race([handled, aborted(abortSignal)]) : handled);
  return { response: new HttpResponse({ statusCode: status, headers, body }) };
};

/**
 * Lets an SDK client reach the emulator without a socket: `new ECSClient({ requestHandler: requestHandler(account), … })`.
 * With an access key, all its requests are made with that key; their own signature is ignored.
 */
export const requestHandler = (account: EmulatedAccount, accessKeyId?: string): HttpHandler<TimeoutConfig> => {
  const config: TimeoutConfig = {};
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request, options) => handle(account, accessKeyId, config, request, options?.abortSignal),
    updateHttpClientConfig: (key, value) => {
      Object.assign(config, { [key]: value });
    },
    httpHandlerConfigs: () => config,
    destroy: () => {},
  };
};
