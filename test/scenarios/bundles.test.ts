import { readFileSync } from 'node:fs';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

/** The lines of the embedded metric format in the log of closeDeployment. */
const metricsOf = async ({ emulator }: Pipeline): Promise<object[]> => {
  const logs = new CloudWatchLogsClient(emulator.clientConfig());
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/slipway-dev-closeDeployment' }));
  return events.flatMap(({ message = '' }) => (message.startsWith('{"_aws"') ? [JSON.parse(message) as object] : []));
};

/** What is uploaded, run as Lambda runs it: each function's packaged bundle in a worker, with its own environment and role. */
test('the packaged bundles deploy a healthy image, roll a broken one back, and post both to Slack', async () => {
  const pipeline = await givenPipeline({
    bundles: true,
    services: { 'staging/web': { tasks: 1 }, 'production/web': {}, 'production/worker': {} },
  });
  const [before] = pipeline.running('staging/web');

  const good = await pipeline.release('main-2');
  const bad = await pipeline.release('main-3', 'crashes-on-start');

  expect(good).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  expect(bad).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'CRASHED' });
  expect(before).not.toBe(good.digest);
  expect(pipeline.running('staging/web')).toEqual([good.digest]);
  expect(pipeline.slack.received).toMatchObject([{ text: expect.stringContaining('main-2') }, { text: expect.stringContaining('main-3') }]);

  expect(await metricsOf(pipeline)).toMatchObject([
    { stage: 'dev', service: 'staging/web', outcome: 'SUCCEEDED' },
    { service: expect.stringMatching(/^production/), outcome: 'SUCCEEDED' },
    { service: expect.stringMatching(/^production/), outcome: 'SUCCEEDED' },
    { service: 'staging/web', outcome: 'ROLLED_BACK', DetectionTime: expect.any(Number) },
  ]);

  const hold = await pipeline.control('hold', 'production/web', { until: '1h' });
  expect(hold).toMatchObject({ outcome: 'SUCCEEDED', reason: 'HELD' });

  // Time for what comes on a schedule.
  await pipeline.account.clock.advance(3_700_000);

  const template = JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { FunctionName?: string } }>;
  };
  const functions = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' ? [Properties.FunctionName] : [],
  );
  const answered = new Set(pipeline.account.log.of('lambda', 'answered').map(({ detail }) => detail.function));
  expect([...answered].sort()).toEqual(functions.sort());
  expect(pipeline.account.log.of('lambda', 'failed')).toEqual([]);
});
