import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { push } from '../../cli/example.js';
import { type LocalStack, startLocalStack } from '../../cli/local-stack.js';
import { type ClientOptions, type Clients, createClients } from './clients.js';
import { readStack } from './deployed-stack.js';
import { Recorder } from './recorder.js';
import type { ImageSource, Target } from './target.js';

/** How many times faster than real time the emulator runs; half a minute passes between two looks. */
const SPEED = 600;
const LOOK_MS = 50;

/** The emulator with a stack of the same configuration, whose answers are what AWS is compared with. */
export type Expectation = { readonly target: Target; readonly close: () => Promise<void> };

/** Writes each service's task definition as `describe-task-definition` prints it. */
const writeTaskDefinitions = async ({ ecs }: Clients, services: ReadonlyMap<string, string>, directory: string) => {
  const files: Record<string, string> = {};
  for (const [service, taskDefinition] of services) {
    const file = join(directory, `${service.replace('/', '-')}.json`);
    const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    writeFileSync(file, JSON.stringify({ taskDefinition: described.taskDefinition }));
    files[service] = file;
  }
  return files;
};

/** An emulated account as the checks see it: time passes by itself, and images behave as their names say. */
export const expectationOf = async (
  {
    url,
    configuration,
    emulator,
    region,
    runInRealTime,
  }: Pick<LocalStack, 'url' | 'configuration' | 'emulator' | 'region'> & {
    runInRealTime: (speed: number) => () => Promise<void>;
  },
  given: Pick<Target, 'images' | 'run' | 'mayChange'>,
): Promise<Expectation> => {
  const putSource = async (kind: 'healthy' | 'crashing'): Promise<ImageSource | undefined> => {
    const { repository } = given.images[kind] ?? {};
    if (repository === undefined) return undefined;
    const tag = `verify-source-${kind}`;
    await push(emulator, tag, kind === 'healthy' ? 'healthy' : 'crashes-on-start', tag, repository);
    return { repository, tag };
  };
  const options: ClientOptions = { endpoint: url, region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
  const clients = createClients(options, new Recorder());
  const target: Target = {
    ...given,
    clients,
    configuration,
    stack: await readStack(clients, configuration.stack?.stage ?? 'dev'),
    images: { healthy: await putSource('healthy'), crashing: await putSource('crashing') },
    wait: () => sleep(LOOK_MS),
  };
  return { target, close: runInRealTime(SPEED) };
};

/**
 * Starts the emulator with the configuration and the task definitions of a deployed stack.
 * @throws CommandError if the emulator refuses one of them
 */
export const startExpectation = async (
  target: Target,
  services: ReadonlyMap<string, string>,
  { configurationFile, progress }: { readonly configurationFile: string; readonly progress: (text: string) => void },
): Promise<Expectation> => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-verify-'));
  try {
    const taskDefinitionFiles = await writeTaskDefinitions(target.clients, services, directory);
    const stack = await startLocalStack({ port: 0, configurationFile, taskDefinitionFiles, progress });
    const runInRealTime = (speed: number) => stack.runInRealTime(speed);
    const { url, configuration, emulator, region } = stack;
    const expectation = await expectationOf({ url, configuration, emulator, region, runInRealTime }, target);
    return {
      target: expectation.target,
      close: async () => {
        await expectation.close();
        await stack.close();
      },
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
