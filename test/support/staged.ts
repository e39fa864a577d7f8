import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readState } from '../../core/lease/service-state.js';
import type { Source } from '../../core/records/records.js';
import type { Result } from '../../core/result/result.js';
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
