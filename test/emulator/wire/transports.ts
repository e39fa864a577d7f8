import type { EmulatedAccount } from '../../../emulator/emulated-account.js';
import { requestHandler } from '../../../emulator/wire/request-handler.js';
import { startServer } from '../../../emulator/wire/server.js';

type Opened = { readonly config: Record<string, unknown> & { region: string }; close(): Promise<void> };

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };

/** The two transports by which clients reach an account; every protocol test runs over both. */
export const transports: readonly [string, (account: EmulatedAccount) => Promise<Opened>][] = [
  [
    'in process',
    async (account) => ({
      config: {
        region: account.region,
        endpoint: 'http://127.0.0.1:4566',
        credentials,
        maxAttempts: 1,
        requestHandler: requestHandler(account),
      },
      close: async () => {},
    }),
  ],
  [
    'over HTTP',
    async (account) => {
      const server = await startServer(account, { port: 0 });
      return { config: { region: account.region, endpoint: server.url, credentials, maxAttempts: 1 }, close: () => server.close() };
    },
  ],
];
