import { readFileSync } from 'node:fs';
import { createAccount } from '../../cli/account.js';
import { push } from '../../cli/example.js';
import { fromSource } from '../../cli/from-source.js';
import type { TaskDefinitionFile } from '../../cli/task-definition-file.js';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { createEmulator, type Emulator } from '../../emulator/emulator.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { createClients } from '../../verification/aws/clients.js';
import { readStack } from '../../verification/aws/deployed-stack.js';
import { expectationOf } from '../../verification/aws/expectation.js';
import { Recorder } from '../../verification/aws/recorder.js';
import type { Target } from '../../verification/aws/target.js';

export const repository = 'my-learn-app';
const configuration = readConfiguration('slipway.yml');
const template = JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')) as Record<string, unknown>;

/** Of both services of the stage production. */
const family: TaskDefinitionFile = {
  file: 'family.json',
  accountId: undefined,
  region: undefined,
  definition: {
    family: 'production',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: 'app',
        image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${repository}:main-1`,
        environment: [{ name: 'DATABASE_URL', value: 'postgres://ada:s3cret@database' }],
      },
    ],
  },
};

/** The account of the example slipway.yml with its packaged stack, reached over HTTP, in which an hour takes seconds. */
export const givenAccount = async (): Promise<{
  emulator: Emulator;
  url: string;
  runInRealTime: (speed: number) => () => Promise<void>;
}> => {
  const emulator = createEmulator({ staleReadMs: 0, functionCode: await fromSource(configuration) });
  const { url } = await emulator.listen({ port: 0 });
  const taskDefinitions = new Map(['production/web', 'production/worker'].map((service) => [service, family]));
  await createAccount(emulator, configuration, 'http://127.0.0.1:9/hook', taskDefinitions);
  await emulator.account.clock.run();
  await emulator.deploy({ template, stackName: 'slipway-dev' });
  return { emulator, url, runInRealTime: (speed) => emulator.runInRealTime(speed) };
};

/** What the script connects to, with images that behave so. */
export const givenTarget = async (behaviours: { readonly healthy: Behaviour; readonly crashing: Behaviour }) => {
  const { emulator, url } = await givenAccount();
  for (const [tag, behaviour] of Object.entries(behaviours)) await push(emulator, `source-${tag}`, behaviour, tag, repository);
  const recorder = new Recorder();
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const clients = createClients({ endpoint: url, region: 'eu-west-1', credentials }, recorder);
  const target: Target = {
    clients,
    configuration,
    stack: await readStack(clients, 'dev'),
    images: { healthy: { repository, tag: 'source-healthy' }, crashing: { repository, tag: 'source-crashing' } },
    run: '1a2b',
    mayChange: true,
    wait: () => new Promise((resolve) => setTimeout(resolve, 50)),
  };
  return { emulator, target, recorder, stopTime: emulator.runInRealTime(600) };
};

/** The emulator beside it, as the script starts it. */
export const givenExpectation = async (target: Target) => {
  const { emulator, url, runInRealTime } = await givenAccount();
  const { region } = emulator.account;
  const expectation = await expectationOf({ url, configuration, emulator, region, runInRealTime }, target);
  return {
    target: expectation.target,
    close: async () => {
      await expectation.close();
      await emulator.close();
    },
  };
};
