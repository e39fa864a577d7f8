import { parseConfiguration, readConfiguration } from '../../stack/read-configuration.js';
import { issuesIn, withRepository, withServices } from './given-configuration.js';

test('the example is normalised: every service is an object, its time-out is in seconds', () => {
  expect(readConfiguration('slipway.yml')).toEqual({
    notifications: { slack: { secret: 'slipway/slack' }, sns: true },
    repositories: {
      'my-learn-app': {
        name: 'my-learn-app',
        tags: ['main-*', 'v*'],
        stages: [
          { name: 'staging', services: [{ service: 'staging/web', cluster: 'staging', name: 'web', timeoutSeconds: 1800 }] },
          {
            name: 'production',
            services: [
              { service: 'production/web', cluster: 'production', name: 'web', container: 'app', timeoutSeconds: 1800 },
              { service: 'production/worker', cluster: 'production', name: 'worker', timeoutSeconds: 1800 },
            ],
          },
        ],
      },
    },
    reconcileSeconds: 3600,
  });
});

test.each([
  ['1m', 60],
  ['90m', 5400],
  ['2h', 7200],
  ['24h', 86400],
  ['1440m', 86400],
  ['1d', 86400],
])('the time-out %s is %d seconds', (timeout, seconds) => {
  const { repositories } = parseConfiguration(withServices(`- {service: a/b, timeout: ${timeout}}`), 'slipway.yml');

  expect(repositories.app?.stages[0]?.services[0]?.timeoutSeconds).toBe(seconds);
});

test('mail addresses and the stage are optional', () => {
  const text = `stack: {stage: prod}\nnotifications: {email: [team@example.com, ops+slipway@sub.example.co.uk]}\n${withServices('- a/b')}`;

  expect(parseConfiguration(text, 'slipway.yml')).toMatchObject({
    stack: { stage: 'prod' },
    notifications: { email: ['team@example.com', 'ops+slipway@sub.example.co.uk'] },
  });
});

test.each(['my__learn', 'a--b', 'a---b', 'team_x/my__learn', 'a.b/c-d_e', 'ab', 'library/nginx', 'registry/app', 'a'.repeat(256)])(
  'the repository %s may be deployed: ECR allows the name',
  (name) => {
    expect(Object.keys(parseConfiguration(withServices('- a/b').replace('app:', `${name}:`), 'slipway.yml').repositories)).toEqual([name]);
  },
);

test('a tag may have the 300 characters that ECR allows', () => {
  const tags = ['v'.repeat(300), `!${'w'.repeat(300)}`];
  const text = withRepository(`tags: ${JSON.stringify(tags)}`, 'stages: [{name: only, services: [a/b]}]');

  expect(parseConfiguration(text, 'slipway.yml').repositories.app?.tags).toEqual(tags);
});

test('anchors, aliases and merge keys work, with a place for them at the top', () => {
  const text = [
    'x-limits: &limits {timeout: 5m, maxFailedTasks: 2}',
    'x-notes: [anything]',
    withServices('- {<<: *limits, service: a/b}', '- {<<: *limits, service: a/c, timeout: 9m}'),
  ].join('\n');

  expect(parseConfiguration(text, 'slipway.yml').repositories.app?.stages[0]?.services).toMatchObject([
    { service: 'a/b', timeoutSeconds: 300, maxFailedTasks: 2 },
    { service: 'a/c', timeoutSeconds: 540, maxFailedTasks: 2 },
  ]);
});

test('a service may set how many tasks may fail, how long placement may take, and its deployment strategies', () => {
  const services = '- {service: a/b, maxFailedTasks: 5, placementTimeout: 2h, strategies: [CANARY]}';
  const { repositories } = parseConfiguration(withServices(services), 'slipway.yml');

  expect(repositories.app?.stages[0]?.services[0]).toMatchObject({
    maxFailedTasks: 5,
    placementTimeoutSeconds: 7200,
    strategies: ['CANARY'],
  });
});

test.each([
  ['15m', 900],
  ['24h', 86400],
  ['off', undefined],
])('reconcile: %s is every %s seconds', (reconcile, seconds) => {
  expect(parseConfiguration(`${withServices('- a/b')}\nreconcile: ${reconcile}`, 'slipway.yml').reconcileSeconds).toBe(seconds);
});

test.each(['14m', '25h', '2d', '0h', 'never', 'false', '60', 'on'])('reconcile: %s is an error', (reconcile) => {
  expect(issuesIn(`${withServices('- a/b')}\nreconcile: ${reconcile}`)).toEqual([
    expect.stringMatching(/^slipway\.yml:8: reconcile is .*; expected a time from 15m to 24h, like 1h, or off/),
  ]);
});

test('without notifications, the topic is offered for subscribing', () => {
  expect(parseConfiguration(withServices('- a/b'), 'slipway.yml').notifications).toEqual({ sns: true });
});

const TAG = 'an exact tag, a glob with * and ?, /a regular expression/ or semver:a range of versions; ! before one excludes';
const TAGS = 'a list of at least one pattern, like ["main-*", "semver:^1.4"]';
const REPOSITORY = "the full name of an ECR repository in the stack's account and Region, without its registry";
const FIELDS = 'notifications, repositories, reconcile, passRoles, logGroups, stack';

test.each([
  ['an empty file', '', `slipway.yml:1: the file is empty; expected the fields ${FIELDS}`],
  ['no repository', 'repositories: {}', 'slipway.yml:1: repositories is empty; expected at least one ECR repository'],
  [
    'a key twice',
    'repositories:\n  a: 1\n  a: 2',
    'slipway.yml:3: repositories.a is given twice, on lines 2 and 3; expected each key once',
  ],
  [
    'a key twice in a line, once in quotes',
    withServices('- {service: a/b, "service": a/c}'),
    'slipway.yml:7: repositories.app.stages[0].services[0].service is given twice, on line 7; expected each key once',
  ],
  [
    'a merge key twice',
    `x-one: &one {timeout: 5m}\n${withServices('- service: a/b', '  <<: *one', '  <<: *one')}`,
    'slipway.yml:10: repositories.app.stages[0].services[0]["<<"] is given twice, on lines 9 and 10; expected each key once',
  ],
  ['a second document', `${withServices('- a/b')}\n---\nx-a: 1`, 'slipway.yml:8: a second document begins; expected one'],
  [
    'a mistyped key',
    `${withServices('- a/b')}\nnotification: {}`,
    `slipway.yml:8: notification is not known; expected ${FIELDS}; did you mean notifications?`,
  ],
  [
    'a mistyped key of a service',
    withServices('- service: a/b', '  timout: 5m'),
    'slipway.yml:8: repositories.app.stages[0].services[0].timout is not known; expected service, container, timeout, maxFailedTasks, placementTimeout, base, strategies, before, verify; did you mean timeout?',
  ],
  [
    'a repository that ECR could not have',
    'repositories:\n  My App: {}',
    `slipway.yml:2: repositories["My App"] is not a possible name; expected ${REPOSITORY}; did you mean my-app?`,
  ],
  [
    'a service without its cluster',
    withServices('- a/b', '- web'),
    'slipway.yml:8: repositories.app.stages[0].services[1] is "web"; expected cluster/service',
  ],
  [
    'an object without its service',
    withServices('- {container: app}'),
    'slipway.yml:7: repositories.app.stages[0].services[0].service is missing; expected cluster/service',
  ],
  ['an empty service', withServices('-'), 'slipway.yml:7: repositories.app.stages[0].services[0] is empty; expected cluster/service'],
  [
    'no services',
    withRepository('tags: [v1]', 'stages: [{name: only, services: []}]'),
    'slipway.yml:4: repositories.app.stages[0].services is an empty list; expected a list of at least one service, each cluster/service',
  ],
  [
    'a stage without services',
    withRepository('tags: [v1]', 'stages: [{name: only}]'),
    'slipway.yml:4: repositories.app.stages[0].services is missing; expected a list of at least one service, each cluster/service',
  ],
  [
    'no tags',
    withRepository('stages: [{name: only, services: [a/b]}]'),
    `slipway.yml:2: repositories.app.tags is missing; expected ${TAGS}, in the repository or in each of its stages`,
  ],
  [
    'one tag that is no list',
    withRepository('tags: v1', 'stages: [{name: only, services: [a/b]}]'),
    `slipway.yml:3: repositories.app.tags is "v1"; expected ${TAGS}; did you mean [v1]?`,
  ],
  [
    'a tag that YAML takes for a number',
    withRepository('tags: [1.0]', 'stages: [{name: only, services: [a/b]}]'),
    `slipway.yml:3: repositories.app.tags[0] is 1.0; expected ${TAG}; did you mean "1.0"?`,
  ],
  [
    'a tag with a blank',
    withRepository('tags: [" v1"]', 'stages: [{name: only, services: [a/b]}]'),
    `slipway.yml:3: repositories.app.tags[0] is " v1"; expected ${TAG}; did you mean v1?`,
  ],
  ...(
    [
      ['"25h"'],
      ['"1441m"'],
      ['"0m"'],
      ['"soon"'],
      [`"${'1'.repeat(60)}!"`],
      ['true'],
      ['30', '30m'],
      ['45', '45m'],
      ['"30"', '30m'],
      ['1800', '30m'],
      ['"90s"', '2m'],
      ['"1.5h"', '90m'],
      ['"1h 30min"', '90m'],
      ['"24 hours"', '24h'],
      ['"30M"', '30m'],
    ] as const
  ).map(([timeout, meant]) => [
    `a time-out of ${timeout}`,
    withServices(`- {service: a/b, timeout: ${timeout}}`),
    `slipway.yml:7: repositories.app.stages[0].services[0].timeout is ${timeout}; expected a time from 1m to 24h, like 30m or 2h${meant ? `; did you mean ${meant}?` : ''}`,
  ]),
  ...['0', '1001', '1.5', '3%', 'many'].map((count) => [
    `a number of failed tasks of ${count}`,
    withServices(`- {service: a/b, maxFailedTasks: ${count}}`),
    `slipway.yml:7: repositories.app.stages[0].services[0].maxFailedTasks is ${Number.isNaN(Number(count)) ? `"${count}"` : count}; expected a whole number from 1 to 1000`,
  ]),
  [
    'a limit of placement in seconds',
    withServices('- {service: a/b, placementTimeout: 90s}'),
    'slipway.yml:7: repositories.app.stages[0].services[0].placementTimeout is "90s"; expected a time from 1m to 24h, like 30m or 2h; did you mean 2m?',
  ],
  [
    'a deployment strategy that is always allowed',
    withServices('- {service: a/b, strategies: [ROLLING]}'),
    'slipway.yml:7: repositories.app.stages[0].services[0].strategies[0] is "ROLLING"; expected BLUE_GREEN, LINEAR or CANARY',
  ],
  [
    'one strategy that is no list',
    withServices('- {service: a/b, strategies: BLUE_GREEN}'),
    'slipway.yml:7: repositories.app.stages[0].services[0].strategies is "BLUE_GREEN"; expected a list of at least one of BLUE_GREEN, LINEAR and CANARY; did you mean [BLUE_GREEN]?',
  ],
  [
    "a secret's ARN",
    `notifications: {slack: {secret: "arn:aws:secretsmanager:x"}}\n${withServices('- a/b')}`,
    'slipway.yml:1: notifications.slack.secret is "arn:aws:secretsmanager:x"; expected the name (not the ARN) of a secret in Secrets Manager',
  ],
  [
    'a word for a boolean',
    `notifications:\n  sns: yes\n${withServices('- a/b')}`,
    'slipway.yml:2: notifications.sns is "yes"; expected true or false; did you mean true?',
  ],
  [
    'no notifications',
    `notifications:\n  sns: false\n${withServices('- a/b')}`,
    'slipway.yml:2: notifications.sns is false, and there is neither notifications.slack nor notifications.email; expected at least one of them',
  ],
  [
    'one mail address that is no list',
    `notifications:\n  email: a@example.com\n${withServices('- a/b')}`,
    'slipway.yml:2: notifications.email is "a@example.com"; expected a list of at least one mail address; did you mean [a@example.com]?',
  ],
  [
    'a mail address with a name',
    `notifications:\n  email: ["Ada <ada@example.com>"]\n${withServices('- a/b')}`,
    'slipway.yml:2: notifications.email[0] is "Ada <ada@example.com>"; expected a mail address; did you mean ada@example.com?',
  ],
  [
    'a stage that no stack can have',
    `stack: {stage: prod_1}\n${withServices('- a/b')}`,
    'slipway.yml:1: stack.stage is "prod_1"; expected a name of letters, digits and -',
  ],
  [
    'an ARN of a service',
    withServices('- arn:aws:ecs:eu-west-1:123456789012:service/prod/web'),
    'slipway.yml:7: repositories.app.stages[0].services[0] is "arn:aws:ecs:eu-west-1:123456789012:service/prod/web"; expected cluster/service; did you mean prod/web?',
  ],
  [
    'only exclusions',
    withRepository('tags: ["!*-arm64"]', 'stages: [{name: only, services: [a/b]}]'),
    'slipway.yml:3: repositories.app.tags only excludes; expected at least one pattern without !',
  ],
  ...(
    [
      ['*main', 'an alias without an anchor'],
      ['*-prod', 'an alias without an anchor'],
      ['*', 'an alias without an anchor'],
      ['!*-arm64', 'a YAML tag'],
    ] as const
  ).map(([pattern, kind]) => [
    `the pattern ${pattern} without quotes`,
    withRepository(`tags: [v1, ${pattern} ]`, 'stages: [{name: only, services: [a/b]}]'),
    `slipway.yml:3: repositories.app.tags[1] is ${pattern}, which is ${kind}; expected quotes around a pattern: "${pattern}"`,
  ]),
  [
    'text that begins with a reserved character',
    withRepository('tags: [@x]', 'stages: [{name: only, services: [a/b]}]'),
    'slipway.yml:3: plain value cannot start with reserved character @; put it in quotes',
  ],
  [
    'an alias bomb',
    ['a: &a [x, x]', ...[...'bcdefghijkl'].map((name, index) => `${name}: &${name} [${`*${'abcdefghijk'[index]}, `.repeat(9)}]`)].join(
      '\n',
    ),
    'slipway.yml:1: the file has aliases that expand to too much; expected at most 1000 uses of its anchors',
  ],
  ...(
    [
      ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app', 'my-learn-app'],
      ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/payments:', 'acme/payments'],
      ['123456789012.dkr-ecr.eu-west-1.on.aws/acme/payments:v1', 'acme/payments'],
      ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a.b/c-d_e@sha256:12', 'a.b/c-d_e'],
      ['arn:aws:ecr:eu-west-1:123456789012:repository/acme/app', 'acme/app'],
      ['ghcr.io/acme/app', 'acme/app'],
      ['localhost:5000/acme/app:v1', 'acme/app'],
      ['europe-west1-docker.pkg.dev/acme/app', 'acme/app'],
      ['a___b'],
      ['acme/*'],
    ] as const
  ).map(([name, meant]) => [
    `the repository ${name}`,
    `repositories:\n  "${name}":\n    tags: [v1]\n    stages: [{name: only, services: [a/b]}]`,
    `slipway.yml:2: repositories${/^\w+$/.test(name) ? `.${name}` : `["${name}"]`} is not a possible name; expected ${REPOSITORY}${meant ? `; did you mean ${meant}?` : ''}`,
  ]),
  [
    'a role by its name',
    `${withServices('- a/b')}\npassRoles: [task]`,
    'slipway.yml:8: passRoles[0] is "task"; expected the ARN of an IAM role',
  ],
  [
    'two stages of one name',
    withRepository('tags: [v1]', 'stages:', '  - {name: only, services: [a/b]}', '  - {name: only, services: [a/c]}'),
    'slipway.yml:6: repositories.app.stages[1].name is "only", as is that of repositories.app.stages[0]; expected each name once in a repository',
  ],
  [
    'a service twice in a repository',
    withServices('- a/b', '- {service: a/b, container: x}'),
    'slipway.yml:8: repositories.app.stages[0].services[1] is "a/b", as is repositories.app.stages[0].services[0]; ' +
      'expected each service once in a repository',
  ],
])('%s is reported with its line', (_, text, issue) => {
  expect(issuesIn(text)).toEqual([issue]);
});

test.each([
  'slack: {secret: "https://hooks.slack.com/services/T00/B00/xyzzy"}',
  'slack: {secret: hooks.slack.com/services/T00/B00/xyzzy}',
  'slack: {secret: T00000000/B00000000/xyzzy}',
  'slack: {secret: xoxb-1234567890-xyzzy}',
  'slack: {secret: xapp-1-A1-xyzzy}',
  'slack: {secret: hooks.slack-gov.com/services/T00/B00/xyzzy}',
  'slack: {secret: services/T00000000/B00000000/xyzzy}',
  'slack: {secret: slack, channel: xoxb-1234567890-xyzzy}',
  'slack: {secret: slack, channel: T00000000/B00000000/xyzzy}',
  'slack: {secret: "the xyzzy"}',
  'slack: {secret: *https://hooks.slack.com/services/T00/B00/xyzzy}',
  'slack: {secret: [https://hooks.slack.com/services/T00/B00/xyzzy]}',
  'slack: {secret: {"https://hooks.slack.com/services/T00/B00/xyzzy": ""}}',
  'slack: "https://hooks.slack.com/services/T00/B00/xyzzy"',
  'slack: {secret: slack, channel: "https://example.com/hook/xyzzy"}',
  'slack: {secret: slack, webhook: "https://example.com/hook/xyzzy"}',
  'email: ["https://hooks.slack.com/services/T00/B00/xyzzy"]',
])('what is secret in %s is not repeated', (notifications) => {
  const issues = issuesIn(`notifications: {${notifications}}\n${withServices('- a/b')}`);

  expect(issues).toEqual([expect.stringMatching(/^slipway\.yml:1: notifications.*; expected /)]);
  expect(issues[0]).not.toContain('xyzzy');
});

test.each([
  ['false', 'off'],
  ['never', 'off'],
  ['30', '30m'],
])('reconcile: %s may mean %s', (reconcile, meant) => {
  expect(issuesIn(`${withServices('- a/b')}\nreconcile: ${reconcile}`)[0]).toMatch(new RegExp(`; did you mean ${meant}\\?$`));
});

const repositoriesOf = (...services: string[]) =>
  services
    .map((service, index) => `  app-${index}:\n    tags: [v1]\n    stages: [{name: only, services: [${service}]}]`)
    .reduce((text, repository) => `${text}\n${repository}`, 'repositories:');

test.each([
  ['a/b', 'a/b'],
  ['a/b', '{service: a/b, container: x}'],
  ['{service: a/b, container: x}', '{service: a/b, container: x}'],
])('two repositories may not deploy one service as %s and %s', (one, other) => {
  expect(issuesIn(repositoriesOf(one, other))).toEqual([
    'slipway.yml:7: repositories.app-1.stages[0].services[0] is "a/b", as is repositories.app-0.stages[0].services[0]; ' +
      'expected both to name a container, each its own, where two repositories deploy one service',
  ]);
});

test('several repositories may deploy one service, a container each', () => {
  const [x, y, z] = ['x', 'y', 'z'].map((container) => `{service: a/b, container: ${container}}`) as [string, string, string];

  expect(issuesIn(repositoriesOf(x, y, z))).toEqual(['']);
  expect(issuesIn(repositoriesOf(x, y, x))).toEqual([
    expect.stringContaining('app-2.stages[0].services[0] is "a/b", as is repositories.app-0.'),
  ]);
  expect(issuesIn(repositoriesOf(x, y, 'a/b'))).toHaveLength(1);
});

test('all issues are reported together, in the order of their lines', () => {
  const text = [
    'passRole: x',
    withRepository('tags: []', 'stages:', '  - {name: x, services: [web]}', '  - {name: x, services: [a/b, a/b]}'),
  ];

  expect(issuesIn(text.join('\n')).map((issue) => issue.slice(0, 50))).toEqual([
    'slipway.yml:1: passRole is not known; expected not',
    'slipway.yml:4: repositories.app.tags is an empty l',
    'slipway.yml:6: repositories.app.stages[0].services',
    'slipway.yml:7: repositories.app.stages[1].name is ',
    'slipway.yml:7: repositories.app.stages[1].services',
  ]);
});

test('an issue behind an alias has the line where the alias is used', () => {
  const text = [`x: &services [web]`, withRepository('tags: [v1]', 'stages:', '  - name: only', '    services: *services')].join('\n');

  expect(issuesIn(text)[1]).toBe('slipway.yml:7: repositories.app.stages[0].services[0] is "web"; expected cluster/service');
});

test('a missing file is named', () => {
  expect(() => readConfiguration('nowhere.yml')).toThrow(
    "nowhere.yml cannot be read; expected Slipway's configuration (SLIPWAY_CONFIG can name another file)",
  );
});
