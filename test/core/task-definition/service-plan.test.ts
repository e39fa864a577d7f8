import { planService, rejectStrategy, rejectUndeployable, type ServiceToDeploy } from '../../../core/task-definition/service-plan.js';
import { digest, image, otherDigest, registry, revisionArn } from '../given.js';

const service = (changes: Partial<ServiceToDeploy> = {}): ServiceToDeploy => ({
  status: 'ACTIVE',
  taskDefinition: revisionArn(7),
  desiredCount: 3,
  arn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
  controller: 'ECS',
  strategy: 'ROLLING',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
  ...changes,
});
const running = (...images: string[]) => ({
  containerDefinitions: images.map((one, index) => ({ name: `c${index}`, image: `${registry}/my-learn-app${one}` })),
});
const plan = (
  changes: Partial<ServiceToDeploy>,
  previousRevision = running(':main-6'),
  { container, ...changed }: { container?: string; isOurRollout?: boolean; isSettled?: boolean; mayWait?: boolean } = {},
) =>
  planService('production/web', service(changes), previousRevision, {
    image,
    repositoryUri: `${registry}/my-learn-app`,
    container,
    isOurRollout: false,
    isSettled: false,
    mayWait: true,
    ...changed,
  });

describe('a service', () => {
  test('that can be deployed is accepted', () => {
    expect(rejectUndeployable('production/web', service())).toEqual(service());
  });

  test.each([
    [
      undefined,
      'there is no service production/web; expected cluster/service of one in this account and Region: create it, or fix slipway.yml',
    ],
    [service({ status: 'DRAINING' }), 'service production/web is DRAINING; expected ACTIVE: create it again before you deploy it'],
    [service({ status: 'INACTIVE' }), 'service production/web is INACTIVE; expected ACTIVE: create it again before you deploy it'],
    [
      service({ controller: 'CODE_DEPLOY' }),
      'service production/web has the deployment controller CODE_DEPLOY; expected ECS, the only one that Slipway supports',
    ],
    [
      service({ controller: 'EXTERNAL' }),
      'service production/web has the deployment controller EXTERNAL; expected ECS, the only one that Slipway supports',
    ],
    [
      service({ minimumHealthyPercent: 100, maximumPercent: 100 }),
      'service production/web can never replace a task: minimumHealthyPercent is 100 and maximumPercent 100; lower the minimum or raise the maximum',
    ],
  ])('that cannot be deployed is rejected: %#', (given, message) => {
    expect(() => rejectUndeployable('production/web', given)).toThrow(expect.objectContaining({ name: 'RejectedInput', message }));
  });

  test.each(['aws', 'aws-cn'])('with an ARN of the short format is rejected (partition %s)', (partition) => {
    const arn = `arn:${partition}:ecs:eu-west-1:123456789012:service/web`;

    expect(() => rejectUndeployable('production/web', service({ arn }))).toThrow(
      expect.objectContaining({
        name: 'RejectedInput',
        message: expect.stringContaining(arn),
        result: expect.objectContaining({ reason: 'INVALID_SERVICE' }),
      }),
    );
  });

  test.each([
    ['ROLLING', []],
    ['CANARY', ['CANARY']],
    ['BLUE_GREEN', ['LINEAR', 'BLUE_GREEN']],
  ])('with the strategy %s is accepted if slipway.yml allows %j', (strategy, allowed) => {
    expect(() => rejectStrategy('production/web', { strategy }, allowed)).not.toThrow();
  });

  test.each([
    ['BLUE_GREEN', []],
    ['LINEAR', ['BLUE_GREEN']],
    ['A_NEW_ONE', ['CANARY']],
  ])('with the strategy %s is rejected if slipway.yml allows %j', (strategy, allowed) => {
    expect(() => rejectStrategy('production/web', { strategy }, allowed)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`strategies: [${strategy}]`),
        result: expect.objectContaining({ reason: 'INVALID_SERVICE' }),
      }),
    );
  });

  test.each([
    [0, 100],
    [50, 100],
    [100, 150],
  ])('that keeps %i to %i %% of its tasks can replace them', (minimumHealthyPercent, maximumPercent) => {
    expect(rejectUndeployable('production/web', service({ minimumHealthyPercent, maximumPercent }))).toBeDefined();
  });
});

describe('the plan for a service', () => {
  test('without a rollout in progress is to proceed, with its previous image', () => {
    expect(plan({})).toEqual({
      action: 'proceed',
      containers: ['c0'],
      previousImage: `${registry}/my-learn-app:main-6`,
      rollbackUnavailableReason: '',
    });
  });

  test.each([
    [
      'a second deployment',
      [
        { status: 'PRIMARY', rolloutState: 'COMPLETED' },
        { status: 'ACTIVE', rolloutState: 'COMPLETED' },
      ],
    ],
    ['a rollout in progress', [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }]],
    [
      "ECS's own rollback",
      [
        { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
        { status: 'ACTIVE', rolloutState: 'FAILED' },
      ],
    ],
  ])('with %s is to wait, and after the timeout to proceed without a rollback target', (_, deployments) => {
    expect(plan({ deployments })).toEqual({ action: 'wait' });
    expect(plan({ deployments }, undefined, { mayWait: false })).toMatchObject({
      action: 'proceed',
      rollbackUnavailableReason: 'the rollout of web:7, which was deployed before, had not finished',
    });
  });

  test('with an unresolved rollout of ours is to proceed, as that may never finish', () => {
    expect(plan({ deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }] }, undefined, { isOurRollout: true })).toMatchObject({
      action: 'proceed',
    });
  });

  test('whose rollout of ours has just completed is to proceed, with a rollback target, though reads show it in progress', () => {
    const deployments = [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }];

    expect(plan({ deployments }, undefined, { isSettled: true })).toMatchObject({ action: 'proceed', rollbackUnavailableReason: '' });
    expect(plan({ deployments }, running(`@${digest}`), { isSettled: true })).toMatchObject({ result: { reason: 'ALREADY_RUNNING' } });
    expect(plan({ deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED' }] }, undefined, { isSettled: true })).toMatchObject({
      rollbackUnavailableReason: 'ECS gave up the rollout of web:7, which was deployed before',
    });
  });

  test('that already runs the digest is to finish', () => {
    expect(plan({}, running(`@${digest}`))).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'ALREADY_RUNNING' },
    });
  });

  test('that is redeployed is to proceed, even if it runs the digest', () => {
    const flags = { isOurRollout: false, isSettled: false, mayWait: true };
    const again = { image: undefined, repositoryUri: `${registry}/my-learn-app`, container: undefined, ...flags };

    expect(planService('production/web', service(), running(`@${digest}`), again)).toMatchObject({ action: 'proceed', containers: ['c0'] });
  });

  test.each([
    ['runs it in one of two containers only', {}, running(`@${digest}`, `@${otherDigest}`)],
    ['runs its tag, which may have moved', {}, running(':main-7')],
    [
      'is on the digest after a rollout that ECS gave up',
      { deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED' }] },
      running(`@${digest}`),
    ],
    [
      'has a rollout that ECS gave up, beside the previous one',
      {
        deployments: [
          { status: 'PRIMARY', rolloutState: 'FAILED' },
          { status: 'ACTIVE', rolloutState: 'COMPLETED' },
        ],
      },
      running(':main-7'),
    ],
  ])('that %s is to proceed', (_, changes, previousRevision) => {
    expect(plan(changes, previousRevision).action).toBe('proceed');
  });

  test('without a container for the image is rejected before it waits', () => {
    expect(() =>
      plan({ deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }] }, running(':main-6'), { container: 'app' }),
    ).toThrow('service production/web has no container "app"');
  });
});
