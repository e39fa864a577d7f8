import { buildPage } from '../page/build.js';
import { createAccountSource } from '../page/server/account-source.js';
import { createEmulatorControl } from '../page/server/emulator/control.js';
import type { EmulatorHost, Running } from '../page/server/emulator/host.js';
import { isOwnRead } from '../page/server/emulator/log-line.js';
import type { LiveSource } from '../page/server/join-source.js';
import { type Page, startPage } from '../page/server/start-page.js';
import { SwitchingSource } from '../page/server/switching-source.js';
import { clientOf } from './connect.js';

/** The running stack as the page reads it: by the same calls as an account. */
const sourceOf = ({ stack, time }: Running): LiveSource => {
  const { requestHandler, ...settings } = stack.emulator.clientConfig();
  return createAccountSource({
    client: clientOf({ ...settings, requestHandler: { ...requestHandler } }, stack.stage),
    mode: 'emulator',
    clock: () => ({ now: stack.emulator.account.clock.date().toISOString(), speed: time.speed }),
  });
};

type Options = {
  /** 0 takes a free one. */
  readonly port: number;
  readonly report: (error: unknown) => void;
};

/** The page of a stack on the emulator, also after a reset. @throws CommandError if the port is taken */
export const startLocalPage = async (host: EmulatorHost, { port, report }: Options): Promise<Page> => {
  const { assets } = await buildPage();
  const first = host.running;
  const source = new SwitchingSource(sourceOf(first));
  host.attach((running) => {
    if (running !== first) source.use(sourceOf(running));
    // The event log says when something has changed, before the next read would be due.
    return running.stack.listen((entry) => {
      if (!isOwnRead(entry)) source.refresh();
    });
  });
  const emulator = createEmulatorControl(host);
  return startPage({ source, assets, port, portOption: '--page-port', command: 'npm start', emulator, report }).catch((error: unknown) => {
    source.close();
    throw error;
  });
};
