import { releaseName } from '../../core/records/record-name.js';
import type { DeploymentDetail } from '../../page/api.js';
import { partsOfLine } from '../../page/client/deployment/log-line.js';
import { quarantineText, releaseOf, shortValue, summaryOf, triggerText } from '../../page/client/deployment/summary.js';
import { deployment as rollingBack } from '../support/page/canned.js';

const { rollback: _, ...forward } = rollingBack.deployment;
const as = (changes: Partial<DeploymentDetail['deployment']>): DeploymentDetail => ({
  ...rollingBack,
  deployment: { ...forward, ...changes },
});

test('a movement is words, with why it moves', () => {
  expect(summaryOf(rollingBack)).toEqual({
    title: 'Rolling back 5/6',
    code: 'CRASHED',
    text: '3 tasks failed: 3 × exit 1 in app. ECS rolls the service back to search:87 (v1.18.4). 5 of 6 tasks run, 1 start.',
    icon: 'back',
    tone: 'amber',
  });
  expect(summaryOf(as({ phase: 'rollingOut' }))).toMatchObject({ title: 'Rolling out 5/6', tone: 'blue' });
  expect(summaryOf(as({ phase: 'queued' }))).toMatchObject({ title: 'Queued' });
});

test.each([
  ['search:v1.18.4 (3f7be2a9c0d1)', 'search:87 (v1.18.4).'],
  ['host:5000/team/app:main-7', 'search:87 (main-7).'],
  ['docker.io/library/nginx', 'search:87 (docker.io/library/nginx).'],
])('a rollback names the image before, %s, by its tag', (previousImage, text) => {
  expect(summaryOf({ ...rollingBack, deployment: { ...rollingBack.deployment, previousImage } }).text).toContain(text);
});

test('an end is a code, solid red if an operator is needed', () => {
  const ended = (outcome: 'SUCCEEDED' | 'ROLLED_BACK' | 'ROLLBACK_FAILED' | 'UNKNOWN') =>
    summaryOf(as({ phase: 'ended', result: { outcome, reason: 'CRASHED', message: 'why' } }));
  expect(ended('ROLLBACK_FAILED')).toMatchObject({ title: 'ROLLBACK_FAILED', code: 'CRASHED', text: 'why', tone: 'solid' });
  expect(ended('UNKNOWN')).toMatchObject({ tone: 'solid' });
  expect(ended('ROLLED_BACK')).toMatchObject({ tone: 'amber' });
  expect(ended('SUCCEEDED')).toMatchObject({ tone: 'green' });
  expect(summaryOf(as({ phase: 'ended' }))).toMatchObject({ title: 'UNKNOWN' });
});

test('the release is that of the record, also of a repository with slashes', () => {
  const name = releaseName('team/app', '2026-11-26T14:27:40Z', 'arn:aws:states:eu-west-1:1:execution:release:11111111-release-of-app-v1');
  expect(releaseOf(name)).toEqual({ repository: 'team/app', execution: '11111111-release-of-app-v1' });
  expect(releaseOf('service#a/b deployment#x#y')).toBeUndefined();
  expect(releaseOf(undefined)).toBeUndefined();
});

test.each([
  [`123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app@sha256:3f7be2a9${'0'.repeat(56)}`, '…/team/app@sha256:3f7be2a9…'],
  ['public.ecr.aws/nginx:1', 'public.ecr.aws/nginx:1'],
  ['***', '***'],
])('of the value %s the diff shows %s', (value, shown) => expect(shortValue(value)).toBe(shown));

test('the trigger names who did it', () => {
  expect(triggerText({ kind: 'hand', by: 'ada' })).toBe('by hand, ada');
  expect(triggerText({ kind: 'push' })).toBe('push');
});

test('the quarantine is said of what it is known of', () => {
  expect(quarantineText(rollingBack)?.text).toContain('is put into quarantine');
  expect(quarantineText(as({ phase: 'rollingOut' }))).toBeUndefined();
  const row = {
    ...rollingBack.row!,
    quarantine: [{ repository: 'search', digest: forward.image!.digest, reason: 'CRASHED', at: rollingBack.at }],
  };
  expect(quarantineText({ ...rollingBack, row })?.text).toContain('is in quarantine');
});

test.each([
  ['14:29:59.4 INFO user=search password=*** tls=on', ['time', 'text', 'redacted', 'text']],
  ['2026-11-26T14:30:00Z ERROR mapping', ['time', 'text', 'error', 'text']],
  ['[redacted] and ***', ['redacted', 'text', 'redacted']],
  ['no time, terror', ['text']],
  ['', []],
  ['<img src=x onerror=alert(1)>', ['text']],
])('the parts of %p', (line, kinds) => {
  const parts = partsOfLine(line);
  expect(parts.map(({ kind }) => kind)).toEqual(kinds);
  expect(parts.map(({ text }) => text).join('')).toBe(line);
});
