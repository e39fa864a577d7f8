import type { Context } from './context.js';
import type { GivenOptions } from './program.js';
import { promptOf } from './prompt.js';
import { createTerminal } from './terminal.js';

/** What a verb of this process works with. */
export const contextOf = (options: GivenOptions, signal: AbortSignal): Context => {
  const environment = options.color ? process.env : { ...process.env, NO_COLOR: '1' };
  const prompt = promptOf(process.stdin, process.stderr);
  let client: ReturnType<Context['connect']> | undefined;
  return {
    terminal: createTerminal(process.stdout, process.stderr, environment),
    connect: (one) => {
      if (one) return import('./connect.js').then(({ connect }) => connect(options, environment, one));
      client ??= import('./connect.js').then(({ connect }) => connect(options, environment));
      return client;
    },
    options,
    ...(prompt && { prompt }),
    now: () => new Date(),
    environment,
    signal,
  };
};
