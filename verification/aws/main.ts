import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { CommandError } from '../../cli/command-error.js';
import { createTerminal } from '../../cli/terminal.js';
import { type Configuration, repositoryOf } from '../../core/configuration/configuration.js';
import { namesRegistry } from '../../stack/corrections.js';
import { InvalidConfiguration, readConfiguration } from '../../stack/read-configuration.js';
import { loadSteps } from '../../stack/steps.js';
import { servicesOfOneFamily } from './checks/concurrent-registration.js';
import { newTag, readManifest } from './checks/pushes.js';
import { createClients } from './clients.js';
import type { CheckResult } from './compare.js';
import { readServices, readStack } from './deployed-stack.js';
import { startExpectation } from './expectation.js';
import { Recorder } from './recorder.js';
import { isPassed, reportText } from './report.js';
import type { ImageSource, Target } from './target.js';
import { verify } from './verify.js';

/** EX_USAGE of sysexits.h. */
const USAGE_STATUS = 64;

type Options = {
  readonly stage: string;
  readonly config: string;
  readonly region?: string;
  readonly healthy?: ImageSource;
  readonly crashing?: ImageSource;
  readonly save?: string;
  readonly yes: boolean;
};

const terminal = createTerminal();

const imageFrom = (text: string): ImageSource => {
  const [, repository, tag] = /^([a-z0-9][a-z0-9._/-]*):([\w.-]{1,128})$/.exec(text) ?? [];
  if (repository === undefined || tag === undefined || namesRegistry(repository))
    throw new InvalidArgumentError('Expected repository:tag, without a registry.');
  return { repository, tag };
};

const configurationOf = ({ config, stage }: Options): Configuration => {
  try {
    const configuration = readConfiguration(config);
    const { stage: only } = configuration.stack ?? {};
    if (only === undefined || only === stage) return configuration;
    throw new CommandError(`${config} is for the stage ${only}, and --stage is ${stage}`);
  } catch (error) {
    throw error instanceof InvalidConfiguration ? new CommandError(error.message) : error;
  }
};

/** What the checks would change, a line each. */
const changesOf = (target: Target, services: ReadonlyMap<string, string>): string[] => {
  const { healthy, crashing } = target.images;
  const servicesOf = ({ repository }: ImageSource) =>
    (repositoryOf(target.configuration, repository)?.stages ?? [])
      .flatMap((stage) => stage.services.map(({ service }) => service))
      .join(', ');
  const pair = servicesOfOneFamily(services);
  return [
    ...(healthy ? [`pushes ${healthy.repository}:${newTag(target, healthy, 'healthy')}, which deploys ${servicesOf(healthy)}`] : []),
    ...(crashing
      ? [
          `pushes ${crashing.repository}:${newTag(target, crashing, 'crashing')}, which breaks and rolls back the first stage of ${servicesOf(crashing)}`,
        ]
      : []),
    ...(pair.length > 0 ? [`rolls ${pair.join(' and ')} out again, at once`] : []),
  ];
};

const confirm = async (target: Target, changes: readonly string[], { yes }: Options): Promise<boolean> => {
  if (changes.length === 0) return false;
  const { accountId, region } = target.stack;
  terminal.print([`In account ${accountId}, ${region}, this:`, ...changes.map((text) => `  ${text}`)].join('\n'));
  if (yes) return true;
  if (!process.stdin.isTTY) {
    terminal.print('No terminal can confirm it: only what changes nothing is checked (--yes confirms).');
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question('Go on? [y/N] ');
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
};

const run = async (options: Options): Promise<boolean> => {
  const configuration = configurationOf(options);
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const recorder = new Recorder();
  const clients = createClients(options.region === undefined ? {} : { region: options.region }, recorder);
  terminal.progress('reading the stack and its services');
  const stack = await readStack(clients, options.stage);
  const services = await readServices(clients, configuration);
  const images = { healthy: options.healthy, crashing: options.crashing };
  const found: Target = {
    clients,
    stack,
    configuration,
    images,
    run: Date.now().toString(36),
    mayChange: false,
    // Ten seconds of AWS are one of an emulator that runs ten times as fast, which is its default.
    wait: () => sleep(endpoint === undefined ? 10_000 : 1_000),
  };
  for (const image of [images.healthy, images.crashing]) if (image) await readManifest(found, image);
  terminal.endProgress();
  const target = { ...found, mayChange: await confirm(found, changesOf(found, services), options) };

  const refusals: CheckResult[] = [];
  const expectation = await startExpectation(target, services, { configurationFile: options.config, progress: terminal.progress }).catch(
    (error: Error) => {
      refusals.push({ name: 'emulator', status: 'failed', details: [`it cannot be what AWS is compared with: ${error.message}`] });
      return undefined;
    },
  );
  try {
    const steps = await loadSteps();
    const report = await verify(target, expectation?.target, { steps, recorder, progress: terminal.progress });
    terminal.endProgress();
    const whole = { ...report, results: [...refusals, ...report.results] };
    terminal.print(reportText(whole, terminal));
    // An emulator's answers are no fixtures.
    const directory = options.save ?? (endpoint === undefined ? 'test/fixtures/aws' : undefined);
    if (directory !== undefined)
      terminal.print(`\n${recorder.save(directory, stack.accountId).length} files of answers are in ${directory}.`);
    return isPassed(whole);
  } finally {
    await expectation?.close();
  }
};

const program = new Command('verify:aws')
  .description('Compares a deployed stack on AWS with what the emulator says about it. docs/aws-trial.md explains it.')
  .requiredOption('--stage <stage>', 'the stage of the deployed stack')
  .option('--config <file>', 'the configuration that was deployed', process.env.SLIPWAY_CONFIG || 'slipway.yml')
  .option('--region <region>', 'the Region of the stack; default: that of the environment or the profile')
  .option('--healthy <repository:tag>', 'an image that runs healthy in its services', imageFrom)
  .option('--crashing <repository:tag>', 'an image that crashes on start in its services', imageFrom)
  .option('--save <directory>', 'where the answers go; default: test/fixtures/aws, and nowhere for an emulator')
  .option('--yes', 'confirms the changes', false)
  .addHelpText('after', '\nExit status: 0 if nothing failed or differs, 1 if something does, 64 for an invalid option.')
  .exitOverride()
  .action(async (options: Options) => {
    if (!(await run(options))) process.exitCode = 1;
  });

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Errors before any check that explain themselves: no permission, no credentials. */
const isOfAws = (error: unknown): error is Error =>
  error instanceof Error && ('$metadata' in error || error.name === 'CredentialsProviderError');

try {
  await program.parseAsync();
} catch (error) {
  terminal.endProgress();
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_STATUS;
  else {
    process.exitCode = 1;
    const isExplained = error instanceof CommandError || isOfAws(error);
    process.stderr.write(`${isExplained ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  }
}
