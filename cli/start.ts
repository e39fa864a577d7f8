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
  /** Files with task definitions, by `cluster/service`. */
  readonly taskDefinition: Readonly<Record<string, string>>;
};

/** Keeps the stack up on the emulator until a signal ends it. */
export const start = async (options: StartOptions, terminal: Terminal): Promise<boolean> => {
  const { port, speed, json, verbose, config, taskDefinition } = options;
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  const { progress } = terminal;
  const stack = await startLocalStack({
    port,
    configurationFile: config,
    taskDefinitionFiles: taskDefinition,
    // Waiters of the AWS CLI and the SDKs ask at once after UpdateService, and take what they read before it for stability.
    staleReadMs: 0,
    progress,
  });
  terminal.endProgress();
  const ready = readyOf(stack);
  const now = stack.emulator.account.clock.date();
  terminal.print(json ? JSON.stringify({ ready }) : readyText(ready, { root: process.cwd(), now, speed, terminal }));
  const endWatch = watch(stack, terminal, { json, verbose, body: (message) => message });
  const stopTime = stack.runInRealTime(speed);
  await stopped;
  endWatch();
  await stopTime();
  await stack.close();
  return true;
};
