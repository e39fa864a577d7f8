import { requestHandler } from '../../../emulator/wire/request-handler.js';
import { startServer } from '../../../emulator/wire/server.js';
import type { World } from '../../../emulator/world.js';

type Opened = { readonly config: Record<string, unknown> & { region: string }; close(): Promise<void> };

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };

/** Both ways by which clients reach a world; every test of the wires runs over each. */
export const transports: readonly [string, (world: World) => Promise<Opened>][] = [
  [
    'in process',
    async (world) => ({
      config: {
        region: world.region,
        endpoint: 'http://127.0.0.1:4566',
        credentials,
        maxAttempts: 1,
        requestHandler: requestHandler(world),
      },
      close: async () => {},
    }),
  ],
  [
    'over HTTP',
    async (world) => {
      const server = await startServer(world, { port: 0 });
      return { config: { region: world.region, endpoint: server.url, credentials, maxAttempts: 1 }, close: () => server.close() };
    },
  ],
];
