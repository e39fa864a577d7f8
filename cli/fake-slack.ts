import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FakeSlack = { readonly url: string; readonly close: () => Promise<void> };

/** The body of a request to the webhook; `text` is what Slack shows where it shows no blocks. */
export type Received = { readonly text: string; readonly message: unknown };

/** Starts a server on loopback that answers as a Slack incoming webhook does; `received` gets every message. */
export const startFakeSlack = async (received: (received: Received) => void): Promise<FakeSlack> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(chunks).toString()) as { text?: string };
      received({ text: message.text ?? '', message });
      response.writeHead(200, { 'content-type': 'text/html', connection: 'close' }).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T00000000/B00000000/fake`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
};
