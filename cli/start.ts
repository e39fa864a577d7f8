import { startLocalStack } from './local-stack.js';
import { readyOf, readyText } from './ready.js';
import type { Terminal } from './terminal.js';
import { watch } from './watch.js';

export type StartOptions = {
  readonly port: number;
  readonly speed: number;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly config: string;
  readonly region?: string;
  readonly account?: string;
};

/** Keeps the stack up on the emulator until SIGINT or SIGTERM. */
export const start = async (options: StartOptions, terminal: Terminal): Promise<boolean> => {
  const { port, speed, json, verbose, config, region, account } = options;
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const stack = await startLocalStack({ port, configurationFile: config, region, accountId: account, progress: terminal.progress });
  terminal.endProgress();
  const ready = readyOf(stack);
  terminal.print(json ? JSON.stringify({ ready }) : readyText(ready, { root: process.cwd(), speed, terminal }));
  const endWatch = watch(stack, terminal, { json, verbose, body: (message) => message });
  const stopTime = stack.runInRealTime(speed);
  await stopped;
  endWatch();
  await stopTime();
  await stack.close();
  return true;
};
