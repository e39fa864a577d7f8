import { readFileSync } from 'node:fs';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

/** The next packaging: a state has another name, and every function another setting, and so another version. */
const nextTemplate = (): Record<string, unknown> => {
  const text = readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8');
  const template = JSON.parse(text.replaceAll(/\b(\w+LambdaVersion\w+)/g, '$1Next').replaceAll('WaitForRollout', 'WaitAsOfNext')) as {
    Resources: Record<string, { Type: string; Properties: { Environment?: { Variables?: Record<string, unknown> } } }>;
  };
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::Lambda::Function') Properties.Environment = { Variables: { ...Properties.Environment?.Variables, NEXT: 'yes' } };
  return template;
};

/** Versions of the functions that an execution called. */
const versions = ({ account }: Pipeline, arn: string): string[] => {
  const called = account.services.states.history(arn).flatMap(({ taskScheduledEventDetails }) => {
    const { FunctionName = '' } = JSON.parse(String(taskScheduledEventDetails?.parameters ?? '{}')) as { FunctionName?: string };
    return FunctionName ? [FunctionName.split(':').at(-1) ?? ''] : [];
  });
  return [...new Set(called)];
};

test('a deployment keeps its state machine and functions when the stack is deployed meanwhile', async () => {
  const pipeline = await givenPipeline();
  const { clock, log } = pipeline.account;
  const digest = await pipeline.push('main-2', 'slow-to-start');
  await clock.run({ until: () => log.of('ecs', 'service-updated').length > 0 });

  await pipeline.deployStack(nextTemplate(), false);
  await pipeline.runUntilIdle();

  const [release] = await pipeline.executions('release');
  expect(release).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  for (const service of ['staging/web', 'production/web', 'production/worker']) expect(pipeline.running(service)).toEqual([digest]);
  expect(pipeline.messages()).toHaveLength(1);
  expect(versions(pipeline, release?.arn ?? '')).toEqual(['1']);
  const [staging, ...production] = await pipeline.executions('deployment');
  expect(await pipeline.path(staging?.arn ?? '')).toContain('WaitForRollout');
  expect(await pipeline.path(staging?.arn ?? '')).not.toContain('WaitAsOfNext');
  expect(versions(pipeline, staging?.arn ?? '')).toEqual(['1']);
  // The release's next stage starts executions of the machine as it is by then.
  expect(production).toHaveLength(2);
  for (const { arn } of production) {
    expect(await pipeline.path(arn)).toContain('WaitAsOfNext');
    expect(versions(pipeline, arn)).toEqual(['2']);
  }
});

test('a deployment that fails meanwhile is rolled back, and reported once', async () => {
  const pipeline = await givenPipeline();
  const { clock, log } = pipeline.account;
  const [before] = pipeline.running('staging/web');
  await pipeline.push('main-2', 'crashes-on-start');
  await clock.run({ until: () => log.of('ecs', 'service-updated').length > 0 });

  await pipeline.deployStack(nextTemplate(), false);
  await pipeline.runUntilIdle();

  expect((await pipeline.executions('release'))[0]).toMatchObject({ outcome: 'ROLLED_BACK' });
  expect(pipeline.running('staging/web')).toEqual([before]);
  expect(pipeline.messages()).toHaveLength(1);
});
