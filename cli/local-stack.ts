import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Configuration, configuredServices, findService } from '../core/configuration/configuration.js';
import { createEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.js';
import type { LogEntry } from '../emulator/event-log.js';
import type { RealTime } from '../emulator/real-time.js';
import type { States } from '../emulator/states/api.js';
import { packageStackAsync } from '../stack/package-stack.js';
import { InvalidConfiguration, readConfiguration } from '../stack/read-configuration.js';
import { createAccount } from './account.js';
import { CommandError } from './command-error.js';
import { startFakeSlack } from './fake-slack.js';
import { readTaskDefinition, type TaskDefinitionFile } from './task-definition-file.js';

export type LocalStackOptions = {
  /** Where the emulator listens, on 127.0.0.1; 0 takes a free port. */
  readonly port: number;
  /** A slipway.yml. */
  readonly configurationFile: string;
  /** Files with task definitions, by `cluster/service`. The account and the Region are those of the first of them. */
  readonly taskDefinitionFiles?: Readonly<Record<string, string>>;
  /** How old reads of ECS may be, in virtual ms; default 2,000. */
  readonly staleReadMs?: number;
  /** Functions to run in place of the packaged bundles; default: these. */
  readonly functionCode?: EmulatorOptions['functionCode'];
  /** Gets what is being done, as a phrase such as "packaging the stack". */
  readonly progress: (text: string) => void;
};

const stageOf = ({ stack }: Configuration): string => stack?.stage ?? 'dev';
const stackName = (configuration: Configuration): string => `slipway-${stageOf(configuration)}`;

/** The packaged stack on an emulated account that has the services of a slipway.yml, and a fake Slack. */
export class LocalStack {
  readonly url: string;
  readonly configuration: Configuration;
  readonly emulator: Emulator;
  readonly #close: () => Promise<void>;

  constructor(url: string, configuration: Configuration, emulator: Emulator, close: () => Promise<void>) {
    this.url = url;
    this.configuration = configuration;
    this.emulator = emulator;
    this.#close = close;
  }

  get region(): string {
    return this.emulator.account.region;
  }

  get accountId(): string {
    return this.emulator.account.accountId;
  }

  get stage(): string {
    return stageOf(this.configuration);
  }

  get states(): States {
    return this.emulator.account.services.states;
  }

  /** The ARN of a state machine of the stack. */
  machine(name: 'release' | 'deployment'): string {
    return this.emulator.account.arn('states', `stateMachine:${stackName(this.configuration)}-${name}`);
  }

  /** The URI of an image, given as `repository:tag` or `repository@digest`, in the emulated registry. */
  imageUri(image: string): string {
    return `${this.accountId}.dkr.ecr.${this.region}.amazonaws.com/${image}`;
  }

  /** Calls the listener for everything that happens. Returns the function that ends it. */
  listen(listener: (entry: LogEntry) => void): () => void {
    return this.emulator.account.log.listen(listener);
  }

  /** Lets virtual time pass until nothing is left to do. */
  runUntilIdle(): Promise<void> {
    return this.emulator.account.clock.run();
  }

  /** Lets virtual time pass `speed` times as fast as real time. Returns the function that ends it. */
  runInRealTime(speed: number): () => Promise<void> {
    return this.emulator.runInRealTime(speed);
  }

  /** The same, with a speed that can be changed. */
  realTime(speed: number): RealTime {
    return this.emulator.realTime(speed);
  }

  close(): Promise<void> {
    return this.#close();
  }
}

// Node.js 20 is enough for development; the functions run on a later version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const readConfigurationOf = (file: string): Configuration => {
  try {
    return readConfiguration(file);
  } catch (error) {
    throw error instanceof InvalidConfiguration ? new CommandError(error.message) : error;
  }
};

const listen = async (emulator: Emulator, port: number): Promise<string> => {
  try {
    return (await emulator.listen({ port })).url;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new CommandError(`port ${port} of 127.0.0.1 is in use; choose another one with --port`);
    if (code === 'EACCES') throw new CommandError(`port ${port} of 127.0.0.1 needs more permissions; choose one above 1023 with --port`);
    throw error;
  }
};

const readTaskDefinitions = (files: Readonly<Record<string, string>>, configuration: Configuration): Map<string, TaskDefinitionFile> => {
  for (const name of Object.keys(files)) {
    if (findService(configuration, name)) continue;
    const configured = configuredServices(configuration).map(({ service }) => service.service);
    throw new CommandError(`--task-definition is for ${name}, which is not configured; expected one of ${configured.join(', ')}`);
  }
  return new Map(Object.entries(files).map(([name, file]) => [name, readTaskDefinition(file)]));
};

/**
 * Packages the stack and deploys it to an emulated account.
 * @throws CommandError if the configuration or a task definition is not valid, the port is in use, or the stack cannot be packaged.
 */
export const startLocalStack = async ({
  port,
  configurationFile,
  taskDefinitionFiles = {},
  staleReadMs,
  functionCode,
  progress,
}: LocalStackOptions): Promise<LocalStack> => {
  const configuration = readConfigurationOf(configurationFile);
  const taskDefinitions = readTaskDefinitions(taskDefinitionFiles, configuration);
  const { accountId, region } = [...taskDefinitions.values()][0] ?? {};
  const emulator = createEmulator({
    ...(accountId && { accountId }),
    ...(region && { region }),
    ...(staleReadMs !== undefined && { staleReadMs }),
    ...(functionCode && { functionCode }),
  });
  const closers = [() => emulator.close()];
  const close = async () => {
    for (const closer of closers.splice(0)) await closer();
  };
  try {
    const url = await listen(emulator, port);
    progress('packaging the stack');
    const packaged = await packageStackAsync(resolve(configurationFile), { bundles: functionCode === undefined });
    process.once('exit', packaged.remove);
    closers.push(async () => packaged.remove());
    if (packaged.exitCode !== 0) throw new CommandError(`the stack could not be packaged:\n${packaged.output}`);

    progress('creating repositories and services on the emulator');
    const slack = await startFakeSlack((received) => emulator.account.log.add('slack', 'received', received));
    closers.push(slack.close);
    await createAccount(emulator, configuration, slack.url, taskDefinitions);
    await emulator.account.clock.run();

    progress('deploying the stack to the emulator');
    await emulator.deploy({
      template: templateIn(packaged.directory),
      stackName: stackName(configuration),
      artifactsDir: packaged.directory,
    });
    return new LocalStack(url, configuration, emulator, close);
  } catch (error) {
    await close();
    throw error;
  }
};

const templateIn = (directory: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${directory}/cloudformation-template-update-stack.json`, 'utf8'));
