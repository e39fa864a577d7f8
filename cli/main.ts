import { Command, CommanderError, Option } from 'commander';
import { CommandError } from './command-error.js';
import type { CommonOptions, Context, Verb } from './context.js';
import { exitStatuses } from './exit-status.js';
import { promptOf } from './prompt.js';
import { createTerminal } from './terminal.js';
import { type OptionDeclaration, type VerbDeclaration, verbs } from './verbs.js';
import { version } from './version.js';

const common: readonly OptionDeclaration[] = [
  { flags: '--stage <stage>', description: 'the stack’s stage; default: SLIPWAY_STAGE, the slipway.yml here, or the only stack' },
  { flags: '--region <region>', description: 'the AWS Region; default: that of the AWS configuration' },
  { flags: '--profile <profile>', description: 'a profile of the AWS configuration' },
  { flags: '--json', description: 'the answer as JSON on standard output' },
  { flags: '--no-color', description: 'no colours; the variable NO_COLOR does the same' },
];

const ofChanges: readonly OptionDeclaration[] = [
  { flags: '-y, --yes', description: 'go on without a question' },
  { flags: '--by <who>', description: 'who asks for it, for messages and records; default: the user of the CI job, or of this machine' },
  { flags: '--reason <why>', description: 'why, for messages and records' },
];

const optionOf = ({ flags, description, default: byDefault, many }: OptionDeclaration): Option => {
  const option = new Option(flags, description);
  if (many) option.argParser((value: string, before: readonly string[] = []) => [...before, value]);
  return byDefault === undefined ? option : option.default(byDefault);
};

const examplesOf = ({ examples }: VerbDeclaration): string => {
  const width = Math.max(0, ...examples.map(([command]) => command.length));
  return examples.length === 0
    ? ''
    : `\nExamples:\n${examples.map(([command, does]) => `  ${command.padEnd(width)}  # ${does}`).join('\n')}`;
};

const interrupted = new AbortController();

const contextOf = (options: CommonOptions & { readonly color?: boolean }): Context => {
  const environment = options.color === false ? { ...process.env, NO_COLOR: '1' } : process.env;
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
    signal: interrupted.signal,
  };
};

const program = new Command('slipway')
  .description('Deploys container images to Amazon ECS, and says how it went.')
  .version(version)
  .exitOverride()
  .addHelpText('after', '\nslipway <command> --help shows its options, with examples.');

for (const verb of verbs) {
  const command = program.command(`${verb.name} ${verb.args}`.trim()).description(verb.description).exitOverride();
  for (const option of [...verb.options, ...(verb.changes ? ofChanges : []), ...common]) command.addOption(optionOf(option));
  command.addHelpText('after', examplesOf(verb)).action(async (...given: unknown[]) => {
    const options = given.at(-2) as CommonOptions;
    const { run } = (await verb.load()) as { readonly run: Verb };
    process.exitCode = await run(contextOf(options), given.slice(0, -2) as string[], options);
  });
}

/** Prints a failure to standard error: as a sentence or, with --json, as an object. An error that is a bug has its stack with DEBUG only. */
const fail = (error: unknown): void => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitStatuses.ok : exitStatuses.usage;
    return;
  }
  const { status, code, message } =
    error instanceof CommandError
      ? { status: error.status, code: error.code ?? 'FAILED', message: error.message }
      : { status: 1, code: 'BUG', message: bugText(error) };
  process.exitCode = status;
  const isJson = process.argv.includes('--json');
  process.stderr.write(isJson ? `${JSON.stringify({ error: { code, message } })}\n` : `slipway: ${message}\n`);
};

const bugText = (error: unknown): string => {
  const shown = error instanceof Error && !process.env.DEBUG ? `${error.name}: ${error.message}` : (error as Error)?.stack;
  return `an error of slipway itself, please report it: ${shown}${process.env.DEBUG ? '' : ' (DEBUG=1 shows where)'}`;
};

// A reader such as `head -1` closes the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// A verb that waits says how it stands, and ends at once; others are cut off.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.exitCode = exitStatuses.interrupted;
    interrupted.abort();
    setTimeout(() => process.exit(exitStatuses.interrupted), 500);
  });
}

// Node.js 20 is enough for the command line.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}
