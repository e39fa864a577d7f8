import type { DeploymentView, ImageView, ReleaseSummary, ReleaseView } from '../../../core/query/answers.js';
import { releaseName } from '../../../core/records/record-name.js';
import type { Outcome, Reason } from '../../../core/result/result.js';
import type {
  Attention,
  DeploymentDetail,
  HistoryRecord,
  Insights,
  Month,
  Overview,
  Problem,
  ReleaseDetail,
  ReleaseRow,
  Sample,
  ServiceDetail,
  ServiceRow,
  StageProgress,
} from '../../../page/api.js';
import { machineOf } from './machines.js';

/** What an account might answer, on a bad afternoon. Every time is before `at`. */
export const at = '2026-11-26T14:32:08Z';

const today = (time: string): string => `2026-11-26T${time}Z`;
const daysAgo = (days: number, time = '09:00:00'): string =>
  `${new Date(Date.parse(at) - days * 86_400_000).toISOString().slice(0, 10)}T${time}Z`;
const digestOf = (short: string): string => `sha256:${short}${'0123456789abcdef'.repeat(4)}`.slice(0, 71);
const none = { old: 0, oldStarting: 0, oldDraining: 0, new: 0, newStarting: 0, newLeaving: 0, failed: 0 };
const image = (repository: string, tag: string, short: string, more: Partial<ImageView> = {}): ImageView => ({
  repository,
  tag,
  digest: digestOf(short),
  ...more,
});

/** IDs of executions, by what they deploy. */
export const ids = {
  search: '11111111-deploy-search-v1.19.0',
  checkout: '22222222-deploy-checkout-main-311',
  notifier: '33333333-deploy-notifier-main-19',
  orders: '44444444-deploy-orders-api-v2.8.0',
  release: '55555555-release-of-main-42',
} as const;

const service = (id: string, tag: string, short: string, running: number, more: Partial<ServiceRow> = {}): ServiceRow => {
  const [cluster = '', name = ''] = id.split('/');
  return {
    id,
    cluster,
    name,
    sources: [{ repository: name, tag, digest: digestOf(short) }],
    revision: `${name}:${short.charCodeAt(0)}`,
    since: daysAgo(3),
    desired: running,
    running,
    tasks: { ...none, old: running },
    state: { kind: running === 0 ? 'empty' : 'steady' },
    quarantine: [],
    isProduction: cluster === 'production',
    ...more,
  };
};

export const services: readonly ServiceRow[] = [
  service('production/billing', 'main-76', 'c4d10b9e', 4, {
    state: { kind: 'hold', by: 'ada', since: daysAgo(2, '16:40:00'), message: 'database move', waits: 'main-78' },
    quarantine: [{ repository: 'billing', digest: digestOf('07cc91d5'), tag: 'main-74', reason: 'CRASHED', at: daysAgo(12) }],
  }),
  service('production/checkout', 'main-310', '5be07a42', 3, {
    target: image('checkout', 'main-311', 'b1d6e093'),
    desired: 6,
    tasks: { ...none, old: 3, failed: 2 },
    state: { kind: 'failed', outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', since: today('14:07:11') },
    quarantine: [{ repository: 'checkout', digest: digestOf('b1d6e093'), tag: 'main-311', reason: 'CRASHED', at: today('14:07:11') }],
    last: ids.checkout,
  }),
  service('production/images', '2.4.1', '0a6f3d1c', 40),
  service('production/accounts', '5.2.0', 'e81b44d7', 6, {
    state: { kind: 'window', waits: '5.3.1', until: today('17:00:00'), since: today('11:20:00') },
  }),
  service('production/notifier', 'main-18', '77aa0001', 4, {
    target: image('notifier', 'main-19', '8820d1fe'),
    tasks: { ...none, old: 2, new: 2 },
    state: { kind: 'unknown', outcome: 'UNKNOWN', reason: 'AWS_ERROR', since: today('13:51:20') },
    last: ids.notifier,
  }),
  service('production/orders-api', 'v2.7.1', '9f3e2d1c', 8, {
    target: image('orders-api', 'v2.8.0', 'd2c95e18'),
    tasks: { ...none, new: 3, newStarting: 2, old: 5, oldDraining: 2 },
    state: { kind: 'rollingOut', done: 3, of: 8, starting: 2, since: today('14:30:02') },
    current: ids.orders,
  }),
  service('production/reports', 'main-9', '94aa6b05', 0),
  service('production/search', 'v1.18.4', '3f7be2a9', 5, {
    target: image('search', 'v1.18.4', '3f7be2a9'),
    desired: 6,
    tasks: { ...none, old: 5, oldStarting: 1, newLeaving: 1 },
    state: { kind: 'rollingBack', done: 5, of: 6, starting: 1, failed: 3, reason: 'CRASHED', since: today('14:30:04') },
    current: ids.search,
  }),
  service('production/web', 'main-41', '9c3e71d0', 12, { state: { kind: 'approval', waits: 'main-42', since: today('14:20:11') } }),
  service('production/worker', 'main-41', '9c3e71d0', 4, { state: { kind: 'approval', waits: 'main-42', since: today('14:20:11') } }),
  ...['billing', 'checkout', 'images', 'accounts', 'notifier', 'orders-api', 'search', 'web', 'worker'].map((name, index) =>
    service(`staging/${name}`, `main-${40 + index}`, `${index}abcdef0`, 1 + (index % 2)),
  ),
];

const stage = (
  name: string,
  state: StageProgress['state'],
  done: number,
  of: number,
  more: Partial<StageProgress> = {},
): StageProgress => ({ name, state, done, of, ...more });

const releaseId = (repository: string, tag: string, short: string): string =>
  repository === 'my-learn-app' ? ids.release : `${short}-release-of-${tag}`;

const releaseSummary = (
  repository: string,
  tag: string,
  short: string,
  started: string,
  more: Partial<ReleaseSummary> = {},
): ReleaseSummary => ({
  name: releaseName(repository, started, releaseId(repository, tag, short)),
  id: releaseId(repository, tag, short),
  repository,
  tag,
  image: image(repository, tag, short),
  trigger: { kind: 'push' },
  pushedAt: started,
  startedAt: started,
  stage: 'production',
  ...more,
});

export const releases: readonly ReleaseRow[] = [
  {
    ...releaseSummary('my-learn-app', 'main-42', '7c1ea90f', today('14:16:41'), {
      image: image('my-learn-app', 'main-42', '7c1ea90f', { commit: 'a980163c5b', sourceUrl: 'https://github.com/example/my-learn-app' }),
      waiting: { stage: 'production', for: 'approval', since: today('14:20:11'), until: '2026-11-27T14:20:11Z' },
    }),
    stages: [stage('staging', 'succeeded', 2, 2), stage('production', 'waiting', 0, 2, { kind: 'approval' })],
    doing: { kind: 'approval' },
  },
  {
    ...releaseSummary('orders-api', 'v2.8.0', 'd2c95e18', today('14:22:00')),
    stages: [stage('staging', 'succeeded', 1, 1), stage('production', 'running', 0, 1, { kind: 'rollingOut', tasks: { done: 3, of: 8 } })],
    doing: { kind: 'rollingOut', service: 'production/orders-api', done: 3, of: 8, starting: 2 },
  },
  {
    ...releaseSummary('search', 'v1.19.0', '9b04f7d2', today('14:22:30')),
    stages: [stage('staging', 'succeeded', 1, 1), stage('production', 'running', 0, 1, { kind: 'rollingBack', tasks: { done: 5, of: 6 } })],
    doing: { kind: 'rollingBack', service: 'production/search', done: 5, of: 6, starting: 1 },
  },
  {
    ...releaseSummary('accounts', '5.3.1', 'f04e9a72', today('11:10:00'), {
      waiting: { stage: 'production', for: 'window', since: today('11:20:00'), until: today('17:00:00') },
    }),
    stages: [stage('staging', 'succeeded', 1, 1), stage('production', 'waiting', 0, 1, { kind: 'window' })],
    doing: { kind: 'window' },
  },
];

export const attention: readonly Attention[] = [
  {
    id: ids.checkout,
    kind: 'failed',
    since: today('14:07:11'),
    service: 'production/checkout',
    deployment: ids.checkout,
    outcome: 'ROLLBACK_FAILED',
    reason: 'CRASHED',
    message: 'main-311 runs out of memory, and the rollback to checkout:64 failed too: its image main-310 is no longer in ECR.',
    toDo: 'Roll back by hand to main-309, the newest known good image that ECR has.',
    runbook: 'https://github.com/example/runbooks/blob/main/checkout.md',
    running: 3,
    desired: 6,
  },
  {
    id: ids.notifier,
    kind: 'unknown',
    since: today('13:51:20'),
    service: 'production/notifier',
    deployment: ids.notifier,
    outcome: 'UNKNOWN',
    reason: 'AWS_ERROR',
    message: 'main-19 was sent to ECS. How it ended is not known: access to DescribeServiceDeployments was denied.',
    toDo: 'Look at the service in ECS, and allow the action.',
    running: 4,
    desired: 4,
  },
  {
    id: `approval ${ids.release}`,
    kind: 'approval',
    since: today('14:20:11'),
    repository: 'my-learn-app',
    image: image('my-learn-app', 'main-42', '7c1ea90f'),
    stage: 'production',
    services: ['production/web', 'production/worker'],
    release: ids.release,
    until: '2026-11-27T14:20:11Z',
  },
  {
    id: 'queue slipway-prod-undelivered-messages',
    kind: 'lostMessages',
    since: today('06:32:00'),
    queue: 'slipway-prod-undelivered-messages',
    count: 3,
  },
];

export const overview: Overview = {
  at,
  mode: 'account',
  stack: { stage: 'prod', account: '123456789012', region: 'eu-west-1', version: '0.1.0' },
  me: { name: 'ada', arn: 'arn:aws:sts::123456789012:assumed-role/operators/ada' },
  clock: { now: at, speed: 1 },
  services,
  releases,
  attention,
  problems: [],
  lastEndedAt: today('14:22:00'),
};

const steady = services.map((row) => ({
  ...service(row.id, row.sources[0]?.tag ?? '', row.sources[0]?.digest.slice(7, 15) ?? '', row.desired ?? 0),
}));

export const calm: Overview = { ...overview, services: steady, releases: [], attention: [] };

export const firstDay: Overview = {
  ...calm,
  services: [
    service('production/web', '1.0.3', '6e0c9f11', 3, { state: { kind: 'untouched' } }),
    service('production/worker', '1.0.3', '6e0c9f11', 2, { state: { kind: 'untouched' } }),
    service('staging/web', 'latest', 'aa41b20d', 1, { state: { kind: 'untouched' } }),
  ],
  firstDay: {
    registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    repositories: [
      {
        repository: 'my-learn-app',
        tags: ['main-*', 'v*'],
        stages: [
          { name: 'staging', hasApproval: false, hasWindow: false },
          { name: 'production', hasApproval: true, hasWindow: false },
        ],
        exampleTag: 'main-1',
      },
    ],
    findings: [
      {
        severity: 'warning',
        message: 'The secret slipway/slack holds no URL, so nothing is sent to Slack.',
        toDo: 'Put the URL of an incoming webhook into the secret.',
        command: 'slipway doctor --stage prod',
      },
    ],
  },
};

const accessDenied: Problem = {
  of: 'tasks',
  reason: 'ACCESS_DENIED',
  message: 'The credentials may not describe services, so that tasks are not shown.',
  permission: 'ecs:DescribeServices',
  since: today('14:30:00'),
};
const expired: Problem = {
  of: 'stack',
  reason: 'CREDENTIALS_EXPIRED',
  message: 'The credentials have expired.',
  command: 'aws sso login --profile prod',
  since: today('14:31:00'),
};

/** `count` services in ten clusters, eight of which move. */
export const many = (count = 200): Overview => ({
  ...overview,
  services: Array.from({ length: count }, (_, index) => {
    const id = `cluster-${index % 10}/service-${String(index).padStart(3, '0')}`;
    return index % 25 === 0
      ? service(id, 'main-1', 'abcdef01', 8, {
          target: image('app', 'main-2', 'abcdef02'),
          tasks: { ...none, new: 3, newStarting: 2, old: 5 },
          state: { kind: 'rollingOut', done: 3, of: 8, starting: 2, since: today('14:30:02') },
        })
      : service(id, 'main-1', 'abcdef01', 1 + (index % 20));
  }).sort((one, other) => (one.id < other.id ? -1 : 1)),
});

/** Text that would be an element, a handler or a control character if it were not text. */
export const untrusted = '<img src=x onerror="document.title=\'ran\'"><script>document.title="ran"</script>"\'&\u202e';

/** Every text in every answer is one that would do something if it were HTML. Names of enumerations, times, digests and IDs stay. */
export const withUntrustedTexts = <Value>(value: Value, key = ''): Value => {
  if (typeof value === 'string') return (textKeys.has(key) ? `${untrusted} ${value}` : value) as Value;
  if (Array.isArray(value)) return value.map((one) => withUntrustedTexts(one, key)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withUntrustedTexts(one, name)])) as Value;
};

const textKeys = new Set(
  [
    'message',
    'toDo',
    'tag',
    'by',
    'reasonText',
    'detail',
    'title',
    'text',
    'lines',
    'description',
    'value',
    'path',
    'revision',
    'waits',
    'command',
    'container',
  ].concat(['events', 'warnings', 'previousImage', 'zone', 'label', 'commit', 'nextTag', 'from', 'permission']),
);

const samplesOf = (): Sample[] =>
  Array.from({ length: 53 }, (_, index) => {
    const seconds = index * 5;
    return {
      at: new Date(Date.parse(today('14:27:52')) + seconds * 1000).toISOString(),
      old: seconds < 40 ? 6 : seconds < 90 ? 5 : seconds < 200 ? 4 : 5,
      new: seconds < 20 ? 0 : seconds < 30 ? 2 : seconds < 130 ? 4 : seconds < 160 ? 1 : 0,
      starting: seconds < 20 ? 2 : 0,
      failed: seconds < 49 ? 0 : seconds < 92 ? 1 : seconds < 128 ? 2 : 3,
    };
  });

const deploymentView: DeploymentView = {
  name: `service#production/search deployment#${today('14:27:40')}#${ids.search}`,
  id: ids.search,
  service: 'production/search',
  stage: 'production',
  release: releases[2]?.name ?? '',
  operation: 'image',
  image: image('search', 'v1.19.0', '9b04f7d2'),
  trigger: { kind: 'push' },
  startedAt: today('14:27:40'),
  phase: 'rollingBack',
  revision: 'search:88',
  previousRevision: 'search:87',
  previousImage: 'search:v1.18.4',
  progress: { desired: 6, running: 5, pending: 1, failed: 3 },
  rollback: { since: today('14:30:04'), method: 'stop', reason: 'CRASHED', message: '3 tasks failed: 3 × exit 1 in app' },
  failures: [{ count: 3, description: 'exit 1 in app: Essential container in task exited (EssentialContainerExited)' }],
  log: {
    container: 'app',
    lines: [
      '14:29:58.1 INFO  search 1.19.0 starting, node 24.1.0',
      '14:29:58.9 INFO  index manifest: 214 shards',
      '14:29:59.4 INFO  user=search password=[redacted] tls=on',
      '14:30:00.0 ERROR mapping v12 is required, found v11',
      '14:30:00.0 ERROR IncompatibleMapping: migrate first',
      '14:30:00.0 FATAL exit 1',
    ],
  },
  events: ['(service search) rolling back to deployment ecs-svc/8814402217', '(service search) has started 1 tasks: (task 30d6c729)'],
  consoleUrl: 'https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/x',
};

const path = [
  'OpenDeployment',
  'IsOpened',
  'AcquireLease',
  'IsLeaseGranted',
  'RegisterRevision',
  'IsRegistered',
  'UpdateService',
  'IsUpdated',
  'WatchRollout',
  'IsRolloutComplete',
  'RollBack',
  'IsRollbackStarted',
  'WatchRollout',
];
const endOfFailed = ['IsRolloutComplete', 'CloseDeployment', 'IsReporting', 'Failed'];

export const deployment: DeploymentDetail = {
  at,
  deployment: deploymentView,
  ...(services[7] && { row: services[7] }),
  machine: machineOf('deployment', path, { WatchRollout: { seconds: 125, woken: 5, entries: 6 } }),
  samples: samplesOf(),
  isRebuilt: false,
  marks: [
    { at: today('14:27:52'), label: 'UpdateService', kind: 'update' },
    { at: today('14:28:41'), label: '1st failure', kind: 'failure' },
    { at: today('14:30:04'), label: 'RollBack', kind: 'rollback' },
  ],
  desired: 6,
  failureLimit: 3,
  timeline: [
    { at: today('14:31:17'), kind: 'note', title: '1 of 2 old tasks is healthy again, 1 is starting', from: 'ECS event' },
    {
      at: today('14:30:04'),
      kind: 'rollback',
      title: 'RollBack',
      detail: 'StopServiceDeployment with ROLLBACK, to search:87',
      seconds: 0.7,
    },
    { at: today('14:30:00'), kind: 'taskFailed', title: 'Task 30d6c729 failed, 3 of 3', detail: 'exit 1 in app', from: 'after 22 s' },
    { at: today('14:29:22'), kind: 'taskFailed', title: 'Task 91bc04e2 failed, 2 of 3', detail: 'exit 1 in app', from: 'after 21 s' },
    { at: today('14:28:41'), kind: 'taskFailed', title: 'Task 5f7a11d8 failed, 1 of 3', detail: 'exit 1 in app', from: 'after 22 s' },
    { at: today('14:27:52'), kind: 'update', title: 'UpdateService', detail: 'search:88, nothing else', seconds: 0.6 },
    { at: today('14:27:50'), kind: 'step', title: 'RegisterRevision', detail: 'search:88, search:87 with the new digest', seconds: 1.1 },
    { at: today('14:27:41'), kind: 'step', title: 'AcquireLease', detail: 'granted at once', seconds: 0.2 },
  ],
  stopped: ['30d6c729', '91bc04e2', '5f7a11d8'].map((id, index) => ({
    id,
    zone: `eu-west-1${index === 1 ? 'a' : 'b'}`,
    stoppedAt: today(['14:30:00', '14:29:22', '14:28:41'][index] ?? ''),
    ranSeconds: 21 + (index % 2),
    container: 'app',
    exitCode: 1,
    reason: 'Essential container in task exited',
  })),
  diff: [
    { kind: 'same', path: 'containerDefinitions[0]', value: 'app' },
    { kind: 'removed', path: 'containerDefinitions[0].image', value: '…/search@sha256:3f7be2a9… v1.18.4' },
    { kind: 'added', path: 'containerDefinitions[0].image', value: '…/search@sha256:9b04f7d2… v1.19.0' },
  ],
  fields: 41,
  logUrl: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups',
  rollbackBy: today('15:00:03'),
  isOpen: true,
  problems: [],
};

/** The details of other deployments, which have ended. */
export const endedDeployment = (outcome: Outcome, reason: Reason): DeploymentDetail => {
  const { progress: _, ...ended } = deploymentView;
  return {
    ...deployment,
    deployment: {
      ...ended,
      id: ids.checkout,
      service: 'production/checkout',
      image: image('checkout', 'main-311', 'b1d6e093'),
      phase: 'ended',
      endedAt: today('14:07:11'),
      result: { outcome, reason, message: 'main-311 runs out of memory, and the rollback to checkout:64 failed too.' },
    },
    machine: machineOf('deployment', [...path, ...endOfFailed]),
    isRebuilt: true,
    isOpen: false,
  };
};

const { doing: _doing, stages: _stages, ...waitingRelease } = releases[0] as ReleaseRow;
const releaseView: ReleaseView = {
  ...waitingRelease,
  stages: [
    {
      name: 'staging',
      state: 'succeeded',
      services: ['web', 'worker'].map((name) => ({
        service: `staging/${name}`,
        deployment: {
          ...deploymentView,
          id: `66666666-deploy-${name}-main-42`,
          service: `staging/${name}`,
          stage: 'staging',
          image: image('my-learn-app', 'main-42', '7c1ea90f'),
          previousImage: 'my-learn-app:main-41',
          startedAt: today('14:16:52'),
          endedAt: today('14:18:49'),
          phase: 'ended',
          result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: 'It runs.' },
        },
      })),
    },
    { name: 'production', state: 'waiting', services: [{ service: 'production/web' }, { service: 'production/worker' }] },
  ],
  passedOver: [],
  approvals: [],
  warnings: [],
  consoleUrl: deploymentView.consoleUrl,
};

export const release: ReleaseDetail = {
  at,
  release: releaseView,
  rows: services.filter(({ name }) => name === 'web' || name === 'worker'),
  gates: [
    { stage: 'staging', hasApproval: false, hasWindow: false, hasBeforeTask: false, hasVerification: false },
    {
      stage: 'production',
      requires: 'staging',
      hasApproval: true,
      hasWindow: true,
      hasBeforeTask: true,
      hasVerification: true,
      onFailure: 'rollBackAll',
    },
  ],
  ...(releases[0]?.waiting && { waiting: releases[0].waiting }),
  createdAt: today('13:58:02'),
  before: image('my-learn-app', 'main-41', '9c3e71d0', { commit: '4be2f07112' }),
  commitUrl: 'https://github.com/example/my-learn-app/commit/a980163c5b',
  compareUrl: 'https://github.com/example/my-learn-app/compare/4be2f07112...a980163c5b',
  timeline: [
    { at: today('14:20:11'), kind: 'approval', title: 'Approval asked', from: 'production' },
    { at: today('14:20:09'), kind: 'succeeded', title: 'Stage staging is complete', seconds: 200 },
    {
      at: today('14:20:07'),
      kind: 'succeeded',
      title: 'staging/worker',
      detail: 'SUCCEEDED, DEPLOYED',
      seconds: 194,
      href: `/deployments/staging/worker/${ids.search}`,
    },
    { at: today('14:16:52'), kind: 'started', title: 'Two deployments started', from: 'staging' },
    { at: today('14:16:41'), kind: 'push', title: 'my-learn-app:main-42 was pushed', from: 'ECR' },
    { at: today('13:58:02'), kind: 'commit', title: 'Commit a980163c', from: 'image label' },
  ],
  isOpen: true,
  problems: [],
};

type Row = readonly [
  service: string,
  from: string,
  to: string,
  outcome: Outcome | undefined,
  reason: Reason | undefined,
  message: string,
  by: string,
  startedAt: string,
  seconds: number,
];
const rows: readonly Row[] = [
  ['production/orders-api', 'v2.7.1', 'v2.8.0', undefined, undefined, '', '', today('14:30:02'), 0],
  ['production/search', 'v1.18.4', 'v1.19.0', undefined, undefined, '', '', today('14:27:40'), 0],
  ['staging/search', 'v1.18.4', 'v1.19.0', 'SUCCEEDED', 'DEPLOYED', '', '', today('14:22:00'), 62],
  [
    'production/checkout',
    'main-310',
    'main-311',
    'ROLLBACK_FAILED',
    'CRASHED',
    '3 × exit 137 in app; main-310 is gone from ECR',
    '',
    today('14:02:02'),
    309,
  ],
  [
    'production/notifier',
    'main-18',
    'main-19',
    'UNKNOWN',
    'AWS_ERROR',
    'AccessDeniedException in WatchRollout for 22 min',
    '',
    today('13:29:00'),
    1320,
  ],
  ['production/billing', 'main-76', 'main-78', 'SKIPPED', 'ON_HOLD', 'on hold by ada: database move', '', today('11:29:00'), 1],
  [
    'production/images',
    '2.4.1',
    '2.5.0-rc',
    'FAILED',
    'PREFLIGHT',
    'no linux/arm64 platform; nothing was changed',
    'grace',
    today('10:12:00'),
    2,
  ],
  [
    'staging/accounts',
    '5.2.0',
    '5.3.0',
    'ROLLED_BACK',
    'UNHEALTHY',
    '3 × health check failed in app; back on accounts:92',
    '',
    daysAgo(1, '16:48:00'),
    221,
  ],
  [
    'production/web',
    'main-40',
    'main-39',
    'SUCCEEDED',
    'ROLLED_BACK_BY_OPERATOR',
    'latency doubled on /courses',
    'ada',
    daysAgo(1, '15:07:00'),
    132,
  ],
  ['staging/web', 'main-39', 'main-40', 'SUPERSEDED', 'NEWER_DEPLOYMENT', 'main-41 was pushed 40 s later', '', daysAgo(1, '14:31:00'), 58],
  ['production/worker', 'main-39', 'main-39', 'SUCCEEDED', 'REDEPLOYED', 'new database password', 'linus', daysAgo(1, '11:02:00'), 182],
  ['production/reports', 'main-8', 'main-9', 'SUCCEEDED', 'NOTHING_RUNNING', 'desired count is 0', '', daysAgo(1, '10:40:00'), 31],
];

const recordOf = ([name, from, to, outcome, reason, message, by, startedAt, seconds]: Row, index: number): HistoryRecord => ({
  name: `service#${name} deployment#${startedAt}#${index}`,
  id: `${index}-deploy-${to}`,
  kind: 'deployment',
  service: name,
  repository: name.split('/')[1] ?? '',
  stage: name.split('/')[0] ?? '',
  from,
  image: image(name.split('/')[1] ?? '', to, `${(index % 10).toString()}0c4d3e2`),
  phase: outcome ? 'ended' : index === 0 ? 'rollingOut' : 'rollingBack',
  ...(outcome && { outcome, endedAt: new Date(Date.parse(startedAt) + seconds * 1000).toISOString() }),
  ...(reason && { reason }),
  ...(message && { message }),
  trigger: by ? { kind: 'hand', by } : { kind: 'push' },
  startedAt,
});

/** The newest first; one of them is of another schema. */
export const history = (count = 137): readonly HistoryRecord[] => [
  ...rows.map(recordOf),
  {
    name: 'service#production/web deployment#2026-11-24T10:00:00Z#x',
    id: 'x-deploy-old',
    kind: 'deployment',
    service: 'production/web',
    phase: 'ended',
    trigger: { kind: 'push' },
    startedAt: daysAgo(2, '10:00:00'),
    unreadable: { why: 'its schema is 3, and this version reads 2', json: '{"schema":3,"service":"production/web"}' },
  },
  ...Array.from({ length: Math.max(0, count - rows.length - 1) }, (_, index) => {
    const row = rows[2 + (index % (rows.length - 2))] as Row;
    return recordOf(
      [
        ...row.slice(0, 7),
        daysAgo(3 + Math.floor(index / 12), `${String(20 - (index % 12)).padStart(2, '0')}:00:00`),
        row[8],
      ] as unknown as Row,
      rows.length + index,
    );
  }),
];

const monthsOf = (factor: number): Month[] =>
  Array.from({ length: 12 }, (_, index) => ({
    month: new Date(Date.UTC(2025, 11 + index, 1)).toISOString().slice(0, 7),
    deployments: Math.round((4 + index) * factor),
    perWorkingDay: ((4 + index) * factor) / 20,
    leadSeconds: 5400 - index * 240,
    failureRate: index === 11 ? 0.079 : 0.043,
    restoreSeconds: 420 - index * 20,
  }));

export const insights: Insights = {
  at,
  records: 2014,
  isComplete: true,
  months: monthsOf(9),
  services: ['checkout', 'orders-api', 'search', 'web', 'worker', 'accounts', 'notifier', 'billing', 'images'].map((name, index) => ({
    service: `production/${name}`,
    months: monthsOf(1 + (index % 3)),
    p50: 120 + index * 10,
    p95: 240 + index * 30,
  })),
  reasons: [
    {
      reason: 'CRASHED',
      count: 9,
      services: [
        { service: 'production/search', count: 4 },
        { service: 'production/checkout', count: 4 },
        { service: 'production/web', count: 1 },
      ],
    },
    { reason: 'UNHEALTHY', count: 5, services: [{ service: 'production/checkout', count: 5 }] },
    { reason: 'ON_HOLD', count: 4, services: [{ service: 'production/billing', count: 4 }] },
  ],
  problems: [],
};

export const serviceDetail = (row: ServiceRow): ServiceDetail => ({
  at,
  row,
  knownGood: [
    ['main-76', 'c4d10b9e', 9],
    ['main-75', '8d10c4ee', 11],
    ['main-73', '51b7a0f2', 14],
    ['main-72', 'e6630a1b', 19],
  ].map(([tag, short, days], index) => ({
    repository: row.name,
    tag: String(tag),
    digest: digestOf(String(short)),
    revision: `${row.name}:${143 - index}`,
    at: daysAgo(Number(days)),
    runsNow: index === 0,
  })),
  queued: [],
  withheld:
    row.state.kind === 'hold' ? [{ repository: row.name, tag: 'main-78', digest: digestOf('20f7c8b1'), pushedAt: today('11:29:00') }] : [],
  stages: [{ repository: row.name, stage: row.cluster, isProduction: row.isProduction }],
  history: history(30).filter((record) => record.service === row.id),
  problems: [],
});

/** The states that the page may be shown in, by name. */
export const variants: Readonly<Record<string, () => Overview>> = {
  bad: () => overview,
  calm: () => calm,
  'first-day': () => firstDay,
  many: () => many(),
  denied: () => ({
    ...overview,
    services: services.map(({ tasks: _, running: _running, desired: _desired, ...row }) => row),
    problems: [accessDenied],
  }),
  expired: () => ({ ...overview, problems: [expired] }),
  untrusted: () => withUntrustedTexts(overview),
};
