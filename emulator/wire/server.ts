import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EmulatedAccount } from '../emulated-account.js';
import { handleHttp } from './handle.js';

export type Server = { readonly url: string; close(): Promise<void> };

const bodyOf = async (message: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
};

const serve = async (account: EmulatedAccount, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { url: target = '/' } = message;
  // `//` would be a URL without a host, relative to the base.
  const url = new URL(target.startsWith('/') ? `http://localhost${target}` : target, 'http://localhost');
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );
  const { status, ...answer } = await handleHttp(account, {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body: await bodyOf(message),
  });
  response.writeHead(status, { ...answer.headers, 'content-length': answer.body.length }).end(answer.body);
};

/** The one HTTP endpoint for all services; port 0 takes a free one. */
export const startServer = async (
  account: EmulatedAccount,
  { port = 4566, host = '127.0.0.1' }: { port?: number; host?: string } = {},
): Promise<Server> => {
  const server = createServer((message, response) => {
    serve(account, message, response).catch((error: unknown) => {
      // A client that disconnected during its request, such as a terminated worker, needs no answer.
      if (message.complete) console.error('emulator: a request could not be answered:', error);
      response.destroy();
    });
  });
  // Functions keep connections between invocations, while virtual hours may pass.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Includes requests that are never answered.
        server.closeAllConnections();
      }),
  };
};
