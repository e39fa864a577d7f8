import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { CommandError } from '../../cli/command-error.js';
import { exitStatuses } from '../../cli/exit-status.js';
import type { Asset } from '../build.js';
import { createApp } from './app.js';
import { EventHub } from './events.js';
import { Sessions } from './session.js';
import type { EmulatorControl, Source } from './source.js';

export type PageOptions = {
  readonly source: Source;
  readonly assets: readonly Asset[];
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** The option that sets the port, for the message about one that is taken. */
  readonly portOption: string;
  /** The command that opens the page again. */
  readonly command: string;
  readonly emulator?: EmulatorControl;
  readonly report: (error: unknown) => void;
};

/** `url` opens the page: in an account once, and within a minute. */
export type Page = { readonly url: string; readonly close: () => Promise<void> };

/** Serves the page on loopback. @throws CommandError if the port is taken or may not be used */
export const startPage = async ({ source, assets, port, portOption, command, emulator, report }: PageOptions): Promise<Page> => {
  const hub = new EventHub({ setTimeout: (run, milliseconds) => setTimeout(run, milliseconds).unref() });
  const sessions = new Sessions(Date.now);
  let origin = '';
  const app = createApp({ source, hub, sessions, assets, ...(emulator && { emulator }), origin: () => origin, command, report });
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(notListening(error, port, portOption)));
    server.listen(port, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ends = [source.listen((event) => hub.publish(event)), ...(emulator ? [publishEmulator(emulator, hub)] : [])];
  return {
    url: emulator ? `${origin}/` : `${origin}/#token=${sessions.issueToken()}`,
    close: async () => {
      for (const end of ends) end();
      source.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const publishEmulator = (emulator: EmulatorControl, hub: EventHub): (() => void) =>
  emulator.listen((change) => hub.publish('log' in change ? { type: 'log', data: change.log } : { type: 'emulator', data: change.state }));

const notListening = (error: NodeJS.ErrnoException, port: number, option: string): Error => {
  const reasons: Readonly<Record<string, string>> = { EADDRINUSE: 'the port is in use', EACCES: 'this user may not listen on it' };
  const reason = reasons[error.code ?? ''];
  if (reason === undefined) return error;
  return new CommandError(`the page cannot listen on 127.0.0.1:${port}: ${reason}; choose another with ${option}, or 0 for any free one`, {
    status: exitStatuses.usage,
    code: error.code ?? '',
    cause: error,
  });
};
