import { readFileSync } from 'node:fs';
import pico from 'picocolors';
import { readyOf, readyText } from '../../cli/ready.js';
import { readConfiguration } from '../../stack/read-configuration.js';

const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

const textFor = (file: string, page?: string): string => {
  const ready = readyOf({
    url: 'http://127.0.0.1:4566',
    region: 'eu-west-1',
    accountId: '123456789012',
    configuration: readConfiguration(file),
    machine: (name) => `arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-${name}`,
    imageUri: (image) => `${registry}/${image}`,
  });
  const now = new Date('2026-11-23T09:00:05Z');
  return readyText(
    { ...ready, ...(page !== undefined && { page }) },
    { root: '/home/ada/slip way', now, speed: 10, terminal: { width: 80, colors: pico.createColors(false) } },
  );
};

/** Commands to paste, each on one line. */
const commandsIn = (text: string): string[] =>
  text
    .replace(/ \\\n +/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('aws '));

test('every configured repository gets a healthy and a crashing image, with tags of its first pattern', () => {
  const put = (repository: string, tag: string, image: string) =>
    `aws --endpoint-url http://127.0.0.1:4566 ecr put-image --repository-name ${repository} --image-tag ${tag} --image-manifest file://events/images/${image}.json`;

  expect(commandsIn(textFor('test/cli/two-repositories.yml')).slice(0, 4)).toEqual([
    put('shop/api', 'release-2', 'healthy'),
    put('shop/api', 'release-3', 'crashes-on-start'),
    put('shop/proxy', 'latest', 'healthy'),
    put('shop/proxy', 'latest', 'crashes-on-start'),
  ]);
});

test('the command line deploys to a configured service, and holds it', () => {
  const lines = textFor('test/cli/two-repositories.yml').split('\n');

  expect(lines).toEqual(
    expect.arrayContaining([
      "  npx --no-install slipway deploy shop/api:release-1 --service live/shop --reason 'try it' --stage dev",
      "  npx --no-install slipway hold live/shop --reason 'try it' --stage dev",
      '  npx --no-install slipway status --stage dev',
    ]),
  );
});

test('a stage with approval gets the command that approves the healthy image', () => {
  const [, digest = ''] =
    /slipway approve my-learn-app production --digest (\S+) --stage dev$/m.exec(textFor('examples/staging-production/slipway.yml')) ?? [];

  expect(digest).toMatch(/^sha256:/);
  expect(readFileSync('examples/staging-production/README.md', 'utf8')).toContain(digest);
});

test('the tags of a stage are listed with it, and one that reaches a stage is pushed', () => {
  const text = textFor('examples/promotion-by-retag/slipway.yml');

  expect(text).toContain('staging/web  tags main-*');
  expect(text).toContain('# a healthy image for my-learn-app: main-2 reaches staging\n');
  expect(commandsIn(text)[0]).toContain('--image-tag main-2');
});

test('a stage that takes other tags gets one of its own, and is approved after that', () => {
  const text = textFor('examples/promotion-by-retag/slipway.yml');

  expect(text).toContain('# the same image: v1.0.2 reaches production\n');
  expect(text.indexOf('slipway approve')).toBeGreaterThan(text.indexOf('--image-tag v1.0.2'));
  expect(commandsIn(text)[1]).toContain('--image-tag v1.0.2 --image-manifest file://events/images/healthy.json');
});

test('what each stage waits for is listed, and the time of the account by which its window opens', () => {
  const text = textFor('examples/staging-production/slipway.yml');

  expect(text).toContain('# a healthy image for my-learn-app: main-2 reaches staging, then production\n');
  for (const gate of ['it requires staging', 'it needs approval', 'its window is mon-thu 09:00-16:00 Europe/Berlin'])
    expect(text).toContain(`                 ${gate}\n`);
  expect(text).toContain('Mon 2026-11-23 09:00 UTC, and time runs 10 times');
});

test('commands that do not name the endpoint find the emulator, too', () => {
  expect(textFor('slipway.yml')).toContain('AWS_ENDPOINT_URL=http://127.0.0.1:4566\n');
});

test('repositories, stages and services of the configuration are listed, and none of the example', () => {
  const text = textFor('test/cli/two-repositories.yml');

  for (const name of ['shop/api  tags release-?', 'shop/proxy  tags latest', 'dev/api', 'qa/api', 'live/shop'])
    expect(text).toContain(name);
  expect(text).not.toContain('my-learn-app');
});

test('a folder with a space is quoted for the shell', () => {
  expect(textFor('slipway.yml')).toContain("cd '/home/ada/slip way'");
});

test('a before task is listed with its stage, and an image is pushed whose migration fails', () => {
  const text = textFor('test/cli/hooks.yml');

  expect(text).toContain('before its services, once: npm run migrate\n');
  expect(text).toContain('# one whose migration fails: it is not deployed to live/shop\n');
  expect(commandsIn(text)[2]).toContain('--image-tag release-4 --image-manifest file://events/images/migration-fails.json');
});

test('the first stage of a repository with scans says what the scan of the image must not find', () => {
  expect(
    textFor('test/support/hooks.yml')
      .replace(/\s+/g, ' ')
      .match(/no finding of severity HIGH or higher/g),
  ).toHaveLength(1);
});

test('what comes before and after the rollout of a service is listed, with an image and an alarm to try it', () => {
  const text = textFor('examples/verified/slipway.yml');

  expect(text.replace(/\s+/g, ' ')).toContain(
    'after the rollout of production/web: https://example.com/health, a bake of 15 min, alarm web-5xx',
  );
  expect(commandsIn(text)[2]).toContain('--image-tag main-5 --image-manifest file://events/images/vulnerable.json');
  expect(commandsIn(text)[3]).toContain('cloudwatch set-alarm-state --alarm-name web-5xx --state-value ALARM');
  expect(textFor('slipway.yml')).not.toContain('set-alarm-state');
});

test('the address of the page is the first line, and there is none without a page', () => {
  const [first, ...others] = textFor('slipway.yml', 'http://127.0.0.1:4567/').split('\n');

  expect(first).toBe('The page is at http://127.0.0.1:4567/');
  expect(others).toEqual(textFor('slipway.yml').split('\n'));
});
