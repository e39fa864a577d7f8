import { planService, rejectUndeployable, type ServiceToDeploy } from '../../../core/task-definition/service-plan.js';
import { digest, image, otherDigest, registry, revisionArn } from '../given.js';

const service = (changes: Partial<ServiceToDeploy> = {}): ServiceToDeploy => ({
  status: 'ACTIVE',
  taskDefinition: revisionArn(7),
  desiredCount: 3,
  controller: 'ECS',
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
  { container, isOurs = false, isWaitedFor = true }: { container?: string; isOurs?: boolean; isWaitedFor?: boolean } = {},
) =>
  planService('production/web', service(changes), previousRevision, {
    image,
    repositoryUri: `${registry}/my-learn-app`,
    container,
    isOurs,
    isWaitedFor,
  });

describe('a service', () => {
  test('that can be deployed is answered', () => {
    expect(rejectUndeployable('production/web', service())).toEqual(service());
  });

  test.each([
    [undefined, 'there is no service production/web; expected cluster/service of one that runs in this account and Region'],
    [service({ status: 'DRAINING' }), 'service production/web is DRAINING; expected ACTIVE: create it before it is deployed to'],
    [service({ status: 'INACTIVE' }), 'service production/web is INACTIVE; expected ACTIVE: create it before it is deployed to'],
    [
      service({ controller: 'CODE_DEPLOY' }),
      'service production/web has the deployment controller CODE_DEPLOY; expected ECS, the only one that Slipway drives',
    ],
    [
      service({ controller: 'EXTERNAL' }),
      'service production/web has the deployment controller EXTERNAL; expected ECS, the only one that Slipway drives',
    ],
    [
      service({ minimumHealthyPercent: 100, maximumPercent: 100 }),
      'service production/web can never replace a task: its minimum is 100 % and its maximum 100 %; lower the minimum or raise the maximum',
    ],
  ])('that cannot is refused: %#', (given, message) => {
    expect(() => rejectUndeployable('production/web', given)).toThrow(expect.objectContaining({ name: 'RejectedInput', message: message }));
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
  test('that is at rest is to go, with the image that it had', () => {
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
    ['one that is in progress', [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }]],
    [
      "ECS's own rollback of one that failed",
      [
        { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
        { status: 'ACTIVE', rolloutState: 'FAILED' },
      ],
    ],
  ])('with %s is to wait, and past the timeout to go on with what it leads to, which is no rollback target', (_, deployments) => {
    expect(plan({ deployments })).toEqual({ action: 'wait' });
    expect(plan({ deployments }, undefined, { isWaitedFor: false })).toMatchObject({
      action: 'proceed',
      rollbackUnavailableReason: 'the rollout of web:7, which was deployed before, was not over',
    });
  });

  test('with the end of a deployment of ours that was not observed is to go, for that may never end', () => {
    expect(plan({ deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }] }, undefined, { isOurs: true })).toMatchObject({
      action: 'proceed',
    });
  });

  test('that runs the digest already is to end there', () => {
    expect(plan({}, running(`@${digest}`))).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'ALREADY_RUNNING' },
    });
  });

  test('that is to run the same once more is to go, whatever it runs', () => {
    const again = { image: undefined, repositoryUri: `${registry}/my-learn-app`, container: undefined, isOurs: false, isWaitedFor: true };

    expect(planService('production/web', service(), running(`@${digest}`), again)).toMatchObject({ action: 'proceed', containers: ['c0'] });
  });

  test.each([
    ['runs it in one of two containers only', {}, running(`@${digest}`, `@${otherDigest}`)],
    ['runs its tag, which may have moved', {}, running(':main-7')],
    [
      'was given the digest by a rollout that ECS gave up',
      { deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED' }] },
      running(`@${digest}`),
    ],
    [
      'has a rollout that ECS gave up, beside what ran before',
      {
        deployments: [
          { status: 'PRIMARY', rolloutState: 'FAILED' },
          { status: 'ACTIVE', rolloutState: 'COMPLETED' },
        ],
      },
      running(':main-7'),
    ],
  ])('that %s is to go', (_, changes, previousRevision) => {
    expect(plan(changes, previousRevision).action).toBe('proceed');
  });

  test('that has no container for the image is refused before anything is waited for', () => {
    expect(() =>
      plan({ deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }] }, running(':main-6'), { container: 'app' }),
    ).toThrow('service production/web has no container "app"');
  });
});
