import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { appContainer, closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { deploymentsOf } from '../support/table.js';
import { atOnce, entered, waits } from '../support/waiting.js';

afterEach(closePipelines);

const web = 'production/web';
const worker = 'production/worker';
const { healthCheck: _, ...withoutHealthCheck } = appContainer;
/** An image that is never healthy fails in production/web alone. */
const services = { 'staging/web': { containers: [withoutHealthCheck] }, [web]: {}, [worker]: { containers: [withoutHealthCheck] } };

const lastOf = async (pipeline: Pipeline, service: string) => (await deploymentsOf(pipeline, service)).at(-1) ?? {};

const releaseOf = ({ account }: Pipeline, tag: string): string => {
  const isOf = (input: unknown): boolean => (input as { detail?: Record<string, string> }).detail?.['image-tag'] === tag;
  return account.services.states.executions().find(({ input }) => isOf(input))?.arn ?? '';
};

/** Another deployer's rollout of production/worker, which never ends: its tasks crash, and the service has no circuit breaker. */
const rollOutOutside = async (pipeline: Pipeline): Promise<void> => {
  await pipeline.push('outside', 'crashes-on-start');
  const { taskDefinition } = await pipeline.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'production-worker',
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ ...withoutHealthCheck, image: pipeline.imageUri('outside') }],
    }),
  );
  const [cluster, service] = worker.split('/');
  await pipeline.ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: taskDefinition?.taskDefinitionArn }));
};

test.each([
  ['AcquireLease', 'for the lease, which an operator’s deployment has'],
  ['RegisterRevision', 'for the rollout of another deployer'],
])('a service that waits in %s while another one of its stage fails is not begun, and ends at once: it waited %s', async (state) => {
  const pipeline = await givenPipeline({ services });
  await rollOutOutside(pipeline);
  await pipeline.push('other-1');
  if (state === 'AcquireLease') {
    const byHand = await pipeline.start('deployment', { service: worker, image: pipeline.imageUri('other-1'), by: 'ada' });
    await waits(pipeline, byHand, 'RegisterRevision');
  }
  const updates = () => pipeline.account.log.of('ecs', 'service-updated').filter(({ detail }) => detail.service === 'worker').length;
  const before = updates();

  await pipeline.push('main-2', 'never-healthy');
  await pipeline.account.clock.advance(5_000);
  const release = releaseOf(pipeline, 'main-2');
  expect(await pipeline.ended(release)).toMatchObject({
    outcome: 'ROLLED_BACK',
    reason: 'UNHEALTHY',
    message: expect.stringContaining(web),
  });
  const [failed, notBegun] = [await lastOf(pipeline, web), await lastOf(pipeline, worker)];
  expect(notBegun.result).toMatchObject({ outcome: 'FAILED', reason: 'STAGE_FAILED', message: expect.stringContaining(`${web} failed`) });
  const at = (arn: string, entering: string): number => entered(pipeline, arn, entering).at(-1) ?? Number.NaN;
  expect(at(notBegun.execution, 'CloseDeployment') - at(failed.execution, 'CloseDeployment')).toBeLessThan(atOnce);
  expect(at(notBegun.execution, 'CloseDeployment')).toBeGreaterThan(at(notBegun.execution, state));
  expect(updates()).toBe(before);
});
