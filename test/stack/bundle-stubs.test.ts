import { createRequire } from 'node:module';
import { defaultBundle, packagedBundle } from '../../bench/bundles.js';
import { loadConfig } from '../../stack/bundle-stubs/configuration-files.js';
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
