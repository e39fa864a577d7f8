import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Plan } from '../../functions/shared/plan.js';
import { appContainer, closePipelines, givenPipeline } from '../support/pipeline.js';
import { planOf, register, revisionsOf } from '../support/revisions.js';

afterEach(closePipelines);

const codesOf = ({ findings }: Plan['stages'][number]) =>
  findings.map(({ code, severity, service = '' }) => `${severity} ${code} ${service}`);

test('an image that a service cannot run is not deployed to any service of its stage, and plan has said so', async () => {
  const pipeline = await givenPipeline({
    services: { 'staging/web': {}, 'production/web': { containers: [{ ...appContainer, name: 'web' }] } },
  });
  const arm = await register(pipeline, 'staging-web', { runtimePlatform: { cpuArchitecture: 'ARM64' } });
  await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'staging', service: 'web', taskDefinition: arm }));
  await pipeline.runUntilIdle();
  const before = await revisionsOf(pipeline, 'staging-web');

  await pipeline.pushIndex('main-2', ['amd64', 'unknown']);
  const { stages } = await planOf(pipeline, { tag: 'main-2' });
  await pipeline.runUntilIdle();
  const [release] = await pipeline.executions('release');

  expect(stages.map(codesOf)).toEqual([
    ['block PLATFORM_MISMATCH staging/web'],
    ['block CONTAINER_MISSING production/web', 'block SERVICE_NOT_DEPLOYABLE production/worker'],
  ]);
  expect(release).toMatchObject({ outcome: 'FAILED', reason: 'PREFLIGHT', message: expect.stringContaining('arm64') });
  expect(await revisionsOf(pipeline, 'staging-web')).toEqual(before);
  expect(await pipeline.executions('deployment')).toEqual([]);

  await pipeline.pushIndex('main-3', ['amd64', 'arm64']);
  await pipeline.runUntilIdle();
  expect(await pipeline.executions('release')).toMatchObject([{}, { outcome: 'FAILED', reason: 'PREFLIGHT' }]);
  expect((await pipeline.executions('deployment')).map(({ outcome }) => outcome)).toEqual(['SUCCEEDED']);
});
