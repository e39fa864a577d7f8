import type { LookupAddress } from 'node:dns';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type RequestOptions, request } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type LookupFunction, type Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { UrlCheck } from '../../../core/configuration/configuration.js';
import { network as real } from '../../../functions/runtime/network.js';
import { requestUrl } from '../../../functions/shared/request-url.js';
import { type Certificate, givenCertificate } from '../../support/certificates.js';

const authority = givenCertificate();
const trusted = givenCertificate({ names: ['app.test', '127.0.0.1'], issuer: authority });
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listening = async (server: Server, host = '127.0.0.1'): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
};

const given = async (answer: RequestListener, { cert, key }: Certificate = trusted, host?: string) => {
  const requests: IncomingMessage[] = [];
  const server = createServer({ cert, key, minVersion: 'TLSv1.2' }, (incoming, response) => {
    requests.push(incoming);
    response.on('error', () => {});
    answer(incoming, response);
  });
  return { port: await listening(server, host), requests };
};

type Options = Partial<UrlCheck> & {
  readonly port: number;
  /** What DNS answers, one a lookup; the last one again and again. */
  readonly dns?: readonly (readonly string[])[];
  /** Fires the timer of the request as soon as this holds. */
  readonly firesOnce?: Promise<unknown>;
};

const ask = async ({ port, dns = [['127.0.0.1']], firesOnce, ...check }: Options) => {
  const lookups: string[] = [];
  const dialled: string[] = [];
  const cancelled: unknown[] = [];
  const offered: unknown[] = [];
  const answers = [...dns];
  const answer = await requestUrl(
    {
      request: ((url: URL, { lookup, ...options }: RequestOptions) => {
        const noted: LookupFunction = (name, of, callback) =>
          lookup?.(name, of, (error, found, family) => {
            offered.push(found);
            callback(error, found, family);
          });
        const made = request(url, { ...options, lookup: noted, ca: authority.cert });
        made.on('socket', (socket) => socket.on('connect', () => dialled.push(socket.remoteAddress ?? '')));
        return made;
      }) as typeof request,
      lookup: (name, _, callback) => {
        lookups.push(name);
        const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
        process.nextTick(() =>
          callback(
            null,
            addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
          ),
        );
      },
      setTimeout: (run, milliseconds) => {
        void firesOnce?.then(run);
        return milliseconds;
      },
      clearTimeout: (timer) => cancelled.push(timer),
    },
    { url: `https://app.test:${port}/health`, status: 200, everySeconds: 10, withinSeconds: 60, allowPrivate: true, ...check },
  );
  return { answer, lookups, offered, dialled, cancelled };
};

test('one GET without credentials, cookies or compression is sent to the address that was checked', async () => {
  const { port, requests } = await given((_, response) => response.end('ok'));

  const { answer, lookups, dialled, cancelled } = await ask({ port, url: `https://app.test.:${port}/health?deep=1#top` });

  expect(answer).toEqual({ kind: 'answered', status: 200, body: '', bytes: 0 });
  expect([lookups, dialled, cancelled]).toEqual([['app.test.'], ['127.0.0.1'], [10_000]]);
  expect(
    requests.map(({ method, url, headers, socket }) => ({ method, url, headers, servername: (socket as TLSSocket).servername })),
  ).toEqual([
    {
      method: 'GET',
      url: '/health?deep=1',
      servername: 'app.test',
      headers: { accept: '*/*', 'accept-encoding': 'identity', connection: 'close', host: `app.test.:${port}`, 'user-agent': 'slipway' },
    },
  ]);
});

test('a name that resolves to another address at its next lookup is not resolved again', async () => {
  const { port } = await given((_, response) => response.end('ok'));

  const { answer, lookups, dialled } = await ask({ port, dns: [['127.0.0.1'], ['169.254.169.254']] });

  expect(answer.kind).toBe('answered');
  expect([lookups.length, dialled]).toEqual([1, ['127.0.0.1']]);
});

test('each request resolves the name anew: public first, private then', async () => {
  const { port, requests } = await given((_, response) => response.end('ok'));

  const first = await ask({ port });
  const second = await ask({ port, dns: [['10.0.0.1']], allowPrivate: false });

  expect([first.answer.kind, second.answer]).toEqual(['answered', { kind: 'refused', address: '10.0.0.1' }]);
  expect(requests).toHaveLength(1);
});

test.each([
  ['a private address among public ones', ['8.8.8.8', '10.0.0.1', '1.1.1.1'], false, '10.0.0.1'],
  ['the loopback address', ['127.0.0.1'], false, '127.0.0.1'],
  ['IPv6 loopback behind a public address', ['8.8.8.8', '::1'], false, '::1'],
  ['a mapped address', ['::ffff:127.0.0.1'], false, '::ffff:127.0.0.1'],
  ['instance metadata, though private addresses are allowed', ['127.0.0.1', '169.254.169.254'], true, '169.254.169.254'],
  ['instance metadata by IPv6', ['fd00:ec2::254'], true, 'fd00:ec2::254'],
  ['what is no address', ['127.0.0.1', 'localhost'], true, 'localhost'],
])('nothing is dialled if DNS answers %s', async (_, addresses, allowPrivate, address) => {
  const { port, requests } = await given((__, response) => response.end('ok'));

  const { answer, dialled } = await ask({ port, dns: [addresses], allowPrivate });

  expect(answer).toEqual({ kind: 'refused', address });
  expect([dialled, requests]).toEqual([[], []]);
});

test.each(['https://127.0.0.1', 'https://2130706433', 'https://[::1]', 'https://[::ffff:7f00:1]', 'https://[fe80::1]', 'https://10.1.2.3'])(
  'a literal address is checked without a lookup: %s',
  async (origin) => {
    const { answer, lookups, dialled } = await ask({ port: 443, url: `${origin}:443/`, allowPrivate: false });

    expect([answer.kind, lookups, dialled]).toEqual(['refused', [], []]);
  },
);

test('a literal address that is allowed is requested, and its certificate verified', async () => {
  const { port } = await given((_, response) => response.end('ok'));

  expect((await ask({ port, url: `https://127.0.0.1:${port}/` })).answer).toMatchObject({ kind: 'answered', status: 200 });
});

test('of the addresses of a name, IPv4 is dialled first, and the next one if the first refuses', async () => {
  const { port } = await given((_, response) => response.end('ok'), trusted, '127.0.0.2');

  const { answer, dialled, offered } = await ask({ port, dns: [['::1', '127.0.0.3', '127.0.0.2']] });
  expect(offered).toMatchObject([[{ family: 4 }, { family: 4 }, { family: 6 }]]);

  expect([answer.kind, dialled]).toEqual(['answered', ['127.0.0.2']]);
});

test.each([
  ['of an unknown authority', givenCertificate({ names: ['app.test'], issuer: givenCertificate() }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['signed by itself', givenCertificate({ names: ['app.test'] }), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['of another name', givenCertificate({ names: ['other.test'], issuer: authority }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['expired', givenCertificate({ names: ['app.test'], issuer: authority, validTo: new Date('2021-01-01') }), 'CERT_HAS_EXPIRED'],
])('no request is sent to a server with a certificate that is %s', async (_, certificate, code) => {
  const { port, requests } = await given((__, response) => response.end('ok'), certificate);

  expect((await ask({ port })).answer).toEqual({ kind: 'untrusted', code });
  expect(requests).toEqual([]);
});

test('a redirect is an answer, and not followed', async () => {
  const { port, requests } = await given((_, response) => response.writeHead(302, { location: 'https://app.test/other' }).end('moved'));

  expect((await ask({ port, body: 'moved' })).answer).toEqual({ kind: 'answered', status: 302, body: '', bytes: 0 });
  expect(requests).toHaveLength(1);
});

test('a text that arrives in several chunks is in the body', async () => {
  const { port } = await given((_, response) => {
    response.write(Buffer.from('all gö').subarray(0, 6));
    setImmediate(() => response.end(Buffer.concat([Buffer.from('gö').subarray(2), Buffer.from('od')])));
  });

  expect((await ask({ port, body: 'göod' })).answer).toEqual({ kind: 'answered', status: 200, body: 'all göod', bytes: 9 });
});

test('64 KiB of a body are read, and a server that goes on sending is cut off', async () => {
  let isCut: Promise<unknown> = Promise.resolve();
  const { port } = await given((_, response) => {
    isCut = new Promise((resolve) => response.on('close', () => resolve('cut off')));
    const send = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(100_000, 'x')));
    };
    response.on('drain', send);
    send();
  });

  const { answer } = await ask({ port, body: 'ok' });

  expect(answer).toEqual({ kind: 'answered', status: 200, body: 'x'.repeat(65_536), bytes: 65_536 });
  expect(await isCut).toBe('cut off');
});

test('no body is read if none is expected: one that never ends does not matter', async () => {
  const { port } = await given((_, response) => response.write('still starting'));

  expect((await ask({ port })).answer).toMatchObject({ kind: 'answered', status: 200, bytes: 0 });
});

test.each([
  ['headers that do not come', () => {}],
  ['a body that does not end', (_: unknown, response: Parameters<RequestListener>[1]) => void response.write('o')],
] as [string, RequestListener][])('a request is given up after its time: %s', async (_, answer) => {
  let arrived = (): void => {};
  const firesOnce = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { port } = await given((...exchange) => {
    answer(...exchange);
    arrived();
  });

  expect((await ask({ port, body: 'ok', firesOnce })).answer).toEqual({ kind: 'slow' });
});

test('a connection that is accepted and says nothing is given up after its time', async () => {
  let arrived = (): void => {};
  const firesOnce = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const port = await listening(createTcpServer(() => arrived()));

  expect((await ask({ port, firesOnce })).answer).toEqual({ kind: 'slow' });
});

test.each([
  [
    'refuses',
    async () => {
      const server = createTcpServer();
      const port = await listening(server);
      await new Promise((resolve) => servers.pop()?.close(resolve));
      return port;
    },
    'ECONNREFUSED',
  ],
  ['closes the connection', () => listening(createTcpServer((socket) => socket.destroy())), 'ECONNRESET'],
  ['speaks no TLS', () => listening(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))), 'EPROTO'],
  [
    'closes in the middle of a body',
    async () =>
      (
        await given((_, response) => {
          response.writeHead(200, { 'content-length': '10' }).write('o', () => response.destroy());
        })
      ).port,
    'ECONNRESET',
  ],
  [
    'has headers of 100 KB',
    async () => (await given((_, response) => response.writeHead(200, { x: 'x'.repeat(100_000) }).end())).port,
    'HPE_HEADER_OVERFLOW',
  ],
])('a server that %s does not answer', async (_, start, code) => {
  expect((await ask({ port: await start(), body: 'ok' })).answer).toEqual({ kind: 'silent', code });
});

test('a name without an address is unresolved', async () => {
  expect((await ask({ port: 443, dns: [[]] })).answer).toEqual({ kind: 'unresolved', code: 'ENODATA' });
  // RFC 6761: no name below .invalid exists.
  const check = { url: 'https://app.invalid/', status: 200, everySeconds: 10, withinSeconds: 60 };
  expect(await requestUrl(real, check)).toMatchObject({ kind: 'unresolved', code: expect.stringMatching(/^E/) });
});
