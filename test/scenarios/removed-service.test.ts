import { readFileSync } from 'node:fs';
import type { Configuration } from '../../core/configuration/configuration.js';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { keepPermissions, type Template } from '../../stack/kept-permissions.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { functionRoles } from '../../stack/roles.js';
import { loadSteps } from '../../stack/steps.js';
import { closePipelines, givenPipeline } from '../support/pipeline.js';

afterEach(closePipelines);

const deployedTemplate = (): Template => JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8'));

/** slipway.yml without production/worker. */
const withoutWorker = (): Configuration => {
  const configuration = readConfiguration('slipway.yml');
  for (const { stages } of Object.values(configuration.repositories))
    for (const stage of stages) stage.services = stage.services.filter(({ service }) => service !== 'production/worker');
  return configuration;
};

const templateWithout = async (): Promise<Template> => {
  const { roles } = functionRoles(await loadSteps(), { stage: 'dev', configuration: withoutWorker() });
  const template = deployedTemplate();
  return { ...template, Resources: { ...template.Resources, ...roles } };
};

/** The stack is updated without the service while a deployment of it waits for its rollout. */
const updatedMeanwhile = async (behaviour: Behaviour, update: (template: Template) => void) => {
  const pipeline = await givenPipeline();
  const [before = ''] = pipeline.running('production/worker');
  const digest = await pipeline.push('other', behaviour);
  const execution = await pipeline.start('deployment', { service: 'production/worker', image: pipeline.imageUri('other') });
  const { clock, log } = pipeline.account;
  await clock.run({ until: () => log.of('ecs', 'service-updated').length === 1 });

  const template = await templateWithout();
  update(template);
  await pipeline.deployStack({ ...template });
  return { pipeline, deployment: await pipeline.ended(execution), before, digest };
};

const asDeployed = (template: Template): void => {
  keepPermissions(template, deployedTemplate());
};

test.each<[Behaviour, string]>([
  ['healthy', 'SUCCEEDED'],
  ['crashes-on-start', 'ROLLED_BACK'],
])('a %s deployment of a service that a deploy takes out ends %s', async (behaviour, outcome) => {
  const { pipeline, deployment, before, digest } = await updatedMeanwhile(behaviour, asDeployed);

  expect(deployment).toMatchObject({ outcome });
  expect(pipeline.running('production/worker')).toEqual([outcome === 'SUCCEEDED' ? digest : before]);
});

test('without what the deploy keeps, such a deployment is denied its service', async () => {
  const { deployment } = await updatedMeanwhile('healthy', () => {});

  expect(deployment).toMatchObject({ outcome: 'UNKNOWN', reason: 'AWS_ERROR' });
});
