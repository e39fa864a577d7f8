import { createRequire } from 'node:module';
import { defaultBundle, packagedBundle } from '../../bench/bundles.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import { loadConfig } from '../../stack/bundle-stubs/configuration-files.js';
import { RE2JS } from '../../stack/bundle-stubs/re2js.js';
import { resolveRetryConfig } from '../../stack/bundle-stubs/retry.js';

const configuration = { notifications: { sns: true }, repositories: {} };

test.each([
  ['shared configuration files', 'AWS_CONFIG_FILE'],
  ['the credential chain', 'AWS_CONTAINER_CREDENTIALS'],
  ["EC2's instance metadata", '/latest/meta-data'],
  ['retries', 'retry-after'],
  ['SHA-256 in JavaScript', '1116352408'],
  ['a class for each error', 'com.amazonaws.ecs#ClientException'],
])('a packaged function does not contain %s, which the SDK brings', async (_, sign) => {
  const [packaged, byDefault] = await Promise.all(
    [packagedBundle, defaultBundle].map((bundle) => bundle('functions/deployment/watch-rollout.ts', configuration)),
  );

  expect(packaged?.text).not.toContain(sign);
  expect(byDefault?.text).toContain(sign);
});

describe('a packaged function contains of the libraries for tags what slipway.yml needs', () => {
  const withTags = (ofRepository: string[], ofStage?: string[]): Configuration => ({
    ...configuration,
    repositories: {
      web: { name: 'web', tags: ofRepository, stages: [{ name: 'all', services: [], ...(ofStage && { tags: ofStage }) }] },
    },
  });

  test.each([
    ['neither for exact tags and globs', withTags(['v1', 'main-*', '!*-arm64']), []],
    ['both for a regular expression and versions', withTags(['/^v/', 'semver:^1']), ['re2js', 'semver']],
    ['one for a regular expression of a stage that excludes', withTags([], ['v*', '!/rc/']), ['re2js']],
    ['one for versions with pre-releases of a stage', withTags(['v*'], ['semver-pre:^1']), ['semver']],
  ])('%s', async (_, tags, libraries) => {
    const { inputs, text } = await packagedBundle('functions/release/plan-release.ts', tags);
    const used = Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? (path.match(/(?<=node_modules\/)(?:re2js|semver)(?=\/)/) ?? []) : [],
    );

    expect([...new Set(used)].sort()).toEqual(libraries);
    expect(text.includes('regular expressions are left out of the bundles')).toBe(!libraries.includes('re2js'));
  });

  test('and has none of them if it uses none', async () => {
    const { inputs } = await packagedBundle('functions/deployment/roll-back.ts', withTags(['semver:^1']));

    expect(Object.entries(inputs).filter(([path, { bytesInOutput }]) => /semver/.test(path) && bytesInOutput > 0)).toEqual([]);
  });

  const exportsOf = async <Exports>(file: string, patterns: string[]): Promise<Exports> => {
    const bundle = { exports: {} as Exports };
    new Function('module', (await packagedBundle(file, withTags(patterns))).text)(bundle);
    return bundle.exports;
  };

  test.each([[['/^v\\d/', 'semver:^1']], [['semver:^1']], [['/^v\\d/']], [['v*']]])('and matches %j with it', async (patterns) => {
    const { matchTag } = await exportsOf<typeof import('../../core/policy/tag-policy.js')>('core/policy/tag-policy.ts', patterns);

    expect([matchTag(patterns, 'v1.2.3').isAllowed, matchTag(patterns, 'latest').isAllowed]).toEqual([true, false]);
  });

  test('and compares versions only where there is a pattern for them', async () => {
    const [versioned, unversioned] = await Promise.all(
      [['semver:*'], ['v*']].map((patterns) =>
        exportsOf<typeof import('../../core/policy/version.js')>('core/policy/version.ts', patterns),
      ),
    );

    expect([versioned?.compareVersions('1.2.3', '1.2.4'), unversioned?.compareVersions('1.2.3', '1.2.4')]).toEqual([-1, undefined]);
    expect(() => RE2JS.compile()).toThrow('remove the alias from stack/bundles.ts');
  });
});

test('a client with retries is rejected, because the bundles have none', () => {
  expect(resolveRetryConfig({ maxAttempts: 1 })).toEqual({ maxAttempts: 1 });
  expect(() => resolveRetryConfig({ maxAttempts: 3 })).toThrow(
    'retries are left out of the bundles; remove the alias from stack/bundles.ts',
  );
});

test("a setting comes from the environment, otherwise it has the SDK's default", async () => {
  const fromEnvironment = { environmentVariableSelector: () => 'eu-west-1', default: 'none' };
  const setting = (byDefault: string | (() => Promise<string>)) => ({ environmentVariableSelector: () => undefined, default: byDefault });

  expect(await loadConfig(fromEnvironment)()).toBe('eu-west-1');
  expect(await loadConfig<string>(setting('legacy'))()).toBe('legacy');
  expect(await loadConfig<string>(setting(async () => 'standard'))()).toBe('standard');
});

test('errors in a bundle have their name, their message and what the SDK says about retries', async () => {
  const { text } = await packagedBundle('node_modules/@aws-sdk/client-dynamodb/dist-es/models/errors.js', configuration);
  const bundle = { exports: {} as Record<string, new (options: object) => Error> };
  new Function('module', 'require', text)(bundle, createRequire(import.meta.url));
  const { ConditionalCheckFailedException, ReplicatedWriteConflictException } = bundle.exports;

  const failed = ConditionalCheckFailedException && new ConditionalCheckFailedException({ message: 'the condition failed' });
  const replicated = ReplicatedWriteConflictException && new ReplicatedWriteConflictException({});

  expect(failed).toBeInstanceOf(Error);
  expect(failed).toMatchObject({ name: 'ConditionalCheckFailedException', message: 'the condition failed' });
  expect(failed).not.toHaveProperty('$retryable', {});
  expect(replicated).toMatchObject({ name: 'ReplicatedWriteConflictException', $retryable: {} });
});
