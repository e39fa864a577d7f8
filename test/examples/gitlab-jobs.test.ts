import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createEmulator, type Emulator } from '../../emulator/emulator.js';
import { identityToken } from '../support/identity-token.js';
import { type Ended, fromSource, Machine } from './ci-machine.js';

type Variables = Readonly<Record<string, string>>;
type Job = { readonly extends?: string; readonly variables?: Variables; readonly before_script?: string[]; readonly script?: string[] };

const pipeline = parse(readFileSync('examples/ci/.gitlab-ci.yml', 'utf8')) as Record<string, Job> & { readonly variables: Variables };

const policy = (file: string) => JSON.parse(readFileSync(`examples/policies/${file}`, 'utf8'));

/** As GitLab expands variables in the values of others. */
const expanded = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.replace(/\$(\w+)/g, (_, other: string) => variables[other] ?? '')]),
  );

const registryClient = fromSource('test/examples/registry-client.ts');
const machine = new Machine({
  apk: 'true',
  aws: registryClient.replace('"$@"', 'aws "$@"'),
  docker: registryClient.replace('"$@"', 'docker "$@"'),
});

/** A package of the command's name, whose command writes what it was called with, and exits with a status. */
const packed = (): { file: string; sha512: string } => {
  const folder = join(machine.folder, 'packed');
  mkdirSync(join(folder, 'package'), { recursive: true });
  writeFileSync(
    join(folder, 'package/package.json'),
    JSON.stringify({ name: '@slipway-ecs/cli', version: '1.0.0', bin: { slipway: 'slipway.sh' } }),
  );
  machine.install(join(folder, 'package/slipway.sh'), 'printf "%s\\n" "$@" > called.txt; exit "$STATUS"');
  const file = join(folder, 'slipway.tgz');
  execFileSync('tar', ['-czf', file, '-C', folder, 'package']);
  return { file, sha512: createHash('sha512').update(readFileSync(file)).digest('hex') };
};

const command = packed();

/** What GitLab sets for a job of the default branch. */
const ofGitlab: Variables = {
  CI_COMMIT_SHA: '8c1b2d3e4f5061728394a5b6c7d8e9f001122334',
  CI_COMMIT_SHORT_SHA: '8c1b2d3e',
  CI_PROJECT_ID: '12345678',
  CI_PROJECT_URL: 'https://gitlab.com/my-group/my-project',
  CI_JOB_ID: '99',
  CI_JOB_TOKEN: 'token',
  CI_JOB_STARTED_AT: '2026-01-05T09:00:00Z',
};

let emulator: Emulator;
let url: string;
const branch = { sub: 'project_path:my-group/my-project:ref_type:branch:ref:main' };

beforeAll(async () => {
  emulator = createEmulator();
  ({ url } = await emulator.listen({ port: 0 }));
  const { iam } = emulator.account.services;
  const trust = policy('ci-trust-gitlab.json');
  iam.putRole({ arn: 'arn:aws:iam::123456789012:role/ci-push', trust, policies: [policy('ci-push.json')] });
  for (const repositoryName of ['my-learn-app', 'another'])
    await emulator.account.request({ arn: 'dev', kind: 'user' }, 'ecr', 'CreateRepository', { repositoryName });
  copyFileSync('events/images/healthy.json', join(machine.folder, 'Dockerfile'));
});
afterAll(() => emulator.close());

/** Runs a job's own lines, as a runner does. */
const runJob = (name: string, changes: Variables = {}, claims: object = branch): Promise<Ended> => {
  const job = pipeline[name] as Job;
  const base = pipeline[job.extends ?? ''] ?? {};
  const token = { iss: 'https://gitlab.com', aud: 'https://gitlab.com', project_id: '12345678', ...claims };
  const variables = expanded({
    ...ofGitlab,
    ...pipeline.variables,
    ...base.variables,
    ...job.variables,
    SLIPWAY_TARBALL: `file://${command.file}`,
    SLIPWAY_SHA512: command.sha512,
    AWS_ID_TOKEN: identityToken(token),
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...changes,
  });
  return machine.run([...(base.before_script ?? []), ...(job.script ?? [])], variables);
};

const dotenv = (): Variables =>
  Object.fromEntries(
    readFileSync(join(machine.folder, 'push.env'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );

test('push: the job of the default branch pushes with its token alone, and says which digest', async () => {
  const digest = createHash('sha256').update(readFileSync('events/images/healthy.json')).digest('hex');

  const { status, said } = await runJob('push');

  expect([status, said.match(/\w*Error.*/)]).toEqual([0, null]);
  expect(dotenv()).toEqual({ IMAGE: `my-learn-app:main-8c1b2d3e@sha256:${digest}`, PUSH_STARTED_AT: '2026-01-05T09:00:00Z' });
});

test.each<[string, Variables, object, RegExp]>([
  ['a job of another branch', {}, { sub: branch.sub.replace('main', 'feature') }, /AssumeRoleWithWebIdentity/],
  ['a push to another repository', { REPOSITORY: 'another' }, branch, /ecr:PutImage/],
])('push: %s fails', async (_, changes, claims, reason) => {
  const { status, said } = await runJob('push', changes, claims);

  expect([status === 0, reason.test(said) || said]).toEqual([false, true]);
});

const called = (): string[] => readFileSync(join(machine.folder, 'called.txt'), 'utf8').trim().split('\n');

test.each([0, 11, 14])('deploy: status %d of the command is that of the job', async (status) => {
  const IMAGE = 'my-learn-app:main-8c1b2d3e@sha256:1234';

  const ended = await runJob('deploy', { STATUS: String(status), IMAGE, PUSH_STARTED_AT: '2026-01-05T09:00:00Z' });

  expect(ended.status).toBe(status);
  expect(called()).toEqual(['follow', IMAGE, '--since', '2026-01-05T09:00:00Z', '--start-after', '2m', '--timeout', '50m']);
});

test('deploy: a package of other contents is not run', async () => {
  const ended = await runJob('deploy', { SLIPWAY_SHA512: '0'.repeat(128), IMAGE: 'none', PUSH_STARTED_AT: '', STATUS: '0' });

  expect(ended.status).toBe(1);
  expect(ended.said).toContain('slipway.tgz: FAILED');
});
