import { CommandError } from '../../cli/command-error.js';
import type { RepositoryStatus } from '../../core/query/answers.js';
import type { ServiceRow } from '../../page/api.js';
import { attentionOf } from '../../page/server/attention.js';
import { inOrder, releaseRow } from '../../page/server/overview.js';
import { problemOf, reasonOf } from '../../page/server/problems.js';
import { rowOf } from '../../page/server/rows.js';
import { digest, otherDigest } from '../core/given.js';
import { at, counts, deployment, ended, release, service, web } from './given-stack.js';

const rowWith = (name: string, changes: Partial<ServiceRow> = {}): ServiceRow => ({
  ...rowOf({ status: service(name), counts: counts(), waits: [], isProduction: false }),
  ...changes,
});

test('rows are by cluster, then name, and keep their places', () => {
  const rows = ['staging/web', 'production/web', 'production/api', 'Staging/a'].map((name) => rowWith(name));

  expect(inOrder(rows).map(({ id }) => id)).toEqual(['Staging/a', 'production/api', 'production/web', 'staging/web']);
});

describe('a release', () => {
  const repositories: RepositoryStatus[] = [
    {
      repository: 'my-learn-app',
      stages: [
        { name: 'staging', services: ['staging/web'] },
        { name: 'production', services: [web, 'production/worker'] },
        { name: 'elsewhere', services: ['elsewhere/web'] },
      ],
      releases: [],
    },
  ];
  const runs = { sources: [{ repository: 'my-learn-app', digest }] };
  const runsOther = { sources: [{ repository: 'my-learn-app', digest: otherDigest }] };
  const state = { kind: 'rollingOut', done: 1, of: 4, starting: 2 } as const;
  const rows = new Map(
    [
      rowWith('staging/web', runs),
      rowWith(web, { ...runsOther, state }),
      rowWith('production/worker', runs),
      rowWith('elsewhere/web', runs),
    ].map((row) => [row.id, row]),
  );

  test('how far each stage is, and what it does now', () => {
    const deployments = [deployment({ release: release().name }), deployment({ service: 'elsewhere/web', id: 'other' })];

    expect(releaseRow(release(), { repositories, deployments, rows })).toMatchObject({
      stages: [
        { name: 'staging', state: 'succeeded', done: 1, of: 1 },
        { name: 'production', state: 'running', kind: 'rollingOut', done: 1, of: 2, tasks: { done: 1, of: 4 } },
        { name: 'elsewhere', state: 'ahead', done: 0, of: 1 },
      ],
      doing: { kind: 'rollingOut', service: web, done: 1, of: 4, starting: 2 },
    });
  });

  test('that waits before a stage', () => {
    const waiting = { stage: 'production', for: 'approval' as const, since: at(1), until: at(59) };

    expect(releaseRow(release({ waiting }), { repositories, deployments: [], rows })).toMatchObject({
      stages: [{ state: 'succeeded' }, { state: 'waiting', kind: 'approval', done: 0, of: 2 }, { state: 'ahead' }],
      doing: { kind: 'approval' },
    });
  });

  test('whose repository was taken out of slipway.yml has no stages', () => {
    expect(releaseRow(release(), { repositories: [], deployments: [], rows })).toMatchObject({ stages: [], doing: { kind: 'starting' } });
  });

  test('that has reached no stage: all are ahead', () => {
    const { stage: _, ...unplanned } = release();

    const { stages } = releaseRow(unplanned, { repositories, deployments: [], rows });

    expect(stages.map((one) => one.state)).toEqual(['ahead', 'ahead', 'ahead']);
  });
});

test('what needs an operator: failed, unknown, approvals, lost messages, unreadable; each the oldest first', () => {
  const failed = (name: string, endedAt: string) => ended('ROLLBACK_FAILED', { service: name, endedAt });
  const decisive = new Map([
    ['a/new', failed('a/new', at(9))],
    ['b/old', failed('b/old', at(1))],
    ['c/unknown', ended('UNKNOWN', { service: 'c/unknown', endedAt: at(0) })],
  ]);
  const rows = [
    rowWith('a/new', { state: { kind: 'failed' } }),
    rowWith('b/old', { state: { kind: 'failed' } }),
    rowWith('c/unknown', { state: { kind: 'unknown' } }),
    rowWith('d/odd', { state: { kind: 'unreadable', message: 'schema is 1' } }),
    rowWith('e/fine'),
  ];
  const waiting = {
    stage: 'production',
    for: 'approval' as const,
    since: at(2),
    until: at(59),
    release: release().name,
    image: { repository: 'my-learn-app', digest },
  };
  const stages = [
    { name: 'production', services: [web], waiting },
    { name: 'later', services: [web], waiting: { ...waiting, for: 'window' as const } },
  ];

  const found = attentionOf({
    rows,
    decisive,
    repositories: [{ repository: 'my-learn-app', stages, releases: [] }],
    lost: [
      { queue: 'pushes', count: 2, since: at(3) },
      { queue: 'events', count: 0, since: at(3) },
    ],
    seenAt: () => at(4),
  });

  expect(found).toMatchObject([
    {
      kind: 'failed',
      service: 'b/old',
      since: at(1),
      runbook: 'rollback_failed',
      toDo: 'check what the service runs',
      running: 2,
      desired: 2,
    },
    { kind: 'failed', service: 'a/new' },
    { kind: 'unknown', service: 'c/unknown' },
    { kind: 'approval', stage: 'production', services: [web], release: 'push-1', until: at(59), image: { digest } },
    { kind: 'lostMessages', queue: 'pushes', count: 2 },
    { kind: 'unreadable', service: 'd/odd', since: at(4), message: 'schema is 1' },
  ]);
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
});

describe('a read that failed', () => {
  const named = (name: string, changes: object = {}): Error => Object.assign(new Error('its message'), { name, ...changes });

  test.each([
    [new CommandError('', { code: 'EXPIRED_CREDENTIALS' }), 'CREDENTIALS_EXPIRED'],
    [named('ExpiredTokenException'), 'CREDENTIALS_EXPIRED'],
    [named('CredentialsProviderError'), 'NO_CREDENTIALS'],
    [named('UnrecognizedClientException'), 'NO_CREDENTIALS'],
    [new CommandError('', { code: 'ACCESS_DENIED' }), 'ACCESS_DENIED'],
    [named('AccessDeniedException'), 'ACCESS_DENIED'],
    [named('ThrottlingException'), 'THROTTLED'],
    [new CommandError('', { code: 'API_TOO_NEW' }), 'OTHER_VERSION'],
    [new CommandError('', { code: 'UNREADABLE' }), 'UNREADABLE'],
    [new CommandError('', { code: 'NO_STACK' }), 'UNREACHABLE'],
    [named('TimeoutError'), 'UNREACHABLE'],
    [named('Error', { code: 'constructor' }), 'INTERNAL'],
    [new TypeError('bug'), 'INTERNAL'],
    ['no error', 'INTERNAL'],
  ])('%s is %s', (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });

  test('names the permission that is missing, and the command that renews credentials', () => {
    const read = { of: 'services' as const, permission: 'ecs:DescribeServices' };

    expect(problemOf(named('AccessDeniedException'), read, { since: at(0) })).toMatchObject({ permission: 'ecs:DescribeServices' });
    expect(problemOf(named('ExpiredToken'), read, { since: at(0), profile: "it's mine" })).toMatchObject({
      command: "aws sso login --profile 'it'\\''s mine'",
    });
    expect(problemOf(named('ExpiredToken'), read, { since: at(0) })).toMatchObject({ command: 'aws sso login' });
  });
});
