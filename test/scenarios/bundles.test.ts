import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient, PutImageScanningConfigurationCommand } from '@aws-sdk/client-ecr';
import { createVerifiers } from '../../cli/account.js';
import { configuredServices } from '../../core/configuration/configuration.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { givenPackagedStack, type Stack } from '../support/packaged-stack.js';
import { closePipelines, givenPipeline, type Pipeline, repository } from '../support/pipeline.js';
import { tokensOf, waits } from '../support/waiting.js';

afterEach(closePipelines);

/** What a function has written to its log. */
const linesOf = async ({ emulator }: Pipeline, name: string): Promise<string[]> => {
  const logs = new CloudWatchLogsClient(emulator.clientConfig());
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/slipway-dev-${name}` }));
  return events.map(({ message = '' }) => message);
};

/** The lines of the embedded metric format in the log of closeDeployment. */
const metricsOf = async (pipeline: Pipeline): Promise<object[]> =>
  (await linesOf(pipeline, 'closeDeployment')).flatMap((line) => (line.startsWith('{"_aws"') ? [JSON.parse(line) as object] : []));

/** What the hooks of a stack need: scans on push, and what verifies its services. */
const withHooks = async (pipeline: Pipeline, { configurationFile }: Stack): Promise<void> => {
  const imageScanningConfiguration = { scanOnPush: true };
  await new ECRClient(pipeline.emulator.clientConfig()).send(
    new PutImageScanningConfigurationCommand({ repositoryName: repository, imageScanningConfiguration }),
  );
  const services = configuredServices(readConfiguration(configurationFile));
  await createVerifiers(
    pipeline.emulator,
    services.flatMap(({ service }) => service.verify ?? []),
  );
};

/** What is uploaded, run as Lambda runs it: each function's packaged bundle in a worker, with its own environment and role. */
test('the packaged bundles deploy a healthy image, roll a broken one back, and post both to Slack', async () => {
  const stack = await givenPackagedStack('test/support/hooks.yml', { bundles: true });
  const pipeline = await givenPipeline({
    bundles: true,
    stack,
    services: { 'staging/web': { tasks: 1 }, 'production/web': {}, 'production/worker': {} },
  });
  await withHooks(pipeline, stack);
  const [before] = pipeline.running('staging/web');

  const good = await pipeline.release('main-2');
  const bad = await pipeline.release('main-3', 'never-healthy');

  expect(good).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  expect(bad).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'UNHEALTHY' });
  expect(before).not.toBe(good.digest);
  expect(pipeline.running('staging/web')).toEqual([good.digest]);
  expect(pipeline.slack.received).toMatchObject([{ text: expect.stringContaining('main-2') }, { text: expect.stringContaining('main-3') }]);

  expect(await metricsOf(pipeline)).toMatchObject([
    { stage: 'dev', service: 'staging/web', outcome: 'SUCCEEDED' }, // the before task of the stage
    { service: 'staging/web', outcome: 'SUCCEEDED' },
    { service: expect.stringMatching(/^production/), outcome: 'SUCCEEDED' },
    { service: expect.stringMatching(/^production/), outcome: 'SUCCEEDED' },
    { service: 'staging/web', outcome: 'SUCCEEDED' },
    { service: 'staging/web', outcome: 'ROLLED_BACK', DetectionTime: expect.any(Number) },
  ]);

  const hold = await pipeline.control('hold', 'production/web', { until: '1h' });
  expect(hold).toMatchObject({ outcome: 'SUCCEEDED', reason: 'HELD' });

  const decided = await pipeline.invoke('decide', {
    command: 'approve',
    repository: 'my-learn-app',
    stage: 'production',
    digest: good.digest,
  });
  expect(decided).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT' });
  const image = { repository: 'my-learn-app', tag: 'main-2' };
  for (const query of ['plan', 'explain', 'release']) expect(await pipeline.invoke('query', { query, ...image })).toHaveProperty(query);

  const alarm = { AlarmName: 'web-5xx', StateValue: 'ALARM', StateReason: 'errors' } as const;
  await new CloudWatchClient(pipeline.emulator.clientConfig()).send(new SetAlarmStateCommand(alarm));

  // Time for what comes on a schedule.
  await pipeline.account.clock.advance(3_700_000);

  const template = JSON.parse(readFileSync(join(stack.directory, 'cloudformation-template-update-stack.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { FunctionName?: string } }>;
  };
  const functions = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' ? [Properties.FunctionName] : [],
  );
  const answered = new Set(pipeline.account.log.of('lambda', 'answered').map(({ detail }) => detail.function));
  expect([...answered].sort()).toEqual([...functions, 'my-verifier'].sort());
  expect(pipeline.account.log.of('lambda', 'failed')).toEqual([]);
});

test('the packaged bundles wait for the rollout of another deployer, for the lease and for their own rollout, and no token is in a log', async () => {
  const pipeline = await givenPipeline({ bundles: true, services: { 'production/web': {} } });
  await pipeline.push('other-1');
  const digest = await pipeline.push('other-2');
  await pipeline.forceNewDeployment('production/web');
  const start = (tag: string) => pipeline.start('deployment', { service: 'production/web', image: pipeline.imageUri(tag) });

  const first = await start('other-1');
  await waits(pipeline, first, 'RegisterRevision');
  const second = await start('other-2');
  await waits(pipeline, second, 'AcquireLease');
  await waits(pipeline, first, 'WatchRollout');

  for (const execution of [first, second]) expect(await pipeline.ended(execution)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
  const tokens = [first, second].flatMap((execution) => tokensOf(pipeline, execution));
  expect(tokens.length).toBeGreaterThan(8);
  for (const name of ['acquireLease', 'registerRevision', 'watchRollout', 'closeDeployment', 'handleEcsEvent']) {
    const lines = await linesOf(pipeline, name);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => tokens.some((token) => line.includes(token)))).toEqual([]);
  }
});
