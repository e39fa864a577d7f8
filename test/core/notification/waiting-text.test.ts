import fc from 'fast-check';
import { type WaitingInput, waitingMessageOf } from '../../../core/notification/waiting-message.js';
import { waitingSubjectOf, waitingTextOf } from '../../../core/notification/waiting-text.js';
import { digest, image, releaseExecution, releaseRecord } from '../given.js';
import { anyWaitingMessage, change, requestInput, to, windowInput } from './given-waiting.js';

const link = `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${releaseExecution}`;
const serviceLink = (name: string): string =>
  `https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/production/services/${name}?region=eu-west-1`;
const slipway = (...words: string[]): string => `npx --no-install slipway ${words.join(' ')} --stage dev --region eu-west-1`;

const full = requestInput({
  release: releaseRecord({ image: { ...image, commit: '4f2a', sourceUrl: 'https://example.com/app' } }),
  changes: [
    change({
      differences: [
        { path: 'cpu', before: '256', after: '512' },
        { path: 'containerDefinitions.app.environment.MODE', after: '***' },
      ],
      more: 2,
    }),
    change({ service: 'production/worker', from: '' }),
  ],
  findings: [
    { code: 'ROLE', severity: 'block', service: 'production/web', message: 'role app is not in passRoles' },
    { code: 'ALARM', severity: 'warn', message: 'alarm web-5xx is in ALARM' },
  ],
});

test('the mail of a request says what would change, how long there is, and how to decide', () => {
  const message = waitingMessageOf(full);

  expect(waitingSubjectOf(message)).toBe(`WAITING for approval: ${to} on production`);
  expect(waitingTextOf(message)).toBe(`WAITING for approval: ${to} on production
No answer is a no: then the release ends, and production does not change.

until     2026-11-24 12:05 UTC, in 24 h
image     ${to}
digest    ${digest}
commit    4f2a of https://example.com/app
started   a push
passed    staging
account   123456789012 in eu-west-1

production/web: my-learn-app:main-6 (0f0f0f0f0f0f) → ${to}
  cpu: 256 → 512
  containerDefinitions.app.environment.MODE: (none) → ***
  and 2 more differences
  ${serviceLink('web')}
production/worker: unknown → ${to}
  ${serviceLink('worker')}
refused, ROLE: production/web: role app is not in passRoles
warning, ALARM: alarm web-5xx is in ALARM

To approve it:
${slipway('approve', 'my-learn-app', 'production', '--digest', digest)}

To reject it:
${slipway('reject', 'my-learn-app', 'production', '--digest', digest)}

With --reason you say why, and with --by who does it.

execution: ${link}
id: ${releaseExecution} production request`);
});

const closed = {
  isOpen: false,
  opensAt: '2026-11-24T08:00:00.000Z',
  because: 'window',
  says: 'its window is mon-fri 09:00-16:00 Europe/Berlin',
} as const;
const noAnswer = 'No answer is a no: then the release ends, and production does not change.';

test.each<[WaitingInput, string, string]>([
  [
    requestInput({ opening: closed }),
    'WAITING for approval',
    `${noAnswer} production is closed until 2026-11-24 08:00 UTC, because ${closed.says}. Approved before then, the release waits for that.`,
  ],
  [
    requestInput({ kind: 'reminder', opening: closed, outside: 'skip' }),
    'WAITING for approval, a reminder',
    `${noAnswer} production is closed until 2026-11-24 08:00 UTC, because ${closed.says}. Approved before then, the release is skipped.`,
  ],
  [
    requestInput({ opening: { ...closed, opensAt: undefined } }),
    'WAITING for approval',
    `${noAnswer} production is closed, and does not open within 400 days, because ${closed.says}. Approved before then, the release is skipped.`,
  ],
  [requestInput({ opening: closed, release: releaseRecord({ ignoreWindow: true }) }), 'WAITING for approval', noAnswer],
  [
    requestInput({ kind: 'reminder' }),
    'WAITING for approval, a reminder',
    'No answer is a no: then the release ends, and production does not change.',
  ],
  [
    windowInput({ reason: 'its window is mon-thu 09:00-16:00 UTC' }),
    'WAITING for its window',
    'production begins then, and not now, because its window is mon-thu 09:00-16:00 UTC.',
  ],
  [
    windowInput({ because: 'freeze', reason: 'it is frozen on 2026-12-24 UTC' }),
    'WAITING for the end of a freeze',
    'production begins then, and not now, because it is frozen on 2026-12-24 UTC.',
  ],
  [windowInput({ because: 'freeze' }), 'WAITING for the end of a freeze', 'production begins then.'],
  [
    windowInput({ because: 'freeze', opensAt: '2027-01-03T23:00:00.000Z' }),
    'WAITING for the end of a freeze',
    'Then the release ends, for it waits no longer. production opens at 2027-01-03 23:00 UTC.',
  ],
])('the mail of $kind, $because $reason begins with what it waits for', (input, heading, afterwards) => {
  const text = waitingTextOf(waitingMessageOf(input));

  expect(text.split('\n').slice(0, 2)).toEqual([`${heading}: ${to} on production`, afterwards]);
});

test('a stage that a later push added has the tag of that push', () => {
  const stages = [{ name: 'production', deployments: [], tag: 'v1.4.0' }];

  expect(waitingMessageOf(requestInput({ release: releaseRecord({ stages }) })).to).toBe('my-learn-app:v1.4.0 (a1b2c3d4a1b2)');
});

test('a service that runs the image already is said to', () => {
  expect(waitingTextOf(waitingMessageOf(requestInput({ changes: [change({ isRunning: true })] })))).toContain(
    `production/web: runs ${to} already\n`,
  );
});

test('a release that waits for its window can be cancelled', () => {
  const text = waitingTextOf(waitingMessageOf(windowInput()));

  expect(text.match(/^To .*\n.*/gm)).toEqual([`To cancel it:\n${slipway('cancel', 'my-learn-app', 'production')}`]);
  expect(text).toContain('until     2026-11-30 08:00 UTC, in 6 d 19 h\n');
});

test('a message that is published twice has one id; another stage, and a reminder, have their own', () => {
  const ids = [requestInput(), requestInput(), requestInput({ stage: 'staging' }), requestInput({ kind: 'reminder' }), windowInput()].map(
    (input) => waitingMessageOf(input).id,
  );

  expect(new Set(ids).size).toBe(4);
  expect(ids[1]).toBe(ids[0]);
});

test('for every untrusted text the subject is accepted by SNS, and the text controls no terminal', () => {
  fc.assert(
    fc.property(anyWaitingMessage, (message) => {
      const subject = waitingSubjectOf(message);
      const text = waitingTextOf(message);

      expect(subject.length).toBeLessThan(100);
      expect(subject).toMatch(/^WAITING [^\p{Cc}\u2028\u2029]*$/u);
      expect(text).not.toMatch(/[\p{Cf}\u2028\u2029]/u);
      expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }),
    { numRuns: 25 },
  );
});

test('the mail of a request says what was ignored, and which before tasks will run', () => {
  const before = (like: string, command: string[]) => ({ like, command, timeoutSeconds: 600 });
  const its = { service: 'production/worker', cluster: 'production', name: 'worker', timeoutSeconds: 1800 };
  const service = { ...its, before: before('production/worker', ['warm']) };
  const input = requestInput({
    release: releaseRecord({ trigger: { kind: 'hand', by: 'ada' }, ignoreScan: true }),
    settings: { before: before('production/web', ['npm', 'run', 'migrate']), services: [service] },
  });

  const text = waitingTextOf(waitingMessageOf(input));

  expect(text).toContain('\nignored   the scan of the image\n');
  expect(text).toContain('\nbefore task of production, like production/web: npm run migrate\nbefore task of production/worker: warm\n');
  const running = waitingTextOf(waitingMessageOf({ ...input, changes: [change({ isRunning: true })] }));
  expect(running).not.toContain('npm run migrate');
  const tasks = Array.from({ length: 12 }, () => service);
  expect(waitingTextOf(waitingMessageOf({ ...input, settings: { services: tasks } }))).toContain('and 2 more before tasks');
});
