import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that answers as a Slack incoming webhook does, and shows what it was sent. */
export const startSlackStandIn = async (received: (text: string) => void): Promise<{ url: string; close: () => Promise<void> }> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { text = '' } = JSON.parse(Buffer.concat(chunks).toString()) as { text?: string };
      received(text);
      response.writeHead(200, { 'content-type': 'text/html', connection: 'close' }).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T00000000/B00000000/standin`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
};
