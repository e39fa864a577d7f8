import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Target } from '../../emulator/network/api.js';
import { deploying, messageOf, minutes, web } from '../support/failing.js';
import { hooked } from '../support/hooked.js';
import { givenPackagedStack } from '../support/packaged-stack.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';
import { sourceOf } from '../support/staged.js';
import { stateOf } from '../support/table.js';

afterEach(closePipelines);

const publicAddress = '93.184.216.34';
const url = 'https://example.com/health?token=hunter2';

type Answer = Target['answer'];

const serve = ({ account: { network } }: Pipeline, answer: Answer, change: Partial<Target> = {}): void =>
  network.serve({ addresses: [publicAddress], certificate: { names: ['example.com'] }, answer, ...change });

/** A service whose URL is verified, at a public address, and a deployment to it. */
const verifying = async (check: object = {}) => {
  const verify = { url: { url, ...check } };
  const stack = await hooked({ stages: [{ name: 'production', services: [{ service: web, verify }] }] });
  const given = await deploying('healthy', { tasks: 1 }, { stack });
  const { network } = given.pipeline.account;
  network.setName('example.com', [publicAddress]);
  const deploy = async () => {
    const arn = await given.start();
    const { path, ended } = { ended: await given.pipeline.ended(arn), path: await given.pipeline.path(arn) };
    return { ...ended, path, checks: path.filter((state) => state === 'VerifyUrl').length };
  };
  return { ...given, network, deploy };
};

test('the URL of the new revision is requested once ECS has completed its rollout, until it answers as expected', async () => {
  const { pipeline, digest, network, deploy } = await verifying({ body: 'ready' });
  const seen: string[][] = [];
  const answers = [{ status: 503 }, { status: 200, body: 'starting' }, { status: 200, body: 'ready', chunkBytes: 2, chunkDelayMs: 100 }];
  serve(pipeline, () => {
    seen.push(pipeline.running(web));
    return answers.shift() ?? { status: 500 };
  });

  const { path, ...result } = await deploy();

  expect(result).toMatchObject({
    outcome: 'SUCCEEDED',
    reason: 'DEPLOYED',
    message: expect.stringContaining('https://example.com/health?… answered with status 200 and the expected text'),
  });
  expect(path.slice(path.indexOf('IsRolloutComplete'), path.indexOf('CloseDeployment'))).toEqual([
    'IsRolloutComplete',
    'VerifyUrl',
    'Verify',
  ]);
  expect(seen).toEqual([[digest], [digest], [digest]]);
  expect(network.requests[0]).toMatchObject({ method: 'GET', path: '/health?token=hunter2', headers: { 'user-agent': 'slipway' } });
});

test.each([
  ['another status', {}, () => ({ status: 503 }), true, 'answered with status 503; expected 200'],
  ['a redirect', {}, () => ({ status: 302, headers: { location: 'https://example.com/ok' } }), true, 'a redirect, which is not followed'],
  ['10 MB without the text', {}, () => ({ status: 200, body: Buffer.alloc(10_000_000) }), true, '65536 bytes were read'],
  ['headers too late', {}, () => ({ status: 200, delayMs: 11_000 }), true, 'did not answer within 10 seconds'],
  ['no connection', { connection: 'refused' }, () => ({ status: 200 }), true, 'did not answer: ECONNREFUSED'],
  [
    'an expired certificate',
    { certificate: { names: ['example.com'], fault: 'expired' } },
    () => ({ status: 200 }),
    false,
    'CERT_HAS_EXPIRED',
  ],
] as [string, Partial<Target>, Answer, boolean, string][])(
  'a URL with %s is rolled back after its time; the image is quarantined only for what it answers',
  async (_, target, answer, isQuarantined, message) => {
    const { pipeline, before, digest, deploy } = await verifying({ body: 'ready', within: '1m' });
    serve(pipeline, answer, target);

    expect(await deploy()).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'VERIFICATION', message: expect.stringContaining(message) });

    expect(pipeline.running(web)).toEqual([before]);
    expect((await sourceOf(pipeline, web)).quarantine?.map((entry) => entry.digest) ?? []).toEqual(isQuarantined ? [digest] : []);
  },
);

test.each([
  ['a public address first, and a private one then', [[publicAddress], ['10.0.0.1']], '10.0.0.1', 'a private address, 10.0.0.1'],
  ['instance metadata among public addresses', [[publicAddress, '169.254.169.254']], '169.254.169.254', '169.254.169.254'],
])('nothing is sent to what DNS may not answer: %s', async (_, answers, address, message) => {
  const { pipeline, before, network, deploy } = await verifying();
  network.setName('example.com', ...answers);
  serve(pipeline, () => ({ status: 503 }));
  serve(pipeline, () => ({ status: 200 }), { addresses: [address] });

  expect(await deploy()).toMatchObject({ outcome: 'ROLLED_BACK', reason: 'VERIFICATION', message: expect.stringContaining(message) });

  expect(network.dialled).not.toContain(address);
  expect(pipeline.running(web)).toEqual([before]);
});

test('a time that is longer than an invocation is continued by further ones', async () => {
  const { pipeline, deploy, network } = await verifying({ within: '12m', every: '30s' });
  const { clock } = pipeline.account;
  let first = 0;
  serve(pipeline, () => {
    first ||= clock.now;
    return { status: clock.now - first > 6 * minutes ? 200 : 503 };
  });

  expect(await deploy()).toMatchObject({ outcome: 'SUCCEEDED', checks: 2 });
  expect(network.requests.length).toBeLessThanOrEqual(14);
});

test('no query of a URL is in a message, a record or the history of an execution', async () => {
  const { pipeline, start } = await verifying({ within: '20s' });
  serve(pipeline, () => ({ status: 503 }));
  const arn = await start();
  await pipeline.ended(arn);
  await pipeline.runUntilIdle();

  const { states } = pipeline.account.services;
  const written = [messageOf(pipeline, arn), states.executions(), await stateOf(pipeline, web), pipeline.account.log.entries];
  expect(JSON.stringify(written)).toContain('example.com/health?…');
  expect(JSON.stringify(written)).not.toContain('hunter2');
});

test('the packaged function does the same in its own sandbox, and its log shows what it saw', async () => {
  const stack = await givenPackagedStack('test/support/hooks.yml', { bundles: true });
  const pipeline = await givenPipeline({ bundles: true, stack });
  const { network, clock } = pipeline.account;
  network.setName('example.com', [publicAddress]);
  const answers = [503, 503, 200];
  serve(pipeline, () => ({ status: answers.shift() ?? 500 }));
  const now = clock.date().toISOString();
  const until = new Date(clock.now + 2 * minutes).toISOString();
  const input = { service: web, record: 'r', execution: 'e', repository: 'my-learn-app', until, now };

  expect(await pipeline.invoke('verifyUrl', input)).toEqual({
    outcome: 'passed',
    seen: 'https://example.com/health answered with status 200',
  });
  network.setName('example.com', ['10.0.0.1']);
  expect(await pipeline.invoke('verifyUrl', input)).toMatchObject({ outcome: 'refused', seen: expect.stringContaining('10.0.0.1') });

  expect(network.dialled).toEqual([publicAddress, publicAddress, publicAddress]);
  const logs = new CloudWatchLogsClient(pipeline.emulator.clientConfig());
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/slipway-dev-verifyUrl' }));
  expect(events.map(({ message }) => message).join('\n')).toContain('answered with status 200');
});
