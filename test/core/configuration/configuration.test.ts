import { type Configuration, findService, findServices, repositoryOf, type Service } from '../../../core/configuration/configuration.js';

const service = (cluster: string, name: string, container?: string): Service => ({
  service: `${cluster}/${name}`,
  cluster,
  name,
  ...(container && { container }),
  timeoutSeconds: 1800,
});

const configuration: Configuration = {
  notifications: { sns: true },
  repositories: {
    'my-learn-app': {
      name: 'my-learn-app',
      tags: ['*'],
      stages: [
        { name: 'staging', services: [service('staging', 'web')] },
        { name: 'production', services: [service('production', 'web', 'app')] },
      ],
    },
    proxy: { name: 'proxy', tags: ['*'], stages: [{ name: 'everywhere', services: [service('production', 'web', 'proxy')] }] },
  },
};

test('a repository is found by its exact name', () => {
  expect(repositoryOf(configuration, 'my-learn-app')?.tags).toEqual(['*']);
});

test.each(['my-learn', 'my-learn-app-2', 'constructor', '__proto__', ''])('no repository is found by "%s"', (name) => {
  expect(repositoryOf(configuration, name)).toBeUndefined();
});

test('a service is found with its repository and its stage', () => {
  const found = findService(configuration, 'staging/web');

  expect([found?.repository.name, found?.stage.name, found?.service.name]).toEqual(['my-learn-app', 'staging', 'web']);
});

test('a service of two repositories is found in the given one, else in the first', () => {
  expect(findService(configuration, 'production/web', 'proxy')?.service.container).toBe('proxy');
  expect(findService(configuration, 'production/web')?.service.container).toBe('app');
  expect(findServices(configuration, 'production/web').map(({ repository }) => repository.name)).toEqual(['my-learn-app', 'proxy']);
});

test('a service that the file does not name is not found', () => {
  expect(findService(configuration, 'production/db')).toBeUndefined();
  expect(findService(configuration, 'staging/web', 'proxy')).toBeUndefined();
});
