import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import type { Ready } from '../../cli/ready.js';
import type { Overview } from '../../page/api.js';
import { type Finished, startCli } from './run-cli.js';

const options = ['--port', '0', '--page-port', '0', '--json', '--config', 'test/cli/two-repositories.yml'];

let ready: Ready;
let containers: { name?: string | undefined; image?: string | undefined }[];
let pending: number | undefined;
let ended: Finished;
let overview: Overview;
let documentType: string | null;
beforeAll(async () => {
  const { child, finished } = startCli('start', ...options, '--task-definition', 'live/shop=test/cli/task-definition.json');
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', (status) => reject(new Error(`ended with ${status} before it was ready`)));
  });
  ready = (JSON.parse(line) as { ready: Ready }).ready;

  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const ecs = new ECSClient({ endpoint: ready.url, region: ready.region, credentials });
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: 'live', services: ['shop'] }));
  pending = services[0]?.pendingCount;
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: services[0]?.taskDefinition }));
  containers = (taskDefinition?.containerDefinitions ?? []).map(({ name, image }) => ({ name, image }));

  const { origin } = new URL(ready.page ?? '');
  const session = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: '{}',
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  overview = (await (await fetch(`${origin}/api/overview`, { headers: { cookie } })).json()) as Overview;
  documentType = (await fetch(`${origin}/services/live/shop`)).headers.get('content-type');

  // As `head -1` does. A request makes the next line.
  child.stdout.destroy();
  await fetch(ready.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.StartExecution' },
    body: JSON.stringify({ stateMachineArn: ready.machines.deployment, input: '{}' }),
  }).catch(() => {});
  ended = await finished;
});

test('the first line of --json has the URL, the configured repositories, and the state machines', () => {
  expect(ready).toMatchObject({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    region: 'us-east-1',
    accountId: '111122223333',
    repositories: [
      { name: 'shop/api', tags: ['release-?'], stages: [{ name: 'dev' }, { name: 'qa' }, { name: 'live', services: ['live/shop'] }] },
      { name: 'shop/proxy', tags: ['latest'], stages: [{ name: 'live', services: ['live/shop'] }] },
    ],
    machines: { deployment: 'arn:aws:states:us-east-1:111122223333:stateMachine:slipway-trial-deployment' },
  });
});

test('a service runs its own task definition, with images that the emulated repositories have', () => {
  const registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com';

  expect(containers).toEqual([
    { name: 'api', image: `${registry}/shop/api:release-1` },
    { name: 'proxy', image: `${registry}/shop/proxy:latest` },
    { name: 'agent', image: 'public.ecr.aws/example/agent:1' },
  ]);
  expect(pending).toBe(0);
});

test('the page reads the stack on the emulator', () => {
  expect(documentType).toContain('text/html');
  expect(overview).toMatchObject({ mode: 'emulator', stack: { stage: 'trial', account: '111122223333' }, problems: [] });
  expect(overview.services.map(({ id }) => id)).toContain('live/shop');
});

test('a reader that closes the pipe ends it with status 0 and no stack trace', () => {
  expect(ended.exitCode).toBe(0);
  expect(ended.stderr).not.toMatch(/EPIPE|Error/);
});
