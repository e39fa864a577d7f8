import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { UrlCheck } from '../../core/configuration/configuration.js';
import { isAllowedAddress, literalAddress } from '../../core/verification/address.js';
import { type Answer, BODY_LIMIT_BYTES, REQUEST_SECONDS } from '../../core/verification/url-check.js';
import type { Network } from '../runtime/network.js';

/**
 * One GET of the URL. Every address of its host is checked, and one of these is dialled: there is no second resolution that could answer
 * another one. Redirects are not followed, the certificate must verify, and the body is read only as far as it can matter. Never rejects.
 */
export const requestUrl = (network: Network, { url, status, body, allowPrivate = false }: UrlCheck): Promise<Answer> =>
  new Promise((resolve) => {
    const target = new URL(url);
    const literal = literalAddress(target);
    // Node.js dials a literal address without a lookup.
    if (literal !== undefined && !isAllowedAddress(literal, allowPrivate)) {
      resolve({ kind: 'refused', address: literal });
      return;
    }
    const end = (answer: Answer): void => {
      network.clearTimeout(timer);
      resolve(answer);
      request.destroy();
    };
    const timer = network.setTimeout(() => end({ kind: 'slow' }), REQUEST_SECONDS * 1000);
    const request = network.request(target, {
      // A connection of its own: one that is kept would reach a task that is being replaced.
      agent: false,
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'slipway' },
      lookup: checkedLookup(network, allowPrivate),
      // RFC 6066: the name of a server is sent without the dot that ends it.
      ...(literal === undefined && { servername: target.hostname.replace(/\.$/, '') }),
    });
    request.on('error', (error) => end(answerOfError(error)));
    request.on('response', (response) => {
      response.on('error', (error) => end(answerOfError(error)));
      if (body === undefined || response.statusCode !== status) end(answered(response, Buffer.alloc(0)));
      else readBody(response, (read) => end(answered(response, read)));
    });
    request.end();
  });

const answered = ({ statusCode = 0 }: IncomingMessage, body: Buffer): Answer => ({
  kind: 'answered',
  status: statusCode,
  body: body.toString(),
  bytes: body.length,
});

/** Reads to the end, or to the limit. */
const readBody = (response: IncomingMessage, done: (body: Buffer) => void): void => {
  let read = Buffer.alloc(0);
  response.on('data', (chunk: Buffer) => {
    read = Buffer.concat([read, chunk.subarray(0, BODY_LIMIT_BYTES - read.length)]);
    if (read.length === BODY_LIMIT_BYTES) done(read);
  });
  response.on('end', () => done(read));
};

/** An address that may not be requested, among those of a name. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly address: string;

  constructor(address: string) {
    super(`${address} is refused`);
    this.address = address;
  }
}

/** Answers the addresses of a name, IPv4 first, as a function has no route for IPv6 unless its VPC has one; or fails if any is refused. */
const checkedLookup =
  ({ lookup }: Network, allowPrivate: boolean): LookupFunction =>
  (hostname, { all }, callback) => {
    lookup(hostname, { all: true }, (error, found) => {
      const addresses = error ? [] : found.toSorted((one, other) => one.family - other.family);
      const refused = addresses.find(({ address }) => !isAllowedAddress(address, allowPrivate));
      const failure = error ?? (refused && new AddressRefused(refused.address));
      const [first] = addresses;
      if (failure || !first) callback(failure ?? noAddress(), '');
      else if (all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

const noAddress = (): NodeJS.ErrnoException => Object.assign(new Error('no address'), { code: 'ENODATA', syscall: 'getaddrinfo' });

/** Codes with which OpenSSL or Node.js refuses a certificate: openssl-verify(1), and ERR_TLS_CERT_ALTNAME_INVALID. */
const ofCertificate =
  /^(?:ERR_TLS_CERT_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)_|ERROR_IN_CERT_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_)/;

const answerOfError = (error: NodeJS.ErrnoException): Answer => {
  if (error instanceof AddressRefused) return { kind: 'refused', address: error.address };
  const code = error.code ?? error.name;
  if (error.syscall === 'getaddrinfo') return { kind: 'unresolved', code };
  return { kind: ofCertificate.test(code) ? 'untrusted' : 'silent', code };
};
