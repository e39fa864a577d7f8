import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on which connections can break. */
export type DroppingProxy = {
  readonly url: string;
  /** Cuts the connections that are open, and each of the next ones. */
  readonly drop: (connections: number) => void;
  readonly close: () => Promise<void>;
};

export const startDroppingProxy = async (target: string): Promise<DroppingProxy> => {
  const { port } = new URL(target);
  const open = new Set<Socket>();
  let toDrop = 0;
  const server = createServer((client) => {
    client.on('error', () => {});
    if (toDrop > 0) {
      toDrop--;
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(Number(port), '127.0.0.1');
    upstream.on('error', () => client.destroy()).on('close', () => open.delete(client));
    client.on('close', () => upstream.destroy());
    open.add(client);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop: (connections) => {
      toDrop = connections;
      for (const client of open) client.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of open) client.destroy();
        server.close(() => resolve());
      }),
  };
};
