import { CommandError } from '../../cli/command-error.js';
import { parseImage, resolveName, resolveRepository, resolveService } from '../../cli/names.js';

const digest = `sha256:${'a1'.repeat(32)}`;

const repository = (name: string, ...services: string[]) => ({
  repository: name,
  tags: ['*'],
  hasScan: false,
  stages: [
    {
      name: 'all',
      hasApproval: false,
      hasWindow: false,
      isProduction: false,
      services: services.map((service) => ({ service, timeoutSeconds: 600, alarms: [], hasBeforeTask: false })),
    },
  ],
});

const installation = {
  repositories: [
    repository('my-learn-app', 'production/web', 'staging/web', 'production/worker'),
    repository('team/app', 'production/web', 'team/app'),
    repository('sidecar', 'production/web'),
  ],
};

const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof CommandError && error.status === 64) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('the name of an image', () => {
  test.each([
    ['my-learn-app:main-7', { repository: 'my-learn-app', tag: 'main-7' }],
    [`my-learn-app:main-7@${digest}`, { repository: 'my-learn-app', tag: 'main-7', digest }],
    [`team/my-learn-app@${digest}`, { repository: 'team/my-learn-app', digest }],
  ])('%s', (text, image) => expect(parseImage(text)).toEqual(image));

  test.each([
    ['my-learn-app', 'my-learn-app has neither a tag nor a digest'],
    ['my-learn-app:', '"" is no tag'],
    ['my-learn-app:a b', '"a b" is no tag'],
    ['My-App:1', '"My-App" is no name of a repository'],
    ['', '"" is no name of a repository'],
    ['my-learn-app@sha256:abc', '"sha256:abc" is no digest'],
    [`my-learn-app@${digest}@${digest}`, `"${digest}@${digest}" is no digest`],
    ['my-learn-app:x@', '"" is no digest'],
    ['my-learn-app:\u001b[31mx', '"\\u001b[31mx" is no tag'],
  ])('%j is rejected with what is wrong', (text, message) => {
    expect(messageOf(() => parseImage(text))).toContain(message);
    expect(messageOf(() => parseImage(text))).toContain('expected repository:tag');
  });

  test('a registry is not silently ignored: the message has what to write instead', () =>
    expect(messageOf(() => parseImage('123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:main-7'))).toBe(
      'the image is named without its registry, which is that of the stack: my-learn-app:main-7',
    ));
});

describe('the name of a service or a repository', () => {
  test('is resolved by what the stack has', () => {
    expect(resolveName('production/web', installation)).toEqual({ service: 'production/web' });
    expect(resolveName('my-learn-app', installation)).toEqual({ repository: 'my-learn-app' });
  });

  test('one that is both needs an option', () => {
    expect(messageOf(() => resolveName('team/app', installation))).toContain('say which, with --service or --repository');
    expect(resolveName('team/app', installation, { service: true })).toEqual({ service: 'team/app' });
    expect(resolveName('team/app', installation, { repository: true })).toEqual({ repository: 'team/app' });
    expect(messageOf(() => resolveName('team/app', installation, { service: true, repository: true }))).toContain('exclude each other');
  });

  test('an option lets a service through that is no longer configured: it has a history', () =>
    expect(resolveName('production/old', installation, { service: true })).toEqual({ service: 'production/old' }));

  test.each([
    ['prodction/web', 'did you mean production/web?'],
    ['my-learnapp', 'did you mean my-learn-app?'],
    ['worker', 'did you mean production/worker?'],
    ['web', 'did you mean production/web or staging/web?'],
    ['something/else', 'which names production/web, staging/web, production/worker, team/app, my-learn-app and 2 more'],
  ])('%s: %s', (name, message) => expect(messageOf(() => resolveName(name, installation))).toContain(message));

  test('of the other kind: says so', () => {
    expect(resolveService('staging/web', installation)).toBe('staging/web');
    expect(resolveRepository('sidecar', installation)).toBe('sidecar');
    expect(messageOf(() => resolveService('my-learn-app', installation))).toContain('"my-learn-app" is a repository, not a service');
    expect(messageOf(() => resolveRepository('staging/web', installation))).toContain('"staging/web" is a service, not a repository');
    expect(messageOf(() => resolveService('\u001b[2J', installation))).toContain('"\\u001b[2J" is no service');
  });
});
