import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { PolicyDocument } from '../../emulator/iam/policy-document.js';
import type { Target } from '../../emulator/network/api.js';
import { givenPackagedStack } from '../support/packaged-stack.js';
import { appContainer, closePipelines, givenPipeline } from '../support/pipeline.js';
import { environmentOf, planOf, register } from '../support/revisions.js';

afterEach(closePipelines);

const boundaryArn = 'arn:aws:iam::123456789012:policy/delivery';
const boundary: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const secretKey = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';

/** At a private address, which only a function with a VPC reaches. */
const health: Target = {
  addresses: ['10.0.1.7'],
  certificate: { names: ['web.internal.example'] },
  answer: () => ({ status: 200 }),
};

const givenHardenedPipeline = async () => {
  const pipeline = await givenPipeline({
    stack: await givenPackagedStack('test/support/hardened.yml'),
    services: { 'production/web': {} },
    prepare: ({ account: { services, network } }) => {
      services.iam.putPolicy(boundaryArn, boundary);
      network.setName('web.internal.example', health.addresses);
      network.serve(health);
    },
  });
  const secrets = new SecretsManagerClient(pipeline.emulator.clientConfig());
  const { ARN = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'slipway/slack' }));
  pipeline.account.services.iam.encrypt(ARN, secretKey);
  return pipeline;
};

test('with keys of its own, a path, a boundary and a VPC, the stack deploys, verifies a private URL, reads the logs of a failed container, and reports to Slack', async () => {
  const pipeline = await givenHardenedPipeline();

  expect(await pipeline.release('main-2')).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await pipeline.release('main-3', 'crashes-on-start')).toMatchObject({ outcome: 'ROLLED_BACK' });

  expect(pipeline.account.network.requests.map(({ path, address }) => [path, address])).toEqual([['/health', '10.0.1.7']]);
  expect(pipeline.slack.received).toHaveLength(2);
  expect(pipeline.messages().at(-1)?.services[0]?.logs?.lines.length).toBeGreaterThan(0);
  expect(pipeline.account.log.of('lambda', 'destination-failed')).toEqual([]);
});

test('with base: latest the change of another deployer is deployed with the next image, and again after a rollback', async () => {
  const pipeline = await givenHardenedPipeline();
  const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
  const withLevel = (value: string) => ({ containerDefinitions: [{ ...appContainer, environment: [{ name: 'LEVEL', value }] }] });

  await register(pipeline, 'production-web', { ...withLevel('debug'), taskRoleArn: role('my-learn-app-task') });
  const bad = await pipeline.push(undefined, 'crashes-on-start', 'two');
  const [stage] = (await planOf(pipeline, { digest: bad })).stages;
  await pipeline.push('main-2', 'crashes-on-start', 'two');
  await pipeline.runUntilIdle();
  expect(stage?.services[0]?.differences.shown.map(({ path }) => path)).toEqual([
    'containerDefinitions[app].image',
    'containerDefinitions[app].environment[LEVEL]',
    'taskRoleArn',
  ]);
  expect(JSON.stringify(stage)).not.toContain('debug');
  expect(pipeline.messages().at(-1)).toMatchObject({
    result: { outcome: 'ROLLED_BACK' },
    services: [{ revision: 'production-web:3, a copy of production-web:2' }],
  });
  expect(await environmentOf(pipeline, 'production/web')).toEqual([]);

  const { digest } = await pipeline.release('main-3');
  expect(pipeline.running('production/web')).toEqual([digest]);
  expect(await environmentOf(pipeline, 'production/web')).toEqual([{ name: 'LEVEL', value: 'debug' }]);
  // What Slipway registered since is no other deployer's change.
  await pipeline.release('main-4');
  expect(pipeline.messages().at(-1)).toMatchObject({ result: { outcome: 'SUCCEEDED' }, services: [{ revision: 'production-web:5' }] });

  await register(pipeline, 'production-web', { ...withLevel('info'), taskRoleArn: role('another') });
  expect(await pipeline.release('main-5')).toMatchObject({
    outcome: 'FAILED',
    reason: 'PREFLIGHT',
    message: expect.stringContaining('role/another'),
  });
});
