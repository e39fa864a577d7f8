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

type Running = {
  readonly stack: LocalStack;
  readonly page?: string;
  /** Resolves when the page asks for a new stack. */
  readonly restarted: Promise<'restarted'>;
  readonly end: () => Promise<void>;
};

/** Keeps the stack up on the emulator until a signal ends it. */
export const start = async (options: StartOptions, terminal: Terminal): Promise<boolean> => {
  const stopped = new Promise<'stopped'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve('stopped'));
  });
  let running = await begin(options, terminal);
  printReady(running, options, terminal);
  while ((await Promise.race([stopped, running.restarted])) === 'restarted') {
    const { stack, page } = running;
    await running.end();
    running = await begin({ ...options, port: portOf(stack.url), ...(page !== undefined && { pagePort: portOf(page) }) }, terminal);
  }
  await running.end();
  return true;
};

const portOf = (url: string): number => Number(new URL(url).port);

const printReady = ({ stack, page }: Running, { json, speed }: StartOptions, terminal: Terminal): void => {
  const ready = { ...readyOf(stack), ...(page !== undefined && { page }) };
  const now = stack.emulator.account.clock.date();
  terminal.print(json ? JSON.stringify({ ready }) : readyText(ready, { root: process.cwd(), now, speed, terminal }));
};

const begin = async (options: StartOptions, terminal: Terminal): Promise<Running> => {
  const { port, speed, json, verbose, config, taskDefinition } = options;
  const { progress } = terminal;
  const stack = await startLocalStack({
    port,
    configurationFile: config,
    taskDefinitionFiles: taskDefinition,
    // Waiters of the AWS CLI and the SDKs ask at once after UpdateService, and take what they read before it for stability.
    staleReadMs: 0,
    progress,
  });
  let restart: () => void = () => {};
  const restarted = new Promise<'restarted'>((resolve) => {
    restart = () => resolve('restarted');
  });
  const page = options.page ? await pageOf(stack, options, { terminal, restart }) : undefined;
  terminal.endProgress();
  const endWatch = watch(stack, terminal, { json, verbose, body: (message) => message });
  // With a page, its panel has the clock.
  const stopTime = page?.close ?? stack.runInRealTime(speed);
  return {
    stack,
    ...(page && { page: page.url }),
    restarted,
    end: async () => {
      endWatch();
      await stopTime();
      await stack.close();
    },
  };
};

type Around = { readonly terminal: Terminal; readonly restart: () => void };

/** A page that cannot be served is no reason to go without the emulator. */
const pageOf = async (stack: LocalStack, { pagePort, speed }: StartOptions, { terminal, restart }: Around) => {
  terminal.progress('building the page');
  try {
    return await startLocalPage(stack, { port: pagePort, speed, restart, report: (error) => terminal.note(textOf(error)) });
  } catch (error) {
    terminal.endProgress();
    terminal.note(`There is no page: ${isCommandError(error) ? error.message : textOf(error)}`);
    return undefined;
  }
};

const textOf = (error: unknown): string => (error instanceof Error && error.stack) || String(error);
