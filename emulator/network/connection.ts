import { STATUS_CODES } from 'node:http';
import type { Clock } from '../clock.js';
import type { TargetAnswer, TargetRequest } from './api.js';

/** What a client reads next: bytes, the end of the connection, or an error. */
export type Read = { readonly bytes?: Uint8Array; readonly code?: string };

const bytesOf = (body: string | Uint8Array): Uint8Array => (typeof body === 'string' ? Buffer.from(body) : body);

/** HTTP/1.1: a body ends after its length, or else with the connection. */
const headOf = ({ status, headers = {}, staysOpen = false }: TargetAnswer, length: number): string =>
  [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...(staysOpen ? [] : [`content-length: ${length}`]),
    'connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n');

/** The request in the first bytes of a connection. */
export const requestIn = (head: string, address: string): TargetRequest => {
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = lines
    .filter(Boolean)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
  return { method, path, headers: Object.fromEntries(headers), address };
};

/** The reads of an answer, in order; takes virtual time. Aborting `signal` ends it. */
export async function* readsOf(answer: TargetAnswer, clock: Clock, signal: AbortSignal): AsyncGenerator<Read> {
  const { body = '', delayMs = 20, chunkBytes = 16_384, chunkDelayMs = 0, staysOpen = false, isReset = false } = answer;
  const bytes = bytesOf(body);
  await clock.sleep(delayMs, { signal });
  yield { bytes: Buffer.from(headOf(answer, isReset ? bytes.length + 1 : bytes.length)) };
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    if (start > 0 && chunkDelayMs > 0) await clock.sleep(chunkDelayMs, { signal });
    yield { bytes: bytes.subarray(start, start + chunkBytes) };
  }
  if (staysOpen) await silence(clock, signal);
  yield isReset ? { code: 'ECONNRESET' } : {};
}

/** Nothing comes any more, until the client closes the connection. */
export const silence = (clock: Clock, signal: AbortSignal): Promise<never> =>
  clock.yieldTo(
    new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      else signal.addEventListener('abort', () => reject(signal.reason));
    }),
  );
