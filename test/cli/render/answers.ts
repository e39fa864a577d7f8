import pico from 'picocolors';
import { commandsOf, type Style } from '../../../cli/render/style.js';
import type {
  Answered,
  DeploymentSummary,
  DeploymentView,
  Head,
  ImageView,
  ReleaseSummary,
  ReleaseView,
  ServiceStatus,
  Status,
} from '../../../core/query/answers.js';
import { resultOf } from '../../../core/result/result.js';

export const at = '2026-11-28T09:00:00.000Z';

export const head: Head = {
  api: 1,
  at,
  stack: {
    stage: 'prod',
    account: '123456789012',
    region: 'eu-west-1',
    version: '0.12.0',
    machines: {
      release: 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-prod-release',
      deployment: 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-prod-deployment',
    },
  },
};

export const styleOf = (width: number, { colors = false, frame }: { colors?: boolean; frame?: number } = {}): Style => ({
  width,
  colors: pico.createColors(colors),
  now: new Date(at),
  command: commandsOf(head.stack),
  ...(frame !== undefined && { frame }),
});

/** Seconds before `at`. */
export const ago = (seconds: number): string => new Date(Date.parse(at) - seconds * 1000).toISOString();

export const digest = (two: string): string => `sha256:${two.repeat(32)}`;

export const image = (tag: string, two: string, repository = 'my-learn-app'): ImageView => ({ repository, tag, digest: digest(two) });

export const deployed = resultOf('SUCCEEDED', 'DEPLOYED', '3 of 3 tasks run it');
export const crashed = resultOf(
  'ROLLED_BACK',
  'CRASHED',
  '3 tasks failed: 3 × app exited with code 1; the service is back on production-web:41',
);

export const deployment = (service: string, of: Partial<DeploymentView> = {}): DeploymentView => ({
  name: `service#${service} deployment#${ago(245)}#deploy-${service.replace('/', '-')}-0f1e2d3c4b5a6978`,
  id: `deploy-${service.replace('/', '-')}-0f1e2d3c4b5a6978`,
  service,
  stage: service.split('/')[0] ?? '',
  operation: 'image',
  image: image('main-7', 'a1'),
  trigger: { kind: 'push' },
  startedAt: ago(245),
  endedAt: ago(60),
  phase: 'ended',
  result: deployed,
  consoleUrl: '',
  ...of,
});

export const moving = (service: string, of: Partial<DeploymentView> = {}): DeploymentView => {
  const { result: _, endedAt: __, ...begun } = deployment(service, { startedAt: ago(75), phase: 'rollingOut' });
  return { ...begun, ...of };
};

export const release = (of: Partial<ReleaseView> = {}): ReleaseView => ({
  name: `repository#my-learn-app release#${ago(300)}#6f1d7c52-5e0b-4d4d-9a51-cf4e5a8b6c7d_0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`,
  id: '6f1d7c52-5e0b-4d4d-9a51-cf4e5a8b6c7d_0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
  repository: 'my-learn-app',
  image: { ...image('main-7', 'a1'), commit: '4fd1b2c', sourceUrl: 'https://github.com/team/my-learn-app' },
  trigger: { kind: 'push' },
  pushedAt: ago(302),
  startedAt: ago(300),
  stages: [],
  passedOver: [],
  approvals: [],
  warnings: [],
  consoleUrl: '',
  ...of,
});

/** Without what only the view of one has. */
const summaryOf = ({ stages, passedOver, approvals, warnings, consoleUrl, ...summary }: ReleaseView): ReleaseSummary => summary;

export const releaseSummary = (of: Partial<ReleaseSummary> = {}): ReleaseSummary => ({ ...summaryOf(release()), ...of });

export const deploymentSummary = (service: string, of: Partial<DeploymentSummary> = {}): DeploymentSummary => {
  const { consoleUrl, ...summary } = deployment(service);
  return { ...summary, ...of };
};

export const runs = (tag: string, two: string, repository = 'my-learn-app') => ({
  repository,
  lastDeployed: { digest: digest(two), tag, pushedAt: ago(3 * 86_400) },
  quarantine: [],
});

const services: readonly ServiceStatus[] = [
  {
    service: 'staging/web',
    sources: [runs('main-7', 'a1')],
    queued: [],
    last: deploymentSummary('staging/web'),
  },
  {
    service: 'staging/worker',
    sources: [runs('main-6', '0f')],
    queued: [{ id: 'x', since: ago(20), repository: 'my-learn-app' }],
    current: { ...moving('staging/worker'), release: releaseSummary().name },
    last: deploymentSummary('staging/worker', { endedAt: ago(9000), image: image('main-6', '0f') }),
  },
  {
    service: 'production/web',
    sources: [
      {
        ...runs('main-5', '05'),
        quarantine: [{ digest: digest('06'), reason: 'CRASHED', at: ago(7200) }],
      },
    ],
    queued: [],
    last: deploymentSummary('production/web', { endedAt: ago(7200), startedAt: ago(7500), image: image('main-6', '06'), result: crashed }),
  },
  {
    service: 'production/worker',
    sources: [{ ...runs('main-5', '05'), withheld: { digest: digest('08'), tag: 'main-8', pushedAt: ago(600) } }],
    hold: { by: 'ada', reason: 'the sale', at: ago(3600), until: new Date(Date.parse(at) + 7_200_000).toISOString() },
    queued: [],
    last: deploymentSummary('production/worker', {
      endedAt: ago(4000),
      image: image('main-6', '06'),
      result: resultOf(
        'ROLLBACK_FAILED',
        'CRASHED',
        '3 tasks failed: 3 × app exited with code 1; the rollback did not finish within the timeout',
        'ROLLBACK_TIMED_OUT',
      ),
    }),
  },
];

export const status: Answered<Status> = {
  ...head,
  repositories: [
    {
      repository: 'my-learn-app',
      stages: [
        { name: 'staging', services: ['staging/web', 'staging/worker'] },
        {
          name: 'production',
          services: ['production/web', 'production/worker'],
          waiting: {
            stage: 'production',
            for: 'approval',
            since: ago(1200),
            until: new Date(Date.parse(at) + 82_800_000).toISOString(),
            release: 'repository#my-learn-app release#…#r-0',
            image: image('v1.4.0', 'f7'),
          },
        },
      ],
      releases: [releaseSummary({ stage: 'staging' })],
    },
  ],
  services,
};

export const log = { container: 'app', lines: ['Error: cannot connect to the database', '    at main (/app/index.js:3:9)'] };
export const failures = [{ count: 3, description: 'app exited with code 1: Essential container in task exited' }];

/** A release in the middle of its second stage: a before task, a service that rolls out, one that was rolled back, one ahead. */
export const inProgress = release({
  stage: 'production',
  approvals: [{ stage: 'production', by: 'ada', reason: 'looks good', at: ago(200) }],
  passedOver: [{ stage: 'canary', message: 'tag main-7 matches none of the patterns v* of stage canary' }],
  stages: [
    {
      name: 'staging',
      state: 'succeeded',
      before: {
        service: 'staging/web',
        deployment: deployment('staging/web', {
          operation: 'beforeTask',
          result: resultOf('SUCCEEDED', 'BEFORE_TASK_COMPLETED', 'exit 0 after 12 s'),
        }),
      },
      services: [
        {
          service: 'staging/web',
          deployment: deployment('staging/web'),
          undo: deployment('staging/web', {
            operation: 'releaseRollback',
            result: resultOf('SUCCEEDED', 'ROLLED_BACK_WITH_RELEASE', 'rolled back from main-7 to main-6'),
          }),
        },
      ],
    },
    {
      name: 'production',
      state: 'running',
      services: [
        {
          service: 'production/web',
          deployment: moving('production/web', { progress: { desired: 3, running: 1, pending: 1, failed: 1 }, failures, log }),
        },
        { service: 'production/worker', deployment: deployment('production/worker', { result: crashed, failures, log }) },
        { service: 'production/cron' },
      ],
    },
    { name: 'everywhere', state: 'ahead', services: [{ service: 'everywhere/web' }] },
  ],
});
