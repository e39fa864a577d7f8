import { stripVTControlCharacters } from 'node:util';
import width from 'string-width';
import { deploymentLines } from '../../../cli/render/deployment.js';
import { explainLines } from '../../../cli/render/explanation.js';
import { historyLines } from '../../../cli/render/history.js';
import { logLines } from '../../../cli/render/log.js';
import { planLines } from '../../../cli/render/plan.js';
import { releaseLines } from '../../../cli/render/release.js';
import { statusLines } from '../../../cli/render/status.js';
import type { Style } from '../../../cli/render/style.js';
import type { Explanation } from '../../../core/policy/explain.js';
import { resultOf } from '../../../core/result/result.js';
import type { Plan } from '../../../functions/shared/plan.js';
import * as answers from './answers.js';

const { ago, crashed, deployment, deploymentSummary, digest, failures, head, image, log, moving, release, releaseSummary, styleOf } =
  answers;

const explain: Explanation[] = [
  {
    stage: 'staging',
    service: 'staging/web',
    isDeployed: false,
    code: 'TAG_NOT_MATCHED',
    message: 'tag v1.4.0 matches none of the patterns main-* of stage staging',
  },
  {
    stage: 'production',
    service: 'production/web',
    isDeployed: true,
    code: 'DEPLOYED',
    message: 'tag v1.4.0 matches semver:>=1.0.0 of stage production',
  },
  {
    stage: 'production',
    service: 'production/worker-with-a-longer-name-than-others',
    isDeployed: false,
    code: 'ON_HOLD',
    message: 'on hold since 2026-11-28T08:00:00.000Z, by ada: the sale',
  },
];

const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const plan: Plan = {
  repository: 'my-learn-app',
  image: 'my-learn-app:v1.4.0 (f7f7f7f7f7f7)',
  digest: digest('f7'),
  explain,
  stages: [
    {
      stage: 'production',
      gates: {
        requires: 'staging',
        approval: { timeoutSeconds: 86_400, remindAfterSeconds: 43_200 },
        window: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '16:00', timezone: 'Europe/Berlin' },
        freeze: [{ from: '2026-12-20', to: '2027-01-02', timezone: 'Europe/Berlin', reason: 'holidays' }],
        opening: {
          isOpen: false,
          opensAt: '2026-11-30T08:00:00.000Z',
          because: 'window',
          says: 'its window is mon-fri 09:00-16:00 Europe/Berlin',
        },
      },
      beforeTasks: [{ of: 'stage', service: 'production/web', container: 'app', command: ['npm', 'run', 'migrate'], timeoutSeconds: 600 }],
      findings: [
        { code: 'ALARM', severity: 'warn', service: 'production/web', message: 'production/web: alarm web-5xx is in ALARM' },
        {
          code: 'IMAGE_INCOMPLETE',
          severity: 'block',
          message: '2 layers of f7f7f7f7f7f7 for linux/arm64 are not in ECR: push the image again',
        },
      ],
      services: [
        {
          service: 'production/web',
          from: 'my-learn-app:main-1',
          to: 'my-learn-app:v1.4.0 (f7f7f7f7f7f7)',
          isRunning: false,
          differences: {
            shown: [
              {
                path: 'containerDefinitions[app].image',
                before: `${registry}/my-learn-app:main-1`,
                after: `${registry}/my-learn-app@${digest('f7')}`,
              },
              { path: 'containerDefinitions[app].environment[LOG_LEVEL].value', after: '***' },
            ],
            more: 2,
          },
        },
        {
          service: 'production/worker-with-a-longer-name-than-others',
          from: '',
          to: 'my-learn-app:v1.4.0 (f7f7f7f7f7f7)',
          isRunning: false,
          differences: { shown: [], more: 0 },
        },
      ],
    },
  ],
};

const onePage = {
  ...head,
  releases: [
    releaseSummary({ stage: 'staging' }),
    releaseSummary({ image: image('main-6', '0f'), startedAt: ago(7600), endedAt: ago(7200), result: answers.deployed }),
    releaseSummary({ image: image('main-5', '05'), startedAt: ago(3 * 86_400), endedAt: ago(3 * 86_400 - 400), result: crashed }),
    releaseSummary({ image: image('t'.repeat(128), '04'), startedAt: ago(90 * 86_400), endedAt: ago(90 * 86_400 - 9), result: crashed }),
  ],
  next: 'eyJwIjoxfQ',
};

const needing = [...answers.status.services].find(({ service }) => service === 'production/web')!;

/** Every view, of what a reader may meet. */
const views: Readonly<Record<string, (style: Style) => string[]>> = {
  'status of the stack': (style) => statusLines(answers.status, style),
  'status of a service': (style) => statusLines({ ...head, repositories: [], services: [needing] }, style),
  'history of a repository': (style) => historyLines(onePage, ['history', 'my-learn-app'], style),
  'history of a service': (style) =>
    historyLines(
      {
        ...head,
        deployments: [
          deploymentSummary('production/web', { operation: 'rollback', trigger: { kind: 'hand', by: 'ada' } }),
          deploymentSummary('production/web', { result: resultOf('SKIPPED', 'ON_HOLD', 'on hold since 2026-11-28T08:00:00.000Z, by ada') }),
        ],
      },
      [],
      style,
    ),
  'a release in progress': (style) => releaseLines(answers.inProgress, style),
  'a release that waits for approval': (style) =>
    releaseLines(
      release({
        waiting: { stage: 'production', for: 'approval', since: ago(60), until: '2026-11-29T08:00:00.000Z' },
        stages: [
          { name: 'staging', state: 'succeeded', services: [{ service: 'staging/web', deployment: deployment('staging/web') }] },
          { name: 'production', state: 'waiting', services: [{ service: 'production/web' }] },
        ],
      }),
      style,
    ),
  'a deployment that was rolled back': (style) =>
    deploymentLines(
      deployment('production/web', {
        result: crashed,
        failures,
        log,
        events: ['(service web) deployment ecs-svc/1 deployment failed: tasks failed to start.'],
        revision: 'production-web:42',
        previousRevision: 'production-web:41',
        previousImage: 'my-learn-app:main-6 (0f0f0f0f0f0f)',
        release: release().name,
      }),
      style,
    ),
  'a deployment that moves': (style) =>
    deploymentLines(
      moving('production/web', {
        phase: 'verifying',
        progress: { desired: 0, running: 0, pending: 0, failed: 0 },
        verification: { since: ago(9), url: 'https://example.com/health' },
      }),
      style,
    ),
  'an explanation': (style) => explainLines({ ...head, image: image('v1.4.0', 'f7'), explain }, 'my-learn-app:v1.4.0', style),
  'a plan': (style) => planLines(plan, style),
  logs: (style) =>
    logLines(
      {
        ...head,
        service: 'production/web',
        logs: [
          { container: 'app', task: '0123456789abcdef0123456789abcdef', isStopped: true, lines: log.lines },
          { container: 'proxy', task: '0123456789abcdef0123456789abcdef', isStopped: false, lines: [] },
          {
            container: 'router',
            task: 'fedcba9876543210fedcba9876543210',
            isStopped: false,
            lines: [],
            unread: 'its log driver is awsfirelens: its lines are not in CloudWatch Logs',
          },
        ],
      },
      style,
    ),
};

describe.each(Object.entries(views))('%s', (_, view) => {
  test.each([80, 120])('%i columns', (columns) => expect(`\n${view(styleOf(columns)).join('\n')}\n`).toMatchSnapshot());

  test('no line is wider than the terminal, but for a word, a line to paste, and the line of a log', () => {
    for (const columns of [80, 100, 120]) {
      const tooWide = view(styleOf(columns)).filter((line) => width(line) > columns);
      expect(tooWide.filter((line) => !/^ *(npx |│ )/.test(line) && !/\S{40}/.test(line))).toEqual([]);
    }
  });

  test('colours change nothing else', () =>
    expect(view(styleOf(80, { colors: true })).map(stripVTControlCharacters)).toEqual(view(styleOf(80))));

  test('a pipe gets whole lines', () => {
    const lines = view(styleOf(Number.POSITIVE_INFINITY));
    expect(lines.length).toBeLessThanOrEqual(view(styleOf(80)).length);
  });
});

/** Every text of an answer with control characters and escape sequences around it. */
const untrusted = <Answer>(answer: Answer): Answer =>
  JSON.parse(JSON.stringify(answer), (key, value) =>
    typeof value === 'string' && ['tag', 'message', 'reason', 'by', 'description', 'command', 'commit', 'id', 'url'].includes(key)
      ? `\u001b[2J${value}\u009b31m\u202e\r\n\u0007`
      : value,
  );

test('text from outside is shown as text', () => {
  const style = styleOf(80);
  const lines = [
    ...statusLines(untrusted(answers.status), style),
    ...releaseLines(untrusted(answers.inProgress), style),
    ...historyLines(untrusted(onePage), [], style),
    ...planLines(untrusted(plan), style),
    ...explainLines({ ...head, explain: untrusted(explain) }, 'a:\u001b[2J', style),
    ...logLines(
      { ...head, service: 'a', logs: [{ container: 'a', task: 'b', isStopped: false, lines: ['\u001b[31mred\u001b[0m \u009b2J\ttab'] }] },
      style,
    ),
    ...deploymentLines(untrusted(deployment('production/web', { result: crashed, failures, log })), style),
  ];
  expect(lines.filter((line) => /[\p{Cc}\p{Cf}]/u.test(line))).toEqual([]);
  expect(lines).toContain('  red  tab');
});

test('200 services: a row each, aligned, however long one name is', () => {
  const services = Array.from({ length: 200 }, (_, place) => `production/service-${place}`).concat(`production/${'x'.repeat(100)}`);
  const lines = statusLines(
    {
      ...head,
      repositories: [{ repository: 'my-learn-app', stages: [{ name: 'production', services }], releases: [] }],
      services: services.map((service) => ({
        service,
        sources: [answers.runs('main-5', '05')],
        queued: [],
        last: deploymentSummary(service, { image: image('main-5', '05') }),
      })),
    },
    styleOf(80),
  );
  expect(lines.filter((line) => line.includes('main-5 (050505050505)  deployed, 1 min ago'))).toHaveLength(201);
  expect(new Set(lines.flatMap((line) => (line.includes('deployed') ? line.indexOf('main-5') : [])))).toEqual(new Set([30]));
  expect(lines).toContain(`    ✓ production/${'x'.repeat(100)}`);
});

test('a stack without repositories, a service that was never deployed and an item that cannot be read', () => {
  expect(statusLines({ ...head, repositories: [], services: [] }, styleOf(80)).at(-1)).toBe(
    'slipway.yml of this stack names no repository.',
  );
  const services = [
    { service: 'a/never', sources: [], queued: [] },
    { service: 'a/broken', sources: [], queued: [], unreadable: 'its item has schema 9; this version reads 2' },
  ];
  const repositories = [{ repository: 'app', stages: [{ name: 'all', services: ['a/never', 'a/broken'] }], releases: [] }];
  const lines = statusLines({ ...head, repositories, services }, styleOf(80));
  expect(lines.slice(2, 5)).toEqual([
    'Needs you',
    '  ! a/broken: its state cannot be read',
    '    its item has schema 9; this version reads 2',
  ]);
  expect(statusLines({ ...head, repositories, services }, styleOf(80, { colors: true })).map(stripVTControlCharacters)).toEqual(lines);
  expect(lines.slice(-2)).toEqual([
    '    · a/never   nothing deployed yet',
    '    ! a/broken  nothing deployed yet  its state cannot be read',
  ]);
});

test('a quarantine needs no operator once the service was deployed since', () => {
  const fixed = { ...needing, last: deploymentSummary('production/web', { startedAt: ago(600) }) };
  expect(statusLines({ ...head, repositories: [], services: [fixed] }, styleOf(80))).not.toContain('Needs you');
  // A later push that was skipped repairs nothing.
  const skipped = deploymentSummary('production/web', { startedAt: ago(600), result: resultOf('SKIPPED', 'QUARANTINED', 'quarantined') });
  expect(statusLines({ ...head, repositories: [], services: [{ ...needing, last: skipped }] }, styleOf(80))).toContain('Needs you');
});

test('records of another version are left out of a history, and named', () => {
  const unreadable = ['the release 2026-11-20T09:00:00.000Z has schema 9; this version reads 2'];
  expect(historyLines({ ...head, releases: [], unreadable }, [], styleOf(120))).toEqual([`left out: ${unreadable[0]}`]);
  expect(historyLines({ ...head, releases: [] }, [], styleOf(120))).toEqual(['Nothing yet.']);
});

test('a release that ended because of a service has its message once', () => {
  const failed = release({
    result: crashed,
    stages: [
      {
        name: 'staging',
        state: 'failed',
        services: [{ service: 'staging/web', deployment: deployment('staging/web', { result: crashed }) }],
      },
    ],
  });
  const text = releaseLines(failed, styleOf(Number.POSITIVE_INFINITY)).join('\n');
  expect(text.split(crashed.message)).toHaveLength(2);
  expect(releaseLines({ ...failed, stages: [] }, styleOf(Number.POSITIVE_INFINITY)).join('\n')).toContain(crashed.message);
});

test('the frame of a live view moves the marks of what is in progress, and nothing else', () => {
  const [still, moved] = [
    releaseLines(answers.inProgress, styleOf(80, { frame: 0 })),
    releaseLines(answers.inProgress, styleOf(80, { frame: 1 })),
  ];
  const differing = still.flatMap((line, place) => (line === moved[place] ? [] : line.trim().slice(1)));
  expect(differing).toEqual([' production', expect.stringMatching(/^ production\/web +rolling out/)]);
});
