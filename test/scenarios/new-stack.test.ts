import { readFileSync } from 'node:fs';
import { fromSource } from '../../cli/from-source.js';
import { createEmulator } from '../../emulator/emulator.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { givenPackagedStack, laterPackaging } from '../support/packaged-stack.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

afterEach(closePipelines);

type Template = ReturnType<typeof laterPackaging>;

const packaged = readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8');

/** A later packaging, in which a state has another name. */
const nextTemplate = (packagedAt = '2'): Template =>
  laterPackaging(packaged.replaceAll('IsRolloutComplete', 'IsRolloutCompleteAsOfNext'), packagedAt);

/** The same with a resource at the end that cannot be created. */
const failing = ({ Resources }: Template): Template => {
  const role = 'arn:aws:iam::123456789012:role/none';
  const Broken = {
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Bucket: 'b', S3Key: 'k' }, Handler: 'a.b', Runtime: 'nodejs24.x', Role: role },
  };
  return { Resources: { ...Resources, Broken: Broken as Template['Resources'][string] } };
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

  await pipeline.deployStack(nextTemplate());
  await pipeline.runUntilIdle();

  const [release] = await pipeline.executions('release');
  expect(release).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  for (const service of ['staging/web', 'production/web', 'production/worker']) expect(pipeline.running(service)).toEqual([digest]);
  expect(pipeline.messages()).toHaveLength(1);
  // The gates of a stage are those of the stack that is deployed.
  expect(versions(pipeline, release?.arn ?? '')).toEqual(['1', 'slipway-dev-passGates']);
  const [staging, ...production] = await pipeline.executions('deployment');
  expect(await pipeline.path(staging?.arn ?? '')).toContain('IsRolloutComplete');
  expect(await pipeline.path(staging?.arn ?? '')).not.toContain('IsRolloutCompleteAsOfNext');
  expect(versions(pipeline, staging?.arn ?? '')).toEqual(['1']);
  // The release's next stage starts executions of the machine as it is by then.
  expect(production).toHaveLength(2);
  for (const { arn } of production) {
    expect(await pipeline.path(arn)).toContain('IsRolloutCompleteAsOfNext');
    expect(versions(pipeline, arn)).toEqual(['2']);
  }
});

test.each([
  ['source', false],
  ['bundles', true],
])('with functions from %s, a version keeps its configuration, and $LATEST has that of the last packaging', async (_, bundles) => {
  const pipeline = await givenPipeline({
    bundles,
    stack: await givenPackagedStack('test/support/one-service.yml', { bundles }),
    services: { 'production/web': {}, 'production/service-1': {} },
  });
  const { clock, log } = pipeline.account;
  const hold = (service: string, version = '$LATEST') =>
    pipeline.invoke(`control:${version}`, { command: 'hold', service, by: 'an operator', reason: 'a test' });
  const digest = await pipeline.push('main-2', 'slow-to-start');
  await clock.run({ until: () => log.of('ecs', 'service-updated').length > 0 });

  await pipeline.deployAgain(await givenPackagedStack('test/support/many-services.yml', { bundles }));
  const answers = [await hold('production/service-1'), await hold('production/web'), await hold('production/web', '1')];
  await pipeline.runUntilIdle();

  expect(answers).toMatchObject([{ reason: 'HELD' }, { reason: 'INVALID_INPUT' }, { reason: 'HELD' }]);
  expect((await pipeline.executions('release'))[0]).toMatchObject({ outcome: 'SUCCEEDED', reason: 'DEPLOYED' });
  expect(pipeline.running('production/web')).toEqual([digest]);
});

test('a deployment that fails meanwhile is rolled back, and reported once', async () => {
  const pipeline = await givenPipeline();
  const { clock, log } = pipeline.account;
  const [before] = pipeline.running('staging/web');
  await pipeline.push('main-2', 'crashes-on-start');
  await clock.run({ until: () => log.of('ecs', 'service-updated').length > 0 });

  await pipeline.deployStack(nextTemplate());
  await pipeline.runUntilIdle();

  expect((await pipeline.executions('release'))[0]).toMatchObject({ outcome: 'ROLLED_BACK' });
  expect(pipeline.running('staging/web')).toEqual([before]);
  expect(pipeline.messages()).toHaveLength(1);
});

test('a first deployment of the stack that fails does not block the next one', async () => {
  const emulator = createEmulator({ functionCode: await fromSource(readConfiguration('slipway.yml')) });
  const deploy = (template: Template) => emulator.deploy({ template, stackName: 'slipway-dev' });

  await expect(deploy(failing(JSON.parse(packaged) as Template))).rejects.toThrow('cannot be assumed by Lambda');
  const { resources } = await deploy(nextTemplate());
  await emulator.account.clock.advance(600_000);
  const failed = emulator.account.log.of('lambda', 'failed');
  await emulator.close();

  expect(resources.Table?.ref).toBe('slipway-dev');
  expect(failed).toEqual([]);
});

test('after an update of the stack that failed, the next packaging is deployed; the same one could not be', async () => {
  const pipeline = await givenPipeline();

  await expect(pipeline.deployStack(failing(nextTemplate('2')))).rejects.toThrow('cannot be assumed by Lambda');
  await expect(pipeline.deployStack(nextTemplate('2'))).rejects.toThrow('A version for this Lambda function exists ( 2 )');
  await pipeline.deployStack(nextTemplate('3'));

  expect(await pipeline.release('main-2')).toMatchObject({ outcome: 'SUCCEEDED' });
});
