import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator } from '../../emulator/emulator.js';
import { Machine, packed } from './ci-machine.js';
import { ofDefaultBranch, policy, Runner, type Variables } from './gitlab-runner.js';

/** A package whose command writes what it was called with, and exits with a status. */
const givenCommand = () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'packed-')), 'package');
  new Machine({}).install(join(folder, 'slipway.sh'), 'printf "%s\\n" "$@" > called.txt; exit "$STATUS"');
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: '@slipway-ecs/cli', version: '1.0.0', bin: { slipway: 'slipway.sh' } }),
  );
  return packed(folder);
};

let emulator: Emulator;
let runner: Runner;

beforeAll(async () => {
  emulator = createEmulator();
  const { url } = await emulator.listen({ port: 0 });
  const arn = 'arn:aws:iam::123456789012:role/ci-push';
  emulator.account.services.iam.putRole({ arn, trust: policy('ci-trust-gitlab.json'), policies: [policy('ci-push.json')] });
  for (const repositoryName of ['my-learn-app', 'another'])
    await emulator.account.request({ arn: 'dev', kind: 'user' }, 'ecr', 'CreateRepository', { repositoryName });
  runner = new Runner({ AWS_ENDPOINT_URL: url, ...givenCommand() });
  copyFileSync('events/images/healthy.json', join(runner.machine.folder, 'Dockerfile'));
});
afterAll(() => emulator.close());

test('push: the job of the default branch pushes with its token alone, and says which digest', async () => {
  const digest = createHash('sha256').update(readFileSync('events/images/healthy.json')).digest('hex');

  expect(await runner.run('push')).toEqual({ status: 0, said: '' });
  expect(runner.passedOn()).toEqual({
    IMAGE: `my-learn-app:main-8c1b2d3e@sha256:${digest}`,
    PUSH_STARTED_AT: '2026-01-05T09:00:00Z',
  });
});

test.each<[string, Variables, object, RegExp]>([
  ['a job of another branch', {}, { sub: ofDefaultBranch.sub.replace('main', 'feature') }, /AssumeRoleWithWebIdentity/],
  ['a push to another repository', { REPOSITORY: 'another' }, {}, /ecr:PutImage/],
])('push: %s fails', async (_, changes, claims, reason) => {
  const { status, said } = await runner.run('push', changes, claims);

  expect([status === 0, reason.test(said) || said]).toEqual([false, true]);
});

const image = { IMAGE: 'my-learn-app:main-8c1b2d3e@sha256:1234', PUSH_STARTED_AT: '2026-01-05T09:00:00Z' };

test.each([0, 11, 14])('deploy: status %d of the command is that of the job', async (status) => {
  const ended = await runner.run('deploy', { ...image, STATUS: String(status) });
  const called = readFileSync(join(runner.machine.folder, 'called.txt'), 'utf8').trim().split('\n');

  expect(ended.status).toBe(status);
  expect(called).toEqual(['follow', image.IMAGE, '--since', image.PUSH_STARTED_AT, '--start-after', '2m', '--timeout', '50m']);
});

test('deploy: a package of other contents is not run', async () => {
  const ended = await runner.run('deploy', { ...image, STATUS: '0', SLIPWAY_SHA512: '0'.repeat(128) });

  expect(ended.status).toBe(1);
  expect(ended.said).toContain('slipway.tgz: FAILED');
});
