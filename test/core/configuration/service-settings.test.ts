import { limitsOf, settingsOf } from '../../../core/configuration/service-settings.js';
import { configuration } from '../given.js';

test('a service has the stage, the container and the timeout of slipway.yml', () => {
  expect(settingsOf(configuration, 'production/web', 'my-learn-app')).toEqual({
    repository: 'my-learn-app',
    stage: 'production',
    container: 'app',
    strategies: [],
    timeoutSeconds: 1800,
    maxFailedTasks: undefined,
    placementTimeoutSeconds: 600,
  });
  expect(settingsOf(configuration, 'production/worker', 'my-learn-app')).toEqual({
    repository: 'my-learn-app',
    stage: 'production',
    container: undefined,
    strategies: [],
    timeoutSeconds: 600,
    maxFailedTasks: undefined,
    placementTimeoutSeconds: 600,
  });
});

test('without a repository a service has the settings of the first one that deploys it', () => {
  expect(settingsOf(configuration, 'production/web')).toMatchObject({ repository: 'my-learn-app', stage: 'production' });
});

test.each(['my-learn-app', undefined])('a service that slipway.yml does not name is rejected (repository: %s)', (repository) => {
  expect(() => settingsOf(configuration, 'production/other', repository)).toThrow(
    expect.objectContaining({
      name: 'RejectedInput',
      message: 'service production/other is not in slipway.yml; expected cluster/service of an entry: add it and deploy the stack',
    }),
  );
});

test.each(['my-learn', 'my-learn-app-two', '__proto__'])('a service that the repository %s does not deploy is rejected', (repository) => {
  expect(() => settingsOf(configuration, 'production/web', repository)).toThrow(
    `service production/web is deployed from my-learn-app, not from ${repository}; expected an image of a repository that deploys it in slipway.yml`,
  );
});

describe('the limits of a rollout in progress', () => {
  test.each(['my-learn-app', 'a repository that deployed it before', undefined])(
    'are those of its service (repository: %s)',
    (repository) => {
      expect(limitsOf(configuration, 'production/worker', repository)).toEqual({
        timeoutSeconds: 600,
        maxFailedTasks: undefined,
        placementTimeoutSeconds: 600,
      });
    },
  );

  test('are the defaults if slipway.yml no longer names its service', () => {
    expect(limitsOf(configuration, 'production/other', 'my-learn-app')).toEqual({
      timeoutSeconds: 1800,
      maxFailedTasks: undefined,
      placementTimeoutSeconds: 600,
    });
  });
});

test('a mistyped service is rejected with the name that was probably meant', () => {
  expect(() => settingsOf(configuration, 'production/webb')).toThrow('did you mean production/web? Else add it and deploy the stack');
});
