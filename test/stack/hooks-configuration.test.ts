import { parseConfiguration } from '../../stack/read-configuration.js';
import { issuesIn, today, withRepository } from './given-configuration.js';

const role = 'passRoles: ["arn:aws:iam::123456789012:role/task"]';

/** A file whose only stage has this from line 6 on. */
const withStage = (...lines: string[]) =>
  [withRepository('tags: [v1]', 'stages:', '  - name: only', ...lines.map((line) => `    ${line}`)), role].join('\n');

/** A file whose only service has this `verify` on line 7. */
const verifying = (verify: string, ...more: string[]) =>
  [withStage('services:', `  - {service: a/b, verify: ${verify}}`), ...more].join('\n');

/** A file whose only stage has this `before` on line 6, and a service. */
const preparing = (before: string, services = '[a/web]') => withStage(`before: ${before}`, `services: ${services}`);

/** A file with this `scan` on line 3. */
const scanning = (scan: string, ...more: string[]) =>
  withRepository(`scan: ${scan}`, ...more, 'tags: [v1]', 'stages: [{name: only, services: [a/b]}]');

const repositoryIn = (text: string) => parseConfiguration(text, 'slipway.yml', today).repositories.app;
const serviceIn = (text: string) => repositoryIn(text)?.stages[0]?.services[0];

test('a before task has a service that it is like, and seconds', () => {
  const before = '{command: [npm, run, migrate], container: app, environment: {A: b}, cpu: 256, memory: 512, timeout: 12h, like: a/web}';
  const text = withStage(`before: ${before}`, 'services:', '  - {service: a/web, before: {command: [warm-up]}}', '  - a/worker');

  expect(repositoryIn(text)?.stages[0]).toMatchObject({
    before: {
      like: 'a/web',
      command: ['npm', 'run', 'migrate'],
      container: 'app',
      environment: { A: 'b' },
      cpu: 256,
      memory: 512,
      timeoutSeconds: 43_200,
    },
    services: [{ service: 'a/web', before: { like: 'a/web', command: ['warm-up'], timeoutSeconds: 600 } }, { service: 'a/worker' }],
  });
});

test('the before task of a stage is like its only service', () => {
  expect(repositoryIn(preparing('{command: [x]}', '[{service: a/web}]'))?.stages[0]?.before?.like).toBe('a/web');
});

test.each([
  ['"https://example.com/health"', { url: 'https://example.com/health', status: 200, everySeconds: 10, withinSeconds: 120 }],
  [
    '{url: "https://example.com:8443", status: 301, body: ok, every: 1s, within: 1h}',
    { url: 'https://example.com:8443', status: 301, body: 'ok', everySeconds: 1, withinSeconds: 3600 },
  ],
])('url: %s has its defaults', (url, expected) => {
  expect(serviceIn(verifying(`{url: ${url}}`))?.verify).toEqual({ url: expected });
});

test('a verification has seconds', () => {
  const text = verifying('{alarms: [web-5xx, "any name: 5%"], bake: 1h, yields: true, function: "verifier:live"}');

  expect(serviceIn(text)?.verify).toEqual({
    alarms: ['web-5xx', 'any name: 5%'],
    bakeSeconds: 3600,
    yields: true,
    function: 'verifier:live',
  });
});

test.each([
  ['{block: LOW}', { block: 'LOW', waitSeconds: 600, ignore: [], onUnscanned: 'block' }],
  [
    '{block: CRITICAL, wait: 24h, ignore: [CVE-2026-1234, GHSA-x2vw-rpfj], onUnscanned: warn}',
    { block: 'CRITICAL', waitSeconds: 86_400, ignore: ['CVE-2026-1234', 'GHSA-x2vw-rpfj'], onUnscanned: 'warn' },
  ],
])('scan: %s has its defaults', (scan, expected) => {
  expect(repositoryIn(scanning(scan))?.scan).toEqual(expected);
});

const stage = 'repositories.app.stages[0]';
const service = `${stage}.services[0]`;
const longName = 'x'.repeat(91);
const command = 'expected a list of words, like [npm, run, migrate]';

describe('an issue of a before task is one line', () => {
  test.each([
    [
      'a text',
      preparing('npm run migrate'),
      'is "npm run migrate"; expected the fields like, command, container, environment, cpu, memory, timeout; did you mean {command: [npm, run, migrate]}?',
    ],
    ['no command', preparing('{timeout: 5m}'), `.command is missing; ${command}`],
    ['an empty command', preparing('{command: []}'), `.command is an empty list; ${command}`],
    ['a command whose first word is empty', preparing('{command: [""]}'), `.command is a list; ${command}`],
    [
      'a command as a text',
      preparing('{command: npm run migrate}'),
      `.command is "npm run migrate"; ${command}; did you mean [npm, run, migrate]?`,
    ],
    ['a command for a shell', preparing('{command: "a && b"}'), `.command is "a && b"; ${command}; did you mean [sh, -c, a && b]?`],
    ['a number in a command', preparing('{command: [sleep, 5]}'), '.command[1] is 5; expected a text; did you mean "5"?'],
    [
      'an entry point',
      preparing('{command: [x], entryPoint: [y]}'),
      '.entryPoint is not known; expected like, command, container, environment, cpu, memory, timeout',
    ],
    [
      'a number of seconds',
      preparing('{command: [x], timeout: 600}'),
      '.timeout is 600; expected a time from 1m to 12h, like 10m; did you mean 10m?',
    ],
    ['a longer time', preparing('{command: [x], timeout: 13h}'), '.timeout is "13h"; expected a time from 1m to 12h, like 10m'],
    ['no CPU', preparing('{command: [x], cpu: 0}'), '.cpu is 0; expected a whole number from 2 to 196608'],
    ['memory with a unit', preparing('{command: [x], memory: 512M}'), '.memory is "512M"; expected a whole number from 6 to 1048576'],
    [
      'no service that it is like, of several',
      preparing('{command: [x]}', '[a/web, a/worker]'),
      '.like is missing; expected one of the services of the stage: a/web, a/worker',
    ],
    [
      'a mistyped service',
      preparing('{command: [x], like: a/wep}', '[a/web, a/worker]'),
      '.like is "a/wep"; expected one of the services of the stage: a/web, a/worker; did you mean a/web?',
    ],
    [
      'another container than the only one that gets the image',
      preparing('{command: [x], container: side}', '[{service: a/web, container: app}]'),
      '.container is "side", and a/web gets the image in its container app alone; expected app',
    ],
    [
      'a service with a long name',
      preparing('{command: [x]}', `[a/${longName}]`),
      `is of the service ${longName}, whose name has 91 characters; expected a service with a name of at most 90`,
    ],
    [
      'long overrides',
      preparing(`{command: [${'x'.repeat(8142)}]}`),
      'has overrides of 8193 characters as JSON, and Amazon ECS allows 8192; expected a shorter command or environment',
    ],
  ])('%s', (_, text, issue) => {
    expect(issuesIn(text)).toEqual([`slipway.yml:6: ${stage}.before${issue.startsWith('.') ? issue : ` ${issue}`}`]);
  });

  test.each([
    ['of a stage', preparing(`{command: [${'x'.repeat(8141)}]}`)],
    ['with the name of its container', preparing(`{command: [${'x'.repeat(8138)}]}`, '[{service: a/web, container: app}]')],
    ['of a service with a name of 90 characters', preparing('{command: [x]}', `[a/${longName.slice(1)}]`)],
  ])('overrides that are just short enough are none: %s', (_, text) => {
    expect(issuesIn(text)).toEqual(['']);
  });

  test('of a service has no like', () => {
    expect(issuesIn(withStage('services:', '  - {service: a/b, before: {command: [x], like: a/b}}'))).toEqual([
      `slipway.yml:7: ${service}.before.like is not known; expected command, container, environment, cpu, memory, timeout`,
    ]);
  });

  test('without passRoles, of the first one', () => {
    const text = withStage(
      'services:',
      '  - a/a',
      '  - {service: a/b, before: {command: [x]}}',
      '  - {service: a/c, before: {command: [x]}}',
    );

    expect(issuesIn(text.replace(role, ''))).toEqual([
      `slipway.yml:8: ${stage}.services[1].before is there without passRoles; ` +
        'expected passRoles with the task role and the task execution role of the service: its task may have no other role',
    ]);
  });

  test('never shows the value of a variable', () => {
    const text = preparing('{command: [x], environment: {PORT: 8080, PASSWORD: [hunter2], 1A: b}}');
    const hidden = 'has a value that is not repeated here; expected a text: put numbers, true, false and null in quotes';

    expect(issuesIn(text)).toEqual([
      `slipway.yml:6: ${stage}.before.environment.PORT ${hidden}`,
      `slipway.yml:6: ${stage}.before.environment.PASSWORD ${hidden}`,
      `slipway.yml:6: ${stage}.before.environment.1A is not a possible name; expected the name of a variable`,
    ]);
  });
});

const url = 'a URL that begins with https://, like https://example.com/…';
const functionExpected = "the name or ARN of a Lambda function of the stack's account and Region";
const verifier = (account: string) => `arn:aws:lambda:eu-west-1:${account}:function:verifier`;

test.each([
  ['verify: {bake: 5m}', `${stage}.verify`, 'a service'],
  ['scan: {block: HIGH}', `${stage}.scan`, 'a repository'],
  ['passRoles: []', `${stage}.passRoles`, 'the top of the file'],
  ['timeout: 5m', `${stage}.timeout`, 'a service'],
])('a field on another level says where it belongs: %s', (line, path, place) => {
  const [issue = ''] = issuesIn(withStage(line, 'services: [a/b]'));

  expect(issue).toContain(`${path} is not known; expected name, services,`);
  expect(issue).toMatch(new RegExp(`; it belongs to ${place}$`));
});

test('a field that two levels have says both', () => {
  const text = withStage('services: [a/b]').replace('    tags', '    before: {command: [x]}\n    tags');
  expect(issuesIn(text)).toEqual([expect.stringMatching(/app\.before is not known; .*; it belongs to a stage or a service$/)]);
});

describe('an issue of a verification is one line', () => {
  test.each([
    ['nothing', '{}', ' asks for nothing; expected at least one of url, alarms with bake, bake and function'],
    [
      'a URL',
      '"https://example.com"',
      ' is "https://example.com"; expected the fields url, alarms, bake, yields, function; did you mean {url: https://example.com}?',
    ],
    ['http', '{url: "http://example.com"}', `.url is "http://example.com"; expected ${url}; did you mean https://example.com?`],
    ['no scheme', '{url: example.com}', `.url is "example.com"; expected ${url}; did you mean https://example.com?`],
    [
      'http among fields',
      '{url: {url: "http://example.com"}}',
      `.url.url is "http://example.com"; expected ${url}; did you mean https://example.com?`,
    ],
    ['no host', '{url: "https:///health"}', `.url is "https:///health"; expected ${url}`],
    ['an impossible port', '{url: "https://example.com:99999"}', `.url is no URL; expected ${url}`],
    [
      'a password',
      '{url: "https://ada:hunter2@example.com"}',
      '.url has a user or a password, which logs would show; expected a URL without them',
    ],
    ['a fragment', '{url: "https://example.com/#hunter2"}', '.url has a fragment, which is never sent; expected a URL without it'],
    [
      'a status without an answer',
      '{url: {url: "https://a.b", status: 100}}',
      '.url.status is 100; expected a whole number from 200 to 599',
    ],
    [
      'seconds without a unit',
      '{url: {url: "https://a.b", every: 90}}',
      '.url.every is 90; expected a time from 1s to 5m, like 10s; did you mean 90s?',
    ],
    [
      'minutes without a unit',
      '{url: {url: "https://a.b", within: 2}}',
      '.url.within is 2; expected a time from 10s to 1h, like 2m; did you mean 2m?',
    ],
    [
      'requests that are rarer than their time',
      '{url: {url: "https://a.b", every: 3m}}',
      '.url.every is "3m", longer than within, 2m; expected at least one request within the time',
    ],
    [
      'a time of less than ten seconds',
      '{url: {url: "https://a.b", within: 9s}}',
      '.url.within is "9s"; expected a time from 10s to 1h, like 2m',
    ],
    [
      'a private address without a VPC',
      '{url: {url: "https://a.b", allowPrivate: true}}',
      '.url.allowPrivate is true without stack.vpc; expected stack.vpc with subnets that reach the address: permission alone gives no route to it',
    ],
    [
      'an address of AWS itself, as a number',
      '{url: "https://2852039166/latest"}',
      '.url has the host 169.254.169.254, an address of AWS itself, such as its instance metadata; expected a public one',
    ],
    [
      'a private address that is not allowed',
      '{url: {url: "https://10.1:8443/health"}}',
      '.url.url has the host 10.0.0.1, a private address; expected a public one, or allowPrivate: true',
    ],
    [
      'an address of AWS itself, mapped to IPv6',
      '{url: {url: "https://[::ffff:169.254.169.254]/latest"}}',
      '.url.url has the host ::ffff:a9fe:a9fe, an address of AWS itself, such as its instance metadata; expected a public one',
    ],
    ['alarms without a bake', '{alarms: [a]}', '.alarms is there without bake; expected both: an alarm needs time to see the revision'],
    ['an alarm twice', '{alarms: [a, b, a], bake: 5m}', '.alarms[2] is "a", as is alarms[0]; expected each alarm once'],
    [
      'the ARN of an alarm',
      '{alarms: ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-5xx"], bake: 5m}',
      '.alarms[0] is "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-5xx"; ' +
        "expected the name (not the ARN) of a CloudWatch alarm of the stack's account and Region; did you mean web-5xx?",
    ],
    [
      'more alarms than one call reads',
      `{alarms: [${Array.from({ length: 101 }, (_, index) => `a${index}`)}], bake: 5m}`,
      '.alarms is a list; expected a list of 1 to 100 alarms',
    ],
    ['a bake of seconds', '{bake: 300}', '.bake is 300; expected a time from 1m to 24h, like 5m; did you mean 5m?'],
    [
      'yields without a bake',
      '{url: "https://a.b", yields: true}',
      '.yields is true without bake; expected both, or neither: a newer push ends a bake, and nothing else',
    ],
    [
      'a function by part of an ARN',
      '{function: "123456789012:function:verifier"}',
      `.function is "123456789012:function:verifier"; expected ${functionExpected}`,
    ],
    [
      'the URL of a function',
      '{function: "https://x.lambda-url.eu-west-1.on.aws/"}',
      `.function is "https://x.lambda-url.eu-west-1.on.aws/…"; expected ${functionExpected}`,
    ],
    [
      'a function of another account',
      `{function: "${verifier('210987654321')}"}`,
      `.function is "${verifier('210987654321')}", of another account than passRoles, 123456789012; expected a function of the stack's account`,
    ],
  ])('%s', (_, verify, issue) => {
    expect(issuesIn(verifying(verify))).toEqual([`slipway.yml:7: ${service}.verify${issue}`]);
  });

  test.each([
    [
      'a private address with a VPC',
      verifying(
        '{url: {url: "https://10.0.0.1", allowPrivate: true}}',
        'stack: {vpc: {subnetIds: [subnet-0a1b2c3d], securityGroupIds: [sg-0a1b2c3d]}}',
      ),
    ],
    ['a function by its ARN', verifying(`{function: "${verifier('123456789012')}:1"}`)],
    ['a bake alone', verifying('{bake: 5m}')],
    ['one request within the time', verifying('{url: {url: "https://a.b", every: 2m}}')],
    ['a scan that is waited for as long as the release may wait', scanning('{block: HIGH, wait: 5m}', 'maxWait: 5m')],
  ])('%s is none', (_, text) => {
    expect(issuesIn(text)).toEqual(['']);
  });
});

const severities = 'one of INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL';

describe('an issue of a scan is one line', () => {
  test.each([
    ['a severity alone', 'high', ' is "high"; expected the fields block, wait, ignore, onUnscanned; did you mean {block: HIGH}?'],
    ['no severity', '{wait: 5m}', `.block is missing; expected ${severities}`],
    ['a severity in small letters', '{block: high}', `.block is "high"; expected ${severities}; did you mean HIGH?`],
    ['a severity that does not exist', '{block: SEVERE}', `.block is "SEVERE"; expected ${severities}`],
    ['a severity that nothing is blocked by', '{block: UNTRIAGED}', `.block is "UNTRIAGED"; expected ${severities}`],
    [
      'a name in small letters',
      '{block: LOW, ignore: [cve-2026-1]}',
      '.ignore[0] is "cve-2026-1"; expected the name of a vulnerability, like CVE-2026-1234; did you mean CVE-2026-1?',
    ],
    [
      'a name alone',
      '{block: LOW, ignore: CVE-2026-1}',
      '.ignore is "CVE-2026-1"; expected a list of at least one name of a vulnerability; did you mean [CVE-2026-1]?',
    ],
    [
      'a name twice',
      '{block: LOW, ignore: [CVE-2026-1, CVE-2026-1]}',
      '.ignore[1] is "CVE-2026-1", as is ignore[0]; expected each name once',
    ],
    ['a number of seconds', '{block: LOW, wait: 600}', '.wait is 600; expected a time from 1m to 24h, like 10m; did you mean 10m?'],
    ['another word', '{block: LOW, onUnscanned: allow}', '.onUnscanned is "allow"; expected block or warn'],
  ])('%s', (_, scan, issue) => {
    expect(issuesIn(scanning(scan))).toEqual([`slipway.yml:3: repositories.app.scan${issue}`]);
  });

  test.each([
    ['{block: LOW, wait: 6m}', '.wait is "6m",'],
    ['{block: LOW}', ' has the default wait, 10m,'],
  ])('%s waits longer than the release may', (scan, is) => {
    expect(issuesIn(scanning(scan, 'maxWait: 5m'))).toEqual([
      `slipway.yml:3: repositories.app.scan${is} longer than maxWait of the repository; expected a wait of at most 5m, or a longer maxWait`,
    ]);
  });
});
