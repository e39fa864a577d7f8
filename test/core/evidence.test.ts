import { evidenceOf, failureLimit, masked } from '../../core/evidence.js';
import { stoppedTask } from './given.js';

const scheduler = 'ServiceSchedulerInitiated';

describe('a stopped task', () => {
  test.each([
    ['that was scaled in', { stopCode: scheduler, stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' }],
    ['on Spot capacity that was taken back', { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' }],
    ['whose instance went away', { stopCode: 'TerminationNotice', stoppedReason: 'Host EC2 terminated' }],
    ['on an unhealthy host', { stopCode: 'InfrastructureHealth', stoppedReason: 'Infrastructure is not healthy' }],
    ['that a person stopped', { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }],
  ])('%s says nothing about the image', (_, changes) => {
    expect(evidenceOf([stoppedTask(changes)])).toEqual({ failedTasks: 0, cause: '', groups: [], newest: undefined });
  });

  test.each([
    ['exited', {}, 'CRASHED', 'exit 1 in app: Essential container in task exited'],
    [
      'was killed for its memory',
      { containers: [{ name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }] },
      'CRASHED',
      'exit 137 in app: Essential container in task exited: OutOfMemoryError: Container killed due to memory usage',
    ],
    [
      'failed the load balancer’s health check',
      { stopCode: scheduler, stoppedReason: 'Task failed ELB health checks in (target-group web)', containers: [{ name: 'app' }] },
      'UNHEALTHY',
      'Task failed ELB health checks in (target-group web)',
    ],
    [
      'failed its container’s health check',
      {
        stopCode: scheduler,
        stoppedReason: 'Task failed container health checks',
        containers: [{ name: 'app', health: 'UNHEALTHY' }],
      },
      'UNHEALTHY',
      'app is unhealthy: Task failed container health checks',
    ],
    [
      'could not pull its image',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'CannotPullContainerError: pull image manifest has been retried 1 time(s)',
        containers: [{ name: 'app' }],
      },
      'CANNOT_PULL',
      'CannotPullContainerError: pull image manifest has been retried 1 time(s)',
    ],
    [
      'could not pull its image, as only its container tells',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Task failed to start',
        containers: [{ name: 'app', reason: 'CannotPullContainerError: manifest unknown' }],
      },
      'CANNOT_PULL',
      'Task failed to start: CannotPullContainerError: manifest unknown',
    ],
    [
      'could not start for a missing secret',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'ResourceInitializationError: unable to pull secrets',
        containers: [{ name: 'app' }],
      },
      'CRASHED',
      'ResourceInitializationError: unable to pull secrets',
    ],
    [
      'says the same twice, which is told once',
      { stoppedReason: 'CannotStartContainerError: no such file', containers: [{ name: 'app', reason: 'no such file' }] },
      'CRASHED',
      'CannotStartContainerError: no such file',
    ],
    ['stopped without a word', { stopCode: '', stoppedReason: '', containers: [] }, 'CRASHED', ''],
    [
      'whose essential container exited well',
      { containers: [{ name: 'app', exitCode: 0 }] },
      'CRASHED',
      'Essential container in task exited',
    ],
  ])('that %s failed', (_, changes, cause, what) => {
    expect(evidenceOf([stoppedTask(changes)])).toMatchObject({ failedTasks: 1, cause, groups: [{ count: 1, what }] });
  });
});

describe('several stopped tasks', () => {
  test('that failed alike are one line, the most frequent first, whatever their IDs', () => {
    const killed = (id: string) =>
      stoppedTask({ id, stoppedReason: `Task ${id} was killed`, containers: [{ name: 'app', exitCode: 137 }] });

    expect(evidenceOf([stoppedTask(), killed('a'.repeat(32)), killed('b'.repeat(32))]).groups).toEqual([
      { count: 2, what: 'exit 137 in app: Task … was killed' },
      { count: 1, what: 'exit 1 in app: Essential container in task exited' },
    ]);
  });

  test('are told by five lines at most', () => {
    const tasks = [1, 2, 3, 4, 5, 6, 7].map((exitCode) => stoppedTask({ containers: [{ name: 'app', exitCode }] }));

    expect(evidenceOf(tasks)).toMatchObject({ failedTasks: 7, groups: { length: 5 } });
  });

  test('have the cause of the newest that failed, in whatever order they come', () => {
    const old = stoppedTask({ id: 'old', stoppedAt: '2026-11-23T12:00:00.000Z' });
    const newest = stoppedTask({
      id: 'newest',
      stoppedAt: '2026-11-23T12:02:00.000Z',
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: not found',
    });
    const innocent = stoppedTask({ stopCode: 'UserInitiated', stoppedAt: '2026-11-23T12:03:00.000Z' });

    expect(evidenceOf([newest, innocent, old])).toMatchObject({ failedTasks: 2, cause: 'CANNOT_PULL', newest: { id: 'newest' } });
  });

  test('with endless reasons are told in short', () => {
    expect(evidenceOf([stoppedTask({ stoppedReason: 'x'.repeat(10_000) })]).groups[0]?.what).toHaveLength(300);
  });
});

test.each([
  [0, 3],
  [1, 3],
  [30, 3],
  [31, 4],
  [40, 4],
  [1000, 100],
])('of %i wanted tasks %i may fail before the rollout is taken back', (desiredCount, limit) => {
  expect(failureLimit(desiredCount)).toBe(limit);
});

describe('a log line', () => {
  test.each([
    ['DATABASE_URL=postgres://app:s3cr3t@db:5432/app', 'DATABASE_URL=postgres://app:***@db:5432/app'],
    ['redis://:s3cr3t@cache:6379 is down', 'redis://:***@cache:6379 is down'],
    ['mongodb+srv://u:p@ss:w0rd@host/db', 'mongodb+srv://u:***@host/db'],
    ['using AKIAIOSFODNN7EXAMPLE', 'using ***'],
    ['using ASIAIOSFODNN7EXAMPLE.', 'using ***.'],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'AWS_SECRET_ACCESS_KEY=***'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN done', 'jwt *** done'],
    ['cut off: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0', 'cut off: ***'],
    ['slack xoxb-1234567890-abcdefghij', 'slack ***'],
    ['POST https://hooks.slack.com/services/T000/B000/XXXX', 'POST https://hooks.slack.com/***'],
    ['clone with ghp_abcdefghijklmnopqrstuvwxyz', 'clone with ***'],
    ['password=hunter2', 'password=***'],
    ['PASSWORD: hunter2, user: ann', 'PASSWORD: ***, user: ann'],
    ['passphrase = "correct horse battery"', 'passphrase = ***'],
    ["db_pwd='correct horse'", 'db_pwd=***'],
    ['{"dbPassword":"correct horse","user":"ann"}', '{"dbPassword":***,"user":"ann"}'],
    ['{\\"api_key\\":\\"abc\\",\\"user\\":\\"ann\\"}', '{\\"api_key\\":***,\\"user\\":\\"ann\\"}'],
    ['password="cut o', 'password=***'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: ***'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: ***'],
    ['x-api-key: 12345', 'x-api-key: ***'],
    ['GET /login?token=abc&next=/home', 'GET /login?token=***&next=/home'],
  ])('%j is shown as %j', (line, shown) => {
    expect(masked(line)).toBe(shown);
  });

  test.each([
    'listening on http://localhost:8080/users/ann@example.com',
    'GET https://example.com:8443/path 200',
    'Error: connect ECONNREFUSED 10.0.0.1:5432',
    'tokenizer ready, 3 passwords checked',
    'sha256:7f5b2640fe6fb4f46592dfd3410c4a79',
    '',
  ])('%j hides nothing', (line) => {
    expect(masked(line)).toBe(line);
  });

  test.each([
    ['a word of the list', 'token'.repeat(100)],
    ['half an assignment', 'token='.repeat(83)],
    ['blanks after a key', `password${' '.repeat(492)}`],
    ['blanks and signs', `token${' ='.repeat(247)}`],
    ['schemes', 'a://:'.repeat(100)],
    ['a URL without an end', `http://:${'x'.repeat(492)}`],
    ['dots', `eyJ${'a.'.repeat(248)}`],
    ['quotes', `secret:${'"'.repeat(493)}`],
    ['keys that end nowhere', 'secret-token_password'.repeat(23)],
  ])('of 500 characters that is made of %s is masked at once', (_, line) => {
    const before = process.hrtime.bigint();

    for (let round = 0; round < 20; round++) masked(line);

    expect(Number(process.hrtime.bigint() - before) / 1e6).toBeLessThan(400);
  });
});
