import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scannedRepositories, verifyingAlarms } from '../../core/configuration/hooks.js';
import { readState } from '../../core/lease/service-state.js';
import type { Source } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';
import { ecsEventRules } from '../../stack/ecs-event-rules.js';
import { hookEventRules } from '../../stack/hook-event-rules.js';
import { machineRoles } from '../../stack/machine-roles.js';
import { pushRules } from '../../stack/push-rules.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { functionRoles } from '../../stack/roles.js';
import { loadSteps } from '../../stack/steps.js';
import type { Stack } from './packaged-stack.js';
import { appContainer, type Pipeline, type ServiceOptions } from './pipeline.js';
import { deploymentsOf, records, stateOf } from './table.js';

export const web = 'production/web';
export const worker = 'production/worker';
export const staging = 'staging/web';

/** The repository and the services of slipway.yml in other stages: only what functions read differs, so its packaging serves. */
export const staged = (...stages: readonly object[]): Stack => configured({ 'my-learn-app': { tags: ['main-*'], stages } });

/** The packaging of slipway.yml, with functions that read these repositories, and other settings. */
export const configured = (repositories: object, settings: object = {}): Stack => {
  const configuration = JSON.stringify({ repositories, notifications, ...settings });
  const folder = process.env.SLIPWAY_TEST_RUN ?? '';
  mkdirSync(folder, { recursive: true });
  const configurationFile = join(folder, `${createHash('sha256').update(configuration).digest('hex').slice(0, 12)}.yml`);
  writeFileSync(configurationFile, configuration);
  return { directory: '.serverless', configurationFile };
};

const notifications = { slack: { secret: 'slipway/slack' }, sns: true };

const { healthCheck: _, ...withoutHealthCheck } = appContainer;

/** An image that is never healthy works here: no check looks at its health. */
export const unchecked: ServiceOptions = { containers: [withoutHealthCheck] };

/** The same, and its rollouts replace one task after the other: one takes longer than another service takes to fail. */
export const slow: ServiceOptions = {
  ...unchecked,
  tasks: 6,
  deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 117 },
};

/** What the state of a service says of the images of the repository. */
export const sourceOf = async (pipeline: Pipeline, service: string): Promise<Source> =>
  readState(service, await stateOf(pipeline, service)).sources?.['my-learn-app'] ?? {};

/** The results of the deployments of a service, the oldest first. */
export const resultsOn = async (pipeline: Pipeline, service: string): Promise<Result[]> =>
  (await deploymentsOf(pipeline, service)).map(({ result }) => result);

export const releasesOf = (pipeline: Pipeline) => records(pipeline, 'repository#my-learn-app', 'release#');

/** The packaging of slipway.yml, with the roles, rules and functions that a configuration needs. */
export const templateFor = async ({ directory, configurationFile }: Stack): Promise<Record<string, unknown>> => {
  const template = JSON.parse(readFileSync(join(directory, 'cloudformation-template-update-stack.json'), 'utf8'));
  const configuration = readConfiguration(configurationFile);
  const { roles } = functionRoles(await loadSteps(), { stage: 'dev', configuration });
  const rules = {
    ...pushRules('dev', Object.keys(configuration.repositories)),
    ...ecsEventRules('dev', configuration),
    ...hookEventRules('dev', configuration),
  };
  const functions = {
    ...(verifyingAlarms(configuration).length > 0 && likeEcsEvents(template.Resources, 'Alarm', 'alarms')),
    ...(scannedRepositories(configuration).length > 0 && likeEcsEvents(template.Resources, 'Scan', 'scans')),
  };
  return { ...template, Resources: { ...template.Resources, ...functions, ...roles, ...machineRoles('dev', configuration), ...rules } };
};

/** The function that gets other events, as handleEcsEvent is packaged: in tests only the name of its handler says what runs. */
const likeEcsEvents = (resources: object, kind: string, rules: string): object => {
  const own = Object.entries(resources).filter(([id]) => id.startsWith('HandleEcsEvent') && !id.endsWith('Role'));
  const text = JSON.stringify(Object.fromEntries(own))
    .replaceAll(/andleEcsEvent(?!\.zip)/g, `andle${kind}Event`)
    .replaceAll('handle-ecs-event', `handle-${kind.toLowerCase()}-event`)
    .replaceAll('rule/slipway-dev-ecs-', `rule/slipway-dev-${rules}-`);
  return JSON.parse(text);
};

/** `configured`, deployed with the roles, rules and functions that it needs. */
export const hooked = async (repositories: object, settings: object = {}): Promise<Stack> => {
  const stack = configured(repositories, settings);
  return { ...stack, template: await templateFor(stack) };
};
