import { EmulatorHost } from '../page/server/emulator/host.js';
import type { Page } from '../page/server/start-page.js';
import { isCommandError } from './command-error.js';
import { startLocalPage } from './local-page.js';
import { type LocalStack, startLocalStack } from './local-stack.js';
import { readyOf, readyText } from './ready.js';
import type { Terminal } from './terminal.js';
import { watch } from './watch.js';

export type StartOptions = {
  readonly port: number;
  readonly pagePort: number;
  /** False for the emulator alone. */
  readonly page: boolean;
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
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve());
  });
  const { progress } = terminal;
  const startAt = async (given: number): Promise<LocalStack> => {
    const stack = await startLocalStack({
      port: given,
      configurationFile: config,
      taskDefinitionFiles: taskDefinition,
      // Waiters of the AWS CLI and the SDKs ask at once after UpdateService, and take what they read before it for stability.
      staleReadMs: 0,
      progress,
    });
    terminal.endProgress();
    return stack;
  };
  const stack = await startAt(port);
  const host = new EmulatorHost(stack, speed, startAt);
  const page = options.page ? await pageOf(host, options.pagePort, terminal) : undefined;
  const ready = { ...readyOf(stack), ...(page && { page: page.url }) };
  const now = stack.emulator.account.clock.date();
  terminal.print(json ? JSON.stringify({ ready }) : readyText(ready, { root: process.cwd(), now, speed, terminal }));
  host.attach((running) => watch(running.stack, terminal, { json, verbose, body: (message) => message }));
  await stopped;
  await page?.close();
  await host.close();
  return true;
};

/** A page that cannot be served is no reason to go without the emulator. */
const pageOf = async (host: EmulatorHost, port: number, terminal: Terminal): Promise<Page | undefined> => {
  terminal.progress('building the page');
  try {
    return await startLocalPage(host, { port, report: (error) => terminal.note(textOf(error)) });
  } catch (error) {
    terminal.note(`There is no page: ${isCommandError(error) ? error.message : textOf(error)}`);
    return undefined;
  } finally {
    terminal.endProgress();
  }
};

const textOf = (error: unknown): string => (error instanceof Error && error.stack) || String(error);
