import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, SetAlarmStateCommand, type StateValue } from '@aws-sdk/client-cloudwatch';
import { ECRClient, PutImageCommand, type PutImageCommandInput } from '@aws-sdk/client-ecr';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { executionResult } from '../../cli/execution-result.js';
import { fromSource } from '../../cli/from-source.js';
import { type LocalStack, startLocalStack } from '../../cli/local-stack.js';
import type { Emulator } from '../../emulator/emulator.js';
import type { ExecutionView } from '../../emulator/states/api.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { blocks } from '../docs/pages.js';

/*
 * Every example, packaged and deployed as `npm start` does it, and the commands of its page, one after the other. What follows from a
 * command is over in 25 minutes, unless it waits for an approval. No push then meets the run of reconcile, once an hour.
 */
const minutesBetweenCommands = 25;
/** An alarm fires while what was pushed before it is baked. */
const minutesBeforeAlarm = 8;

/** The commands of a page for the AWS CLI, as words of a shell. */
const commandsIn = (page: string): string[][] =>
  blocks(readFileSync(page, 'utf8'), 'sh')
    .filter((block) => block.startsWith('aws '))
    .map((block) => [...block.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain));

const optionsIn = (words: readonly string[]): Record<string, string> =>
  Object.fromEntries(words.flatMap((word, index) => (word.startsWith('--') ? [[word.slice(2), words[index + 1] ?? '']] : [])));

const contentOf = (value = ''): string => (value.startsWith('file://') ? readFileSync(value.slice('file://'.length), 'utf8') : value);

/** Sends what the AWS CLI would send. Answers the reason of a function's answer. */
const send = async ({ emulator }: LocalStack, [, service, operation, ...words]: readonly string[]): Promise<string[]> => {
  const options = optionsIn(words);
  switch (`${service} ${operation}`) {
    case 'ecr put-image': {
      const image: PutImageCommandInput = {
        repositoryName: options['repository-name'],
        imageTag: options['image-tag'],
        imageManifest: contentOf(options['image-manifest']),
      };
      await new ECRClient(emulator.clientConfig()).send(new PutImageCommand(image));
      return [];
    }
    case 'lambda invoke': {
      const invocation = new InvokeCommand({ FunctionName: options['function-name'], Payload: contentOf(options.payload) });
      const { Payload } = await answerOf(emulator, new LambdaClient(emulator.clientConfig()).send(invocation));
      return [`decide: ${(JSON.parse(Buffer.from(Payload ?? []).toString()) as { reason: string }).reason}`];
    }
    case 'cloudwatch set-alarm-state': {
      const { 'alarm-name': AlarmName, 'state-value': StateValue, 'state-reason': StateReason } = options;
      const state = { AlarmName, StateValue: StateValue as StateValue, StateReason };
      await new CloudWatchClient(emulator.clientConfig()).send(new SetAlarmStateCommand(state));
      return [];
    }
    default:
      throw new Error(`${service} ${operation} is in no example yet`);
  }
};

/** Lets time pass until a function has answered. */
const answerOf = async <Answer>({ account: { clock } }: Emulator, answer: Promise<Answer>): Promise<Answer> => {
  let isAnswered = false;
  const answered = answer.finally(() => {
    isAnswered = true;
  });
  while (!isAnswered) {
    await clock.run({ until: () => isAnswered });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answered;
};

let stack: LocalStack;
afterEach(() => stack.close());

/** What each command of the example's page brought about: the function's answer, and the results of releases that ended. */
const run = async (example: string, { taskDefinitionFiles = {}, bundles = false } = {}): Promise<string[][]> => {
  const folder = `examples/${example}`;
  const configurationFile = `${folder}/slipway.yml`;
  // Bundles cost seconds to load: from source, the functions are those of the other scenarios.
  const functionCode = bundles ? undefined : await fromSource(readConfiguration(configurationFile));
  stack = await startLocalStack({
    port: 0,
    configurationFile,
    taskDefinitionFiles,
    ...(functionCode && { functionCode }),
    progress: () => {},
  });
  const reported = new Set<string>();
  const results: string[][] = [];
  const commands = commandsIn(`${folder}/README.md`);
  for (const [index, command] of commands.entries()) {
    const answers = await send(stack, command);
    const minutes = commands[index + 1]?.[1] === 'cloudwatch' ? minutesBeforeAlarm : minutesBetweenCommands;
    await stack.emulator.account.clock.advance(minutes * 60_000);
    const ended = stack.states
      .executions()
      .filter(({ arn, status }) => /-release:/.test(arn) && status !== 'RUNNING' && !reported.has(arn));
    for (const { arn } of ended) reported.add(arn);
    results.push([...answers, ...ended.map(textOf)]);
  }
  return results;
};

const textOf = (execution: ExecutionView): string => {
  const { outcome, reason } = executionResult(stack.states, execution);
  return `${outcome}, ${reason}`;
};

/** The images of `events/images/` that the running tasks of a service have. */
const running = (service: string): string[] => {
  const [cluster = '', name = ''] = service.split('/');
  const tasks = stack.emulator.account.services.ecs.service(cluster, name)?.runningTasks ?? [];
  return [...new Set(tasks.flatMap(({ digests }) => Object.values(digests).map((digest) => images.get(digest) ?? digest)))];
};

const folderOfImages = 'events/images';
const images = new Map(
  readdirSync(folderOfImages).map((file) => [
    `sha256:${createHash('sha256')
      .update(readFileSync(join(folderOfImages, file)))
      .digest('hex')}`,
    file.replace('.json', ''),
  ]),
);

test('smallest: what works is deployed, what fails is rolled back', async () => {
  expect(await run('smallest')).toEqual([['SUCCEEDED, DEPLOYED'], ['ROLLED_BACK, CRASHED'], ['SKIPPED, TAG_NOT_MATCHED']]);
  expect(running('production/web')).toEqual(['healthy']);
});

test('staging-production: production is deployed once it is approved', async () => {
  expect(await run('staging-production')).toEqual([
    [],
    ['decide: APPROVAL_GIVEN', 'SUCCEEDED, DEPLOYED'],
    ['ROLLED_BACK, CRASHED'],
    [],
    ['decide: APPROVAL_DENIED', 'FAILED, REJECTED'],
  ]);
  expect([running('staging/web'), running('production/web')]).toEqual([['slow-to-start'], ['healthy']]);
});

test('promotion-by-retag: a version on an image of staging takes it to production', async () => {
  // Its semver pattern is what puts npm's semver into the bundles.
  expect(await run('promotion-by-retag', { bundles: true })).toEqual([
    ['SUCCEEDED, DEPLOYED'],
    [],
    ['decide: APPROVAL_GIVEN', 'SUCCEEDED, DEPLOYED'],
    ['SKIPPED, STAGE_REQUIRED'],
    ['SKIPPED, TAG_NOT_MATCHED'],
  ]);
  expect([running('staging/web'), running('production/web')]).toEqual([['healthy'], ['healthy']]);
});

test('migrations: a stage is deployed once its migration has succeeded', async () => {
  expect(await run('migrations')).toEqual([
    ['SUCCEEDED, DEPLOYED'],
    ['FAILED, BEFORE_TASK'],
    ['SKIPPED, QUARANTINED'],
    ['FAILED, TIMED_OUT'],
  ]);
  for (const service of ['staging/web', 'production/web', 'production/worker']) expect(running(service)).toEqual(['migrates']);
});

test('monorepo: services of one image change together or not at all', async () => {
  const results = await run('monorepo', { taskDefinitionFiles: { 'production/worker': 'examples/monorepo/worker.json' } });

  expect(results).toEqual([['SUCCEEDED, DEPLOYED'], ['ROLLED_BACK, UNHEALTHY'], ['SUCCEEDED, DEPLOYED']]);
  for (const service of ['production/api', 'production/worker', 'production/site']) expect(running(service)).toEqual(['healthy']);
});

test('verified: what is scanned is deployed, and is good after its bake', async () => {
  expect(await run('verified')).toEqual([
    ['SUCCEEDED, DEPLOYED'],
    ['FAILED, SCAN_FINDINGS'],
    ['ROLLED_BACK, CRASHED'],
    [],
    ['ROLLED_BACK, ALARM'],
  ]);
  expect(running('production/web')).toEqual(['healthy']);
});
