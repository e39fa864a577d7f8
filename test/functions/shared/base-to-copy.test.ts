import type { Configuration } from '../../../core/configuration/configuration.js';
import { baseToCopy } from '../../../functions/shared/base-to-copy.js';
import { image, registry, revisionArn } from '../../core/given.js';
import { configured, revisionOf } from '../given-preflight.js';

const appOf = (tag: string) => ({ name: 'app', image: `${registry}/my-learn-app:${tag}` });
const proxyOf = (tag: string) => ({ name: 'proxy', image: `${registry}/my-proxy:${tag}` });
const withContainers = (number: number, ...containerDefinitions: object[]) => ({
  revision: revisionArn(number),
  ...revisionOf(number, { definition: { containerDefinitions } }),
});

/** A service that my-proxy deploys, too. */
const twoSources = (): Configuration => {
  const { repositories, ...rest } = configured([{ base: 'latest' }]);
  const stages = configured([{ container: 'proxy' }]).repositories['my-learn-app']?.stages ?? [];
  return { ...rest, repositories: { ...repositories, 'my-proxy': { name: 'my-proxy', tags: ['v*'], stages } } };
};

const copied = async (latest: ReturnType<typeof withContainers>) => {
  const current = withContainers(7, appOf('main-7'), proxyOf('v7'));
  const taskDefinitions = { active: async () => [latest.revision, current.revision], describe: async () => latest };
  const { source } = await baseToCopy({ configuration: twoSources(), taskDefinitions }, { service: 'production/s0', image }, current, [
    'app',
  ]);
  return source.definition.containerDefinitions?.map((one) => one.image);
};

test('containers of other sources keep the images that they run, and others have those of the newest revision', async () => {
  const latest = withContainers(8, { name: 'tracer', image: 'tracer:2' }, appOf('placeholder'), proxyOf('placeholder'));

  expect(await copied(latest)).toEqual(['tracer:2', `${registry}/my-learn-app:placeholder`, `${registry}/my-proxy:v7`]);
});

test('a container of another source that the newest revision lacks is not brought back', async () => {
  expect(await copied(withContainers(8, appOf('placeholder')))).toEqual([`${registry}/my-learn-app:placeholder`]);
});
