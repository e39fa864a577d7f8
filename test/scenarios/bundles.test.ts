import { readFileSync } from 'node:fs';
import { closePipelines, givenPipeline } from '../support/pipeline.js';

afterEach(closePipelines);

/** What is uploaded, run as Lambda runs it: each function's packaged bundle in a worker, with its own environment and role. */
test('the packaged bundles deploy a healthy image, take a broken one back, and tell Slack of both', async () => {
  const pipeline = await givenPipeline({
    bundles: true,
    services: { 'staging/web': { tasks: 1 }, 'production/web': {}, 'production/worker': {} },
  });
  const [before] = pipeline.running('staging/web');

  const good = await pipeline.release('main-2');
  const bad = await pipeline.release('main-3', 'crashes-on-start');

  expect(good).toMatchObject({ outcome: 'SUCCEEDED', sentence: '3 of 3 services run it' });
  expect(bad).toMatchObject({ outcome: 'ROLLED_BACK' });
  expect(before).not.toBe(good.digest);
  expect(pipeline.running('staging/web')).toEqual([good.digest]);
  expect(pipeline.slack.received).toMatchObject([
    { text: expect.stringContaining('SUCCEEDED: my-learn-app main-2') },
    { text: expect.stringContaining('ROLLED_BACK: my-learn-app main-3') },
  ]);

  // Time for what comes on a schedule.
  await pipeline.world.clock.advance(3_700_000);

  const template = JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { FunctionName?: string } }>;
  };
  const functions = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' ? [Properties.FunctionName] : [],
  );
  const answered = new Set(pipeline.world.log.of('lambda', 'answered').map(({ detail }) => detail.function));
  expect([...answered].sort()).toEqual(functions.sort());
  expect(pipeline.world.log.of('lambda', 'failed')).toEqual([]);
});
