import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { builtPackage } from '../support/terminal.js';
import { packed } from './ci-machine.js';
import { policy, Runner } from './gitlab-runner.js';

let pipeline: Pipeline;
let runner: Runner;
let stop: () => Promise<void>;

beforeAll(async () => {
  pipeline = await givenPipeline();
  const { emulator } = pipeline;
  const { url } = await emulator.listen({ port: 0 });
  const trust = policy('ci-trust-gitlab.json');
  const role = (name: string, ...policies: string[]) =>
    emulator.account.services.iam.putRole({ arn: `arn:aws:iam::123456789012:role/${name}`, trust, policies: policies.map(policy) });
  role('ci-push', 'ci-push.json');
  role('ci-follow', 'ci-follow.json', 'ci-start.json');
  role('ci-read', 'ci-follow.json');
  runner = new Runner({ AWS_ENDPOINT_URL: url, SLIPWAY_STAGE: 'dev', ...packed(await builtPackage()) });
  stop = emulator.runInRealTime(600);
});
afterAll(async () => {
  await stop();
  await closePipelines();
});

/** Runs the jobs of a commit whose image is a file of `events/images`. */
const releaseOf = async (image: string, commit: string) => {
  copyFileSync(`events/images/${image}.json`, join(runner.machine.folder, 'Dockerfile'));
  const startedAt = new Date(pipeline.emulator.account.clock.now).toISOString();
  const variables = { CI_COMMIT_SHORT_SHA: commit, CI_JOB_STARTED_AT: startedAt };
  const pushed = await runner.run('push', variables);
  const deployed = await runner.run('deploy', { ...variables, ...runner.passedOn() });
  return { pushed: pushed.status, ...deployed };
};

test('the pipeline of an image that works ends well, and that of one that crashes fails with the reason', async () => {
  expect(await releaseOf('healthy', '8c1b2d3e')).toMatchObject({ pushed: 0, status: 0, said: expect.stringContaining('main-8c1b2d3e') });
  expect(await releaseOf('crashes-on-start', '9d2c3e4f')).toMatchObject({
    pushed: 0,
    status: 11,
    said: expect.stringMatching(/rolled back/i),
  });
});

test('the role of a job that follows reads, and cannot change anything', async () => {
  const AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/ci-read';
  const statusOf = async (line: string): Promise<[string, number | null]> => {
    const { status } = await runner.run('deploy', { AWS_ROLE_ARN }, {}, [`.slipway/bin/slipway ${line}`]);
    return [line, status];
  };

  const lines = [
    'status',
    "hold '*' --yes",
    'cancel production/web --yes',
    'deploy my-learn-app:main-1 --yes',
    'rollback production/web --yes',
  ];
  expect(await Promise.all(lines.map(statusOf))).toEqual(lines.map((line) => [line, line === 'status' ? 0 : 77]));
});
