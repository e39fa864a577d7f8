import { CommanderError } from 'commander';
import { isCommandError } from './command-error.js';
import type { Verb } from './context.js';
import { exitStatuses } from './exit-status.js';
import { programOf } from './program.js';
import { verbs } from './verbs.js';

const interrupted = new AbortController();

type Failure = { readonly status: number; readonly code: string; readonly message: string };

const failureOf = (error: unknown): Failure => {
  if (isCommandError(error)) return { status: error.status, code: error.code ?? 'FAILED', message: error.message };
  if (error instanceof CommanderError)
    return { status: exitStatuses.usage, code: 'USAGE', message: error.message.replace(/^error: /, '').replaceAll('\n', ' ') };
  return { status: 1, code: 'BUG', message: bugText(error) };
};

/** An error that is a bug has its stack with DEBUG only. */
const bugText = (error: unknown): string => {
  const isDebugging = Boolean(process.env.DEBUG);
  const shown = error instanceof Error ? (isDebugging && error.stack) || `${error.name}: ${error.message}` : String(error);
  return `an error of slipway itself, please report it: ${shown}${isDebugging ? '' : ' (DEBUG=1 shows where)'}`;
};

/** Prints a failure to standard error: as a line of text or, with --json, as an object. */
const fail = (error: unknown): void => {
  const isHelp = error instanceof CommanderError && ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code);
  if (isHelp) {
    process.exitCode = error.exitCode === 0 ? exitStatuses.ok : exitStatuses.usage;
    return;
  }
  const { status, code, message } = failureOf(error);
  process.exitCode = status;
  const isJson = process.argv.includes('--json');
  process.stderr.write(isJson ? `${JSON.stringify({ error: { code, message } })}\n` : `slipway: ${message}\n`);
};

// A reader such as `head -1` closes the pipe early. The verb ends: its status says nothing of a deployment.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitStatuses.closedPipe);
});
process.stderr.on('error', () => undefined);

// A verb that waits says how it stands, and ends at once; others are cut off.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.exitCode = exitStatuses.interrupted;
    interrupted.abort();
    setTimeout(() => process.exit(exitStatuses.interrupted), 500).unref();
  });
}

// Node.js 20 is enough for the command line.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

programOf(verbs, async (verb, args, options) => {
  // What only a verb needs is not loaded for help.
  const [{ contextOf }, loaded] = await Promise.all([import('./process-context.js'), verb.load()]);
  const { run } = loaded as { readonly run: Verb<typeof args> };
  process.exitCode = await run(contextOf(options, interrupted.signal), args, options);
})
  .parseAsync()
  .catch(fail);
