import { ServiceDeployments } from '../../aws/service-deployment.js';
import { later, revisionArn, startedAt } from '../core/given.js';
import { type Answer, type Call, fakeAws } from './fake-aws.js';

const deploymentArn = 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/production/web/one';
const serviceRevision = (id: string) => `arn:aws:ecs:eu-west-1:123456789012:service-revision/production/web/${id}`;
const [target, source, back] = ['target', 'source', 'back'].map(serviceRevision) as [string, string, string];
const period = { since: startedAt, now: later };

const deployment = {
  serviceDeploymentArn: deploymentArn,
  status: 'ROLLBACK_SUCCESSFUL',
  createdAt: Date.parse(startedAt) / 1000,
  targetServiceRevision: { arn: target },
  sourceServiceRevisions: [{ arn: source }],
  rollback: { serviceRevisionArn: back },
};
const revisions: Record<string, object> = {
  [target]: { taskDefinition: revisionArn(8), containerImages: [{ containerName: 'app', image: 'app:8', imageDigest: 'sha256:8' }] },
  [source]: { taskDefinition: revisionArn(7), containerImages: [{ containerName: 'app', image: 'app:7', imageDigest: 'sha256:7' }] },
  [back]: { taskDefinition: revisionArn(6), containerImages: [{ containerName: 'app', image: 'app:6', imageDigest: 'sha256:6' }] },
};

/** Of an ECS that has one service deployment, and answers with the revisions that it knows. */
const given = (known: readonly string[], refusal?: { readonly of: string; readonly answer: Answer }, more: object = {}) => {
  const describe = (arns: readonly string[]): Answer => {
    if (refusal && arns.includes(refusal.of)) return refusal.answer;
    const serviceRevisions = arns.filter((arn) => known.includes(arn)).map((arn) => ({ serviceRevisionArn: arn, ...revisions[arn] }));
    return [200, { serviceRevisions, failures: arns.filter((arn) => !known.includes(arn)).map((arn) => ({ arn, reason: 'MISSING' })) }];
  };
  const { settings, calls } = fakeAws(({ operation, input }: Call): Answer => {
    if (operation === 'DescribeServiceRevisions') return describe(input.serviceRevisionArns as string[]);
    if (operation === 'DescribeServiceDeployments') return [200, { serviceDeployments: [{ ...deployment, ...more }] }];
    return [200, { serviceDeployments: [{ serviceDeploymentArn: deploymentArn, targetServiceRevisionArn: target }] }];
  });
  const asked = () =>
    calls.flatMap(({ operation, input }) => (operation === 'DescribeServiceRevisions' ? [input.serviceRevisionArns] : []));
  return { deployments: new ServiceDeployments(settings), calls, asked };
};

const refused: Answer = [400, { __type: 'AccessDeniedException', message: 'not authorized' }];
const unknown = { replaced: [], rollback: { revision: back } };

describe('a rollout', () => {
  test('is found with what it replaced and where it was rolled back to, its own revision being read apart from those', async () => {
    const { deployments, asked } = given([target, source, back]);

    expect(await deployments.find('production/web', revisionArn(8), period, ['app'])).toMatchObject({
      target: revisionArn(8),
      digests: ['sha256:8'],
      replaced: [revisionArn(7)],
      rollback: { taskDefinition: revisionArn(6), revision: back, digests: ['sha256:6'] },
    });
    expect(asked()).toEqual([[target], [source, back]]);
  });

  test.each([
    ['are from before service revisions', given([target])],
    ['may not be read', given([target], { of: source, answer: refused })],
    ['are invalid to ECS', given([target], { of: back, answer: [400, { __type: 'InvalidParameterException', message: 'no' }] })],
  ])('whose source and rollback target %s is found without them', async (_, { deployments }) => {
    const found = await deployments.find('production/web', revisionArn(8), period, ['app']);
    const described = await deployments.describe(deploymentArn, revisionArn(8), ['app']);

    expect(found).toMatchObject({ target: revisionArn(8), ...unknown });
    expect(described).toMatchObject({ target: revisionArn(8), ...unknown });
    expect(found?.rollback).toEqual({ revision: back });
  });

  test.each([
    ['whose own revision may not be read', { of: target, answer: refused }, 'AccessDeniedException'],
    [
      'while ECS throttles',
      { of: source, answer: [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }] },
      'ThrottlingException',
    ],
    ['while ECS fails', { of: source, answer: [500, { __type: 'ServerException', message: 'no' }] }, 'ServerException'],
  ] as const)('%s is not read', async (_, refusal, name) => {
    const { deployments } = given([target, source, back], refusal);

    await expect(deployments.find('production/web', revisionArn(8), period, ['app'])).rejects.toMatchObject({ name });
  });
});

test.each([
  ['none', [{ hookId: 'a', status: 'SUCCEEDED' }], undefined],
  [
    'the one that awaits action',
    [
      { hookId: 'a', status: 'TIMED_OUT', timeoutAction: 'CONTINUE' },
      { hookId: 'b', status: 'AWAITING_ACTION', expiresAt: Date.parse(later) / 1000, timeoutAction: 'ROLLBACK' },
    ],
    { id: 'b', stage: 'POST_SCALE_UP', status: 'AWAITING_ACTION', expiresAt: later, timeoutAction: 'ROLLBACK' },
  ],
  [
    'the Lambda function that failed',
    [{ targetArn: 'arn:aws:lambda:eu-west-1:123456789012:function:check', status: 'FAILED' }],
    {
      id: 'arn:aws:lambda:eu-west-1:123456789012:function:check',
      stage: 'POST_SCALE_UP',
      status: 'FAILED',
      expiresAt: '',
      timeoutAction: 'ROLLBACK',
    },
  ],
])('of the lifecycle hooks of a rollout %s matters', async (_, lifecycleHookDetails, hook) => {
  const { deployments } = given([target], undefined, { lifecycleStage: 'POST_SCALE_UP', lifecycleHookDetails });

  expect((await deployments.describe(deploymentArn, revisionArn(8), ['app']))?.hook).toEqual(hook);
});

test.each([
  ['of a source that is known', [target, source], ['app:7']],
  ['of a source that is not', [target], []],
])('an image change %s', async (_, known, before) => {
  const { deployments } = given(known);

  expect(await deployments.changeTo('production/web', revisionArn(8), period, ['app'])).toEqual({
    at: startedAt,
    before,
    after: ['app:8'],
  });
});

test.each([
  ['2026-11-23T12:00:00.000Z', '2026-11-23T12:00:00.000Z'],
  ['2026-08-28T12:00:00.000Z', '2026-08-28T12:00:00.000Z'],
  ['2026-08-01T00:00:00.000Z', '2026-08-27T12:05:00.000Z'],
  ['2024-01-01T00:00:00.000Z', '2026-08-27T12:05:00.000Z'],
])('rollouts since %s are asked for since %s: ECS lists three months', async (since, after) => {
  const { deployments, calls } = given([target, source, back]);
  const longPeriod = { since, now: later };

  await deployments.find('production/web', revisionArn(8), longPeriod, ['app']);
  await deployments.changeTo('production/web', revisionArn(8), longPeriod, ['app']);
  await deployments.newestServiceRevision('production/web', longPeriod);

  const lists = calls.filter(({ operation }) => operation === 'ListServiceDeployments').map(({ input }) => input.createdAt);
  expect(lists).toEqual(Array.from({ length: 3 }, () => ({ after: Date.parse(after) / 1000 })));
});
