import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { PolicyDocument } from '../../emulator/iam/policy-document.js';
import { givenPackagedStack } from '../support/packaged-stack.js';
import { closePipelines, givenPipeline } from '../support/pipeline.js';

afterEach(closePipelines);

const boundaryArn = 'arn:aws:iam::123456789012:policy/delivery';
const boundary: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const secretKey = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';

const givenHardenedPipeline = async () => {
  const pipeline = await givenPipeline({
    stack: await givenPackagedStack('test/support/hardened.yml'),
    services: { 'production/web': {} },
    prepare: ({ account: { services } }) => services.iam.putPolicy(boundaryArn, boundary),
  });
  const secrets = new SecretsManagerClient(pipeline.emulator.clientConfig());
  const { ARN = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'slipway/slack' }));
  pipeline.account.services.iam.encrypt(ARN, secretKey);
  return pipeline;
};

test('with keys of its own, a path and a boundary, the stack deploys, reads the logs of a failed container, and reports to Slack', async () => {
  const pipeline = await givenHardenedPipeline();

  expect(await pipeline.release('main-2')).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await pipeline.release('main-3', 'crashes-on-start')).toMatchObject({ outcome: 'ROLLED_BACK' });

  expect(pipeline.slack.received).toHaveLength(2);
  expect(pipeline.messages().at(-1)?.services[0]?.logs?.lines.length).toBeGreaterThan(0);
  expect(pipeline.account.log.of('lambda', 'destination-failed')).toEqual([]);
});
