import { buildPage } from '../page/build.js';
import { createAccountSource } from '../page/server/account-source.js';
import { createEmulatorControl } from '../page/server/emulator/control.js';
import { isOwnRead } from '../page/server/own-reads.js';
import { startPage } from '../page/server/start-page.js';
import { clientOf } from './connect.js';
import type { LocalStack } from './local-stack.js';

type Options = {
  readonly port: number;
  /** Of the clock, at first. */
  readonly speed: number;
  /** Ends the stack and its page, and starts both anew. */
  readonly restart: () => void;
  readonly report: (error: unknown) => void;
};

/** The page of a stack on the emulator. It makes time pass until `close`. @throws CommandError if the port is taken */
export const startLocalPage = async (
  stack: LocalStack,
  { port, speed, restart, report }: Options,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const { assets } = await buildPage();
  const { requestHandler, ...settings } = stack.emulator.clientConfig();
  const emulator = createEmulatorControl({ stack, speed, restart });
  const source = createAccountSource({
    client: clientOf({ ...settings, requestHandler: { ...requestHandler } }, stack.stage),
    mode: 'emulator',
    clock: () => emulator.state().clock,
  });
  const endRefresh = stack.listen((entry) => {
    if (!isOwnRead(entry)) source.refresh();
  });
  const close = async () => {
    endRefresh();
    source.close();
    await emulator.close();
  };
  try {
    const page = await startPage({
      source,
      assets,
      port,
      portOption: '--page-port',
      command: 'npm start',
      emulator,
      report,
    });
    return {
      url: page.url,
      close: async () => {
        await page.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};
