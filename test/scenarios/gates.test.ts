import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { entered } from '../support/waiting.js';

afterEach(closePipelines);

const minutes = 60_000;
const hours = 60 * minutes;
const stack = { directory: '.serverless', configurationFile: 'test/support/gates.yml' };
const decision = { repository: 'my-learn-app', stage: 'production', by: 'ada' };

const given = () => givenPipeline({ stack });

/** Pushes, and lets the release run until it waits at the gate of production. */
const waiting = async (pipeline: Pipeline, tag: string): Promise<{ readonly arn: string; readonly digest: string }> => {
  const before = (await pipeline.executions('release')).length;
  const digest = await pipeline.push(tag);
  await pipeline.account.clock.advance(15 * minutes);
  const { arn } = (await pipeline.executions('release'))[before] ?? { arn: '' };
  return { arn, digest };
};

test('a release waits for approval before production, and deploys it once it is approved', async () => {
  const pipeline = await given();
  const { arn, digest } = await waiting(pipeline, 'main-2');

  expect(pipeline.running('staging/web')).toEqual([digest]);
  expect(await pipeline.execution(arn)).toMatchObject({ status: 'RUNNING' });
  expect(await pipeline.invoke('decide', { command: 'approve', ...decision, digest })).toMatchObject({ reason: 'APPROVAL_GIVEN' });

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  for (const service of ['production/web', 'production/worker']) expect(pipeline.running(service)).toEqual([digest]);
});
