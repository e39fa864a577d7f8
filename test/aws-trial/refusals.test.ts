import { spawnSync } from 'node:child_process';
import type { Configuration } from '../../core/configuration/configuration.js';
import { createEmulator } from '../../emulator/emulator.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { concurrentRegistration } from '../../verification/aws/checks/concurrent-registration.js';
import { healthyPush, newTag, readManifest } from '../../verification/aws/checks/pushes.js';
import { createClients } from '../../verification/aws/clients.js';
import { readServices, readStack } from '../../verification/aws/deployed-stack.js';
import { Recorder } from '../../verification/aws/recorder.js';
import { givenTarget, repository } from './given-account.js';

const start = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'verification/aws/main.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: '' },
  });
  return { status, stderr };
};

const given = givenTarget({ healthy: 'healthy', crashing: 'crashes-on-start' });
afterAll(async () => {
  const { emulator, stopTime } = await given;
  await stopTime();
  await emulator.close();
});

const withTags = (tags: string) =>
  parseConfiguration(`repositories: {${repository}: {tags: ${tags}, stages: [{name: a, services: [a/b]}]}}`, 'trial.yml');

test('an image with a registry is no repository:tag: exit status 64', () => {
  const { status, stderr } = start('--stage', 'trial', '--healthy', '111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1');

  expect(status).toBe(64);
  expect(stderr).toContain('Expected repository:tag, without a registry.');
});

test('a configuration that cannot be read is explained, before AWS is asked: exit status 1', () => {
  const { status, stderr } = start('--stage', 'trial', '--config', 'none.yml');

  expect(status).toBe(1);
  expect(stderr).toMatch(/^none\.yml cannot be read/);
});

test('a stack that is missing', async () => {
  const { target } = await given;

  await expect(readStack(target.clients, 'trial')).rejects.toThrow(
    'the stack slipway-trial is not in eu-west-1 of this account; deploy it first: docs/aws-trial.md',
  );
});

test('a stack whose deployment failed: with the reason of each resource, the first one first', async () => {
  const emulator = createEmulator({ functionCode: () => async () => undefined });
  const clients = createClients(emulator.clientConfig(), new Recorder());
  const role = (service: string) => ({
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' } } },
  });
  const Step = {
    Type: 'AWS::Lambda::Function',
    Properties: { Code: {}, Handler: 'a.handler', Runtime: 'nodejs24.x', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  };
  const deploying = emulator.deploy({ stackName: 'slipway-trial', template: { Resources: { Role: role('ec2.amazonaws.com'), Step } } });
  await expect(deploying).rejects.toThrow();

  await expect(readStack(clients, 'trial')).rejects.toThrow(
    /^the stack slipway-trial is ROLLBACK_COMPLETE; .*\n {2}Step: .*The role defined for the function cannot be assumed by Lambda/,
  );
});

test('a service of the configuration that does not exist', async () => {
  const { target } = await given;
  const configuration = parseConfiguration(
    `repositories: {${repository}: {tags: [v*], stages: [{name: a, services: [staging/web, staging/gone, nowhere/web]}]}}`,
    'trial.yml',
  );

  await expect(readServices(target.clients, configuration)).rejects.toThrow('staging/gone, nowhere/web: no such active service');
});

test('an image that the registry lacks', async () => {
  const { target } = await given;

  await expect(readManifest(target, { repository, tag: 'gone' })).rejects.toThrow(`${repository}:gone cannot be read: `);
});

test.each([
  ['["v*"]', 'vverify-healthy-1a2b'],
  ['[latest, "main-*-arm64"]', 'main-verify-healthy-1a2b-arm64'],
  ['["*", "!verify*", "v*"]', 'vverify-healthy-1a2b'],
])('the tag of a push is one that the patterns %s allow', (tags, expected) => {
  expect(newTag({ configuration: withTags(tags), run: '1a2b' }, { repository, tag: 'source' }, 'healthy')).toBe(expected);
});

test('the tag of a push reaches every stage', () => {
  const trial = (...ofStages: string[][]): Configuration => {
    const { [repository]: one, ...rest } = withTags('["*", "!latest"]').repositories;
    const stages = ofStages.map((tags, index) => ({ name: `s${index}`, services: [], tags }));
    return { notifications: { sns: true }, repositories: { ...rest, [repository]: { name: repository, tags: one?.tags ?? [], stages } } };
  };
  const tagOf = (configuration: Configuration) => newTag({ configuration, run: '1a2b' }, { repository, tag: 'source' }, 'healthy');

  expect(tagOf(trial(['main-*', 'r-*'], ['r-*']))).toBe('r-verify-healthy-1a2b');
  expect(() => tagOf(trial(['main-*'], ['r-*']))).toThrow('into every stage');
});

test('a repository without a pattern for new tags, and one that is not configured', () => {
  const target = { configuration: withTags('[latest, "v?"]'), run: '1a2b' };

  expect(() => newTag(target, { repository, tag: 'source' }, 'healthy')).toThrow('have no pattern with *');
  expect(() => newTag(target, { repository: 'other', tag: 'source' }, 'healthy')).toThrow(`no repository other; expected ${repository}`);
});

test('nothing is changed that was not confirmed', async () => {
  const { emulator, target } = await given;
  const unconfirmed = { ...target, mayChange: false };

  expect(await healthyPush.run(unconfirmed)).toMatchObject({ skipped: 'it was not confirmed' });
  expect(await concurrentRegistration.run(unconfirmed)).toMatchObject({ skipped: 'it was not confirmed' });
  expect(emulator.account.services.states.executions(target.stack.machines.deployment)).toEqual([]);
});

test('a push without an image is skipped, and says which option gives one', async () => {
  const { target } = await given;

  expect(await healthyPush.run({ ...target, images: {} })).toMatchObject({ skipped: 'no image is given: --healthy <repository:tag>' });
});

test('a push that starts no release fails, and its image is among what stays', async () => {
  const { target } = await given;
  const { machines } = target.stack;
  const elsewhere = { ...target, run: 'lost', stack: { ...target.stack, machines: { ...machines, release: machines.deployment } } };

  expect(await healthyPush.run({ ...elsewhere, wait: async () => {} })).toMatchObject({
    problems: [expect.stringContaining('the push of my-learn-app:main-verify-healthy-lost started no release')],
    stays: ['my-learn-app:main-verify-healthy-lost'],
  });
});
