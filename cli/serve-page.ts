import { commandLine } from '../core/command-line/shell-word.js';
import type { Asset } from '../page/build.js';
import type { Source } from '../page/server/source.js';
import { startPage } from '../page/server/start-page.js';
import { CommandError } from './command-error.js';
import type { Context } from './context.js';
import { type ExitStatus, exitStatuses } from './exit-status.js';
import type { StackClient } from './stack-client.js';

/** @throws CommandError for what is no port */
export const parsePort = (text: string, flag: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new CommandError(`${flag} is ${JSON.stringify(text)}; expected a whole number from 0 (any free port) to 65535`, {
    status: exitStatuses.usage,
  });
};

/** Opens the page of the same stack again. */
const againOf = ({ stage, region }: Pick<StackClient, 'stage' | 'region'>, profile: string | undefined): string =>
  commandLine(['slipway', 'open', '--stage', stage, '--region', region, ...(profile === undefined ? [] : ['--profile', profile])]);

/** What is served, and where. */
export type Served = { readonly client: Pick<StackClient, 'stage' | 'region'>; readonly source: Source; readonly assets: readonly Asset[] };

/**
 * Serves the page until the signal, which is the way to end it and no failure. The first line of standard output is the address.
 * @throws CommandError if the port is taken
 */
export const servePage = async (context: Context, { client, source, assets }: Served, port: number): Promise<ExitStatus> => {
  const { terminal, options, signal } = context;
  const page = await startPage({
    source,
    assets,
    port,
    portOption: '--port',
    command: againOf(client, options.profile),
    report: (error) => terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  }).catch((error: unknown) => {
    source.close();
    throw error;
  });
  terminal.print(options.json ? JSON.stringify({ page: { url: page.url } }) : page.url);
  if (!options.json)
    terminal.note(`The page of stage ${client.stage} in ${client.region}. The address is good once, for a minute; Ctrl-C ends the page.`);
  await ended(signal);
  await page.close();
  return exitStatuses.ok;
};

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
