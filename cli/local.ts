import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CommandError } from './command-error.js';
import { createTerminal } from './terminal.js';

/** EX_USAGE of sysexits.h. */
const USAGE_STATUS = 64;

const terminal = createTerminal();

const numberFrom =
  (expected: string, isValid: (value: number) => boolean) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !isValid(value)) throw new InvalidArgumentError(`Expected ${expected}.`);
    return value;
  };

/** Collects `cluster/service=file`, which may be given several times. */
const taskDefinitionFrom = (text: string, before: Readonly<Record<string, string>>): Record<string, string> => {
  const [, service, file] = /^([^=/]+\/[^=/]+)=(.+)$/.exec(text) ?? [];
  if (!service || !file) throw new InvalidArgumentError('Expected cluster/service=file.');
  return { ...before, [service]: file };
};

const configOption = () =>
  new Option('--config <file>', 'the configuration; SLIPWAY_CONFIG sets another default').default(
    process.env.SLIPWAY_CONFIG || 'slipway.yml',
  );
const jsonOption = () => new Option('--json', 'a JSON object a line, for programs').default(false);
const verboseOption = () => new Option('--verbose', 'every step, and every message in full').default(false);

const run = async (work: Promise<boolean>): Promise<void> => {
  if (!(await work)) process.exitCode = 1;
};

const program = new Command('slipway').description('Deploys container images to Amazon ECS.').exitOverride();

// Verbs are imported when they are called: importing the AWS SDK and the emulator takes a second, and output begins before.
program
  .command('demo')
  .description('Deploys four times on the emulator, from a push to a message, in virtual time.')
  .addOption(configOption())
  .addOption(verboseOption())
  .addOption(jsonOption())
  .addHelpText('after', '\nExit status: 0 if every deployment had the expected outcome, 1 if not, 64 for an invalid option.')
  .action(async (options) => {
    if (!options.json) {
      terminal.print(`${terminal.colors.bold('Slipway demo')}: four deployments to Amazon ECS, on an emulated AWS.
No AWS account needed. It takes under half a minute: the minutes below are virtual.

  1. a healthy image is pushed, and deployed stage after stage
  2. an image that crashes on start is pushed, and rolled back
  3. an operator starts a deployment
  4. an image is pushed that the configuration does not deploy`);
    }
    await run(import('./demo.js').then(({ demo }) => demo(options, terminal)));
  });

const portFrom = numberFrom(
  'a whole number from 0 (any free port) to 65535',
  (port) => Number.isInteger(port) && port >= 0 && port <= 65_535,
);

program
  .command('start')
  .description('Keeps the stack up on the emulator, and deploys what is pushed to it.')
  .addOption(new Option('--port <port>', 'where the emulator listens, on 127.0.0.1').argParser(portFrom).default(4566))
  .addOption(new Option('--page-port <port>', 'where the page is served, on 127.0.0.1').argParser(portFrom).default(4567))
  .addOption(new Option('--no-page', 'the emulator alone'))
  .addOption(
    new Option('--speed <factor>', 'how many times faster than real time')
      .argParser(numberFrom('a number from 0.01 to 10000', (speed) => speed >= 0.01 && speed <= 10_000))
      .default(10),
  )
  .addOption(configOption())
  .addOption(
    new Option('--task-definition <service=file>', 'a task definition for a service, as describe-task-definition prints it')
      .argParser(taskDefinitionFrom)
      .default({}, 'a plain one'),
  )
  .addOption(verboseOption())
  .addOption(jsonOption())
  .addHelpText('after', '\nWith --json the first line is {"ready": …}: the URL, the page’s, the repositories, the state machines.')
  .action((options) => run(import('./start.js').then(({ start }) => start(options, terminal))));

// A reader such as `head -1` closes the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  terminal.endProgress();
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_STATUS;
  else {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof CommandError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  }
}
