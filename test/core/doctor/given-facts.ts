import type { Facts, ServiceFacts } from '../../../core/doctor/facts.js';
import type { InstallationAnswer } from '../../../core/query/answers.js';

export const where = { stage: 'dev', region: 'eu-west-1' };
export const now = new Date('2026-11-23T09:00:00Z');
const uri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop';
export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

export const service = (change: Partial<ServiceFacts> = {}): ServiceFacts => ({
  arn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
  status: 'ACTIVE',
  controller: 'ECS',
  strategy: 'ROLLING',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
  desiredCount: 1,
  runningCount: 1,
  hasEarlySuccess: false,
  deployments: [],
  hasCircuitBreaker: true,
  hasLoadBalancer: false,
  gracePeriodSeconds: 0,
  alarms: [],
  definition: {
    containerDefinitions: [{ name: 'app', image: `${uri}@${digest('a')}`, healthCheck: {} } as { name: string; image: string }],
  },
  ...change,
});

export const installation: InstallationAnswer = {
  schema: 2,
  notifications: { email: [], sns: true },
  repositories: [
    {
      repository: 'shop',
      tags: ['*'],
      hasScan: false,
      stages: [
        {
          name: 'production',
          hasApproval: false,
          hasWindow: false,
          isProduction: true,
          services: [{ service: 'production/web', timeoutSeconds: 60, alarms: [], hasBeforeTask: false }],
        },
      ],
    },
  ],
};

const machines = 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev';
const stack = {
  stage: 'dev',
  account: '123456789012',
  region: 'eu-west-1',
  version: '1.0.0',
  machines: { release: `${machines}-release`, deployment: `${machines}-deployment` },
};

/** An installation without a fault: one service, one repository with one image. */
export const facts = (change: Partial<Facts> = {}): Facts => ({
  stack: { value: { status: 'UPDATE_COMPLETE', resources: [] } },
  queried: { stack, installation },
  rules: new Map(),
  functions: new Map(),
  eventSources: { value: [] },
  machines: new Map(),
  subscriptions: new Map(),
  secrets: new Map(),
  alarms: { value: new Map() },
  queues: new Map(),
  services: new Map([['production/web', { value: service() }]]),
  repositories: new Map([['shop', { value: repository() }]]),
  deployed: new Map(),
  ...change,
});

export const image = (letter: string, tags: string[] = [`main-${letter}`], pushedAt = '2026-11-20T09:00:00Z') => ({
  digest: digest(letter),
  tags,
  pushedAt,
});

export const repository = (change: object = {}) => ({
  mutability: 'IMMUTABLE',
  lifecyclePolicy: { value: undefined },
  images: { value: [image('a')] },
  ...change,
});
