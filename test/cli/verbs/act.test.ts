import { run as approve } from '../../../cli/verbs/approve.js';
import { run as cancel } from '../../../cli/verbs/cancel.js';
import { run as deploy } from '../../../cli/verbs/deploy.js';
import { run as hold } from '../../../cli/verbs/hold.js';
import { run as reject } from '../../../cli/verbs/reject.js';
import { run as rollback } from '../../../cli/verbs/rollback.js';
import { run as unhold } from '../../../cli/verbs/unhold.js';
import { verbs } from '../../../cli/verbs.js';
import { parseControlInput } from '../../../core/input/control-input.js';
import { parseDecideInput } from '../../../core/input/decide-input.js';
import { parseDeploymentInput } from '../../../core/input/deployment-input.js';
import { parseReleaseInput } from '../../../core/input/release-input.js';
import { resultOf } from '../../../core/result/result.js';
import { digest, execution, otherDigest, releaseExecution } from '../../core/given.js';
import { now, type Ran, runVerb } from './given.js';

const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const image = 'my-learn-app:main-7';
const by = 'ada';
const release = { repository: 'my-learn-app', tag: 'main-7', by };

const parsers: Readonly<Record<string, (input: object) => unknown>> = {
  control: (input) => parseControlInput(input, now),
  decide: parseDecideInput,
  release: (input) => parseReleaseInput(input, releaseExecution),
  deployment: (input) => parseDeploymentInput(input, execution),
};

type Example = readonly [what: string, run: () => Promise<Ran>, changes: readonly [string, object]];

const confirmed: readonly Example[] = [
  ['a release', () => runVerb(deploy, [image], { typed: ['y'] }), ['release', release]],
  [
    'a release by its digest',
    () => runVerb(deploy, [`my-learn-app@${digest}`], { typed: ['y'] }),
    ['release', { repository: 'my-learn-app', digest, by }],
  ],
  [
    'a release past what would stop it',
    () => runVerb(deploy, [image], { typed: ['y'], force: true, ignoreWindow: true, ignoreScan: true, reason: 'fixes the outage' }),
    ['release', { ...release, force: true, ignoreWindow: true, ignoreScan: true, reason: 'fixes the outage' }],
  ],
  [
    'an image to one service',
    () => runVerb(deploy, [`${image}@${digest}`], { typed: ['y'], service: 'production/web', by: 'bob' }),
    ['deployment', { service: 'production/web', image: `${registry}/${image}@${digest}`, by: 'bob' }],
  ],
  [
    'an image in quarantine to one service',
    () => runVerb(deploy, [image], { typed: ['y'], service: 'production/web', force: true }),
    ['deployment', { service: 'production/web', image: `${registry}/${image}`, force: true, by }],
  ],
  [
    'what runs, once more',
    () => runVerb(deploy, [], { typed: ['y'], service: 'production/web', redeploy: true }),
    ['deployment', { service: 'production/web', redeploy: true, by }],
  ],
  [
    'a revision',
    () => runVerb(deploy, [], { typed: ['y'], service: 'production/web', taskDefinition: 'web:41' }),
    ['deployment', { service: 'production/web', taskDefinition: 'web:41', by }],
  ],
  [
    'the rollback of a service that is not production',
    () => runVerb(rollback, ['staging/web'], { typed: ['y'], source: 'my-learn-app' }),
    ['deployment', { service: 'staging/web', rollback: true, repository: 'my-learn-app', by }],
  ],
  [
    'the rollback of production',
    () => runVerb(rollback, ['production/web'], { typed: ['production/web'] }),
    ['deployment', { service: 'production/web', rollback: true, by }],
  ],
  [
    'the rollback of a stage',
    () => runVerb(rollback, ['my-learn-app', 'production'], { typed: [' production'], release: 'push-1' }),
    ['release', { repository: 'my-learn-app', rollback: true, stage: 'production', release: 'push-1', by }],
  ],
  [
    'the rollback of a stage that is not production',
    () => runVerb(rollback, ['my-learn-app', 'staging'], { typed: ['y'] }),
    ['release', { repository: 'my-learn-app', rollback: true, stage: 'staging', by }],
  ],
  [
    'the rollback of a release, in all of its stages',
    () => runVerb(rollback, ['my-learn-app'], { typed: ['my-learn-app'] }),
    ['release', { repository: 'my-learn-app', rollback: true, by }],
  ],
  [
    'an approval',
    () => runVerb(approve, ['my-learn-app', 'production'], { typed: ['y'] }),
    ['decide', { command: 'approve', repository: 'my-learn-app', stage: 'production', digest, by }],
  ],
  ['the end of a hold', () => runVerb(unhold, ['*'], { typed: ['y'] }), ['control', { command: 'unhold', service: '*', by }]],
  [
    'the cancellation of a deployment',
    () => runVerb(cancel, ['production/web'], { typed: ['y'], stopTask: true }),
    ['control', { command: 'cancel', service: 'production/web', stopTask: true, by }],
  ],
  [
    'the cancellation of a release that waits',
    () => runVerb(cancel, ['my-learn-app', 'production'], { typed: ['y'] }),
    ['control', { command: 'cancel', repository: 'my-learn-app', stage: 'production', by }],
  ],
];

test.each(confirmed)('%s is confirmed at the terminal, and is the documented input', async (_, run, [where, input]) => {
  const { status, changes } = await run();

  expect({ status, changes }).toEqual({ status: 0, changes: [[where, input]] });
  expect(() => parsers[where]?.(input)).not.toThrow();
});

test.each<Example>([
  [
    'a hold',
    () => runVerb(hold, ['*'], { until: '2h', reason: 'the database is being moved' }),
    ['control', { command: 'hold', service: '*', until: '2h', by, reason: 'the database is being moved' }],
  ],
  [
    'a rejection of the image that waits',
    () => runVerb(reject, ['my-learn-app', 'production'], {}),
    ['decide', { command: 'reject', repository: 'my-learn-app', stage: 'production', digest, by }],
  ],
  [
    'a rejection of one image',
    () => runVerb(reject, ['my-learn-app', 'production'], { digest: otherDigest }),
    ['decide', { command: 'reject', repository: 'my-learn-app', stage: 'production', digest: otherDigest, by }],
  ],
])('%s needs neither a terminal nor --yes', async (_, run, [where, input]) => {
  const { status, changes, stderr } = await run();

  expect({ status, changes, stderr }).toEqual({ status: 0, changes: [[where, input]], stderr: [] });
  expect(() => parsers[where]?.(input)).not.toThrow();
});

const unconfirmed = {
  deploy: (typed?: string[]) => runVerb(deploy, [image], typed ? { typed } : {}),
  'deploy --service': (typed?: string[]) => runVerb(deploy, [image], { service: 'staging/web', ...(typed && { typed }) }),
  rollback: (typed?: string[]) => runVerb(rollback, ['production/web'], typed ? { typed } : {}),
  approve: (typed?: string[]) => runVerb(approve, ['my-learn-app', 'production'], typed ? { typed } : {}),
  unhold: (typed?: string[]) => runVerb(unhold, ['*'], typed ? { typed } : {}),
  cancel: (typed?: string[]) => runVerb(cancel, ['production/web'], typed ? { typed } : {}),
};

test.each(Object.entries(unconfirmed))('without a terminal %s needs --yes, and asks AWS for nothing', async (name, run) => {
  const { status, changes, queries, stderr } = await run();

  expect({ status, changes, queries }).toEqual({ status: 64, changes: [], queries: [] });
  expect(stderr).toEqual([`${name.split(' ')[0]} changes what runs, and there is no terminal to confirm it at: add --yes`]);
});

test.each(Object.entries(unconfirmed))('%s changes nothing without a yes', async (_, run) => {
  for (const answer of ['', 'n', 'production']) {
    const { status, changes, stderr } = await run([answer]);

    expect({ status, changes }).toEqual({ status: 10, changes: [] });
    expect(stderr.at(-1)).toBe('not confirmed: nothing was changed');
  }
});

test.each([
  [() => runVerb(rollback, ['production/web'], { yes: true, service: true })],
  [() => runVerb(rollback, ['my-learn-app', 'production'], { yes: true })],
  [() => runVerb(unhold, ['*'], { yes: true })],
  [() => runVerb(cancel, ['production/web'], { yes: true })],
  [() => runVerb(approve, ['my-learn-app', 'production'], { yes: true, digest })],
])('with --yes, what needs no answer of query works without it', async (run) => {
  const { status, changes, queries } = await run();

  expect({ status, changes: changes.length, queries }).toEqual({ status: 0, changes: 1, queries: [] });
});

test.each<[string, () => Promise<Ran>, readonly string[]]>([
  [
    'a release: what the rules say of it',
    () => runVerb(deploy, [image], { typed: ['y'], force: true }),
    ['tag main-7 matches main-*', '--force ignores tags', 'Start a release of my-learn-app:main-7?'],
  ],
  [
    'a deployment: what the service runs, and its deployment in progress',
    () => runVerb(deploy, [image], { typed: ['y'], service: 'production/web' }),
    [
      'production/web runs my-learn-app:main-6 (0f0f0f0f0f0f)',
      'production/web is being deployed: my-learn-app:main-7 (a1b2c3d4a1b2)',
      'Deploy my-learn-app:main-7 to production/web, and to no other service?',
    ],
  ],
  [
    'a rollback of a stage: its services alone, and the name to type',
    () => runVerb(rollback, ['my-learn-app', 'production'], { typed: ['production'] }),
    [
      'production/web runs',
      'production/web is being deployed',
      'production/worker runs',
      'Roll back the last release of my-learn-app that changed a service, in production? Type production to go on:',
    ],
  ],
  [
    'an approval: the image and its digest',
    () => runVerb(approve, ['my-learn-app', 'production'], { typed: ['y'] }),
    [
      `my-learn-app:main-7 (a1b2c3d4a1b2) waits before production since 2026-11-23 11:00 UTC: ${digest}`,
      'production/web runs',
      'production/web is being deployed',
      'production/worker runs',
      'Approve my-learn-app:main-7 (a1b2c3d4a1b2) for production?',
    ],
  ],
  [
    'the end of a hold: what is deployed then',
    () => runVerb(unhold, ['*'], { typed: ['y'] }),
    ['production/web gets my-learn-app:main-7 (a1b2c3d4a1b2)', 'Release the hold of every service, and deploy what it has kept back?'],
  ],
])('shows before %s', async (_, run, shown) => {
  const { stderr, stdout } = await run();
  const before = stderr.filter((line) => !line.startsWith('To see how it goes: '));

  expect(before.slice(-shown.length)).toEqual(shown.map((text) => expect.stringContaining(text)));
  expect(stdout).toHaveLength(1);
});

test('an approval for what waits is not given to another digest', async () => {
  const other = await runVerb(approve, ['my-learn-app', 'production'], { typed: ['y'], digest: otherDigest });
  const unseen = await runVerb(approve, ['my-learn-app', 'production'], { yes: true });

  expect(other).toMatchObject({ status: 10, changes: [], stderr: [expect.stringContaining(`and not ${otherDigest}`)] });
  expect(unseen).toMatchObject({ status: 64, changes: [], queries: [], stderr: [expect.stringContaining('approve needs --digest')] });
});

test('a tag with a digest is released only while the tag names the digest', async () => {
  const same = await runVerb(deploy, [`${image}@${digest}`], { yes: true });
  const moved = await runVerb(deploy, [`${image}@${otherDigest}`], { yes: true });
  const gone = await runVerb(deploy, [`${image}@${digest}`], { yes: true, answers: { explain: { image: undefined, explain: [] } } });

  expect(same).toMatchObject({ status: 0, changes: [['release', release]] });
  expect(moved).toMatchObject({ status: 10, changes: [], stderr: [`my-learn-app:main-7 names ${digest} now, not ${otherDigest}`] });
  expect(gone).toMatchObject({ status: 64, changes: [], stderr: ['no image my-learn-app:main-7 is in the registry of the stack'] });
});

test.each<[string, () => Promise<Ran>, string]>([
  ['deploy', () => runVerb(deploy, [], { yes: true }), 'deploy takes an image'],
  ['deploy --redeploy', () => runVerb(deploy, [image], { yes: true, redeploy: true }), 'add --service'],
  [
    'deploy two things',
    () => runVerb(deploy, [image], { yes: true, service: 'staging/web', redeploy: true }),
    'takes one of an image, --redeploy and --task-definition',
  ],
  ['deploy nothing', () => runVerb(deploy, [], { yes: true, service: 'staging/web' }), 'takes one of an image'],
  [
    'deploy past gates that it does not wait for',
    () => runVerb(deploy, [image], { yes: true, service: 'staging/web', ignoreScan: true }),
    'are for a release',
  ],
  ['rollback of a name that is almost right', () => runVerb(rollback, ['production/wep'], { yes: true }), 'did you mean production/web?'],
  [
    'rollback of a service and of a stage',
    () => runVerb(rollback, ['my-learn-app', 'production'], { yes: true, source: 'my-learn-app' }),
    'not both',
  ],
  [
    'cancel of a task of a release that waits',
    () => runVerb(cancel, ['my-learn-app', 'production'], { yes: true, stopTask: true }),
    '--stop-task is for the deployment of a service',
  ],
  ['reject before a stage that is almost right', () => runVerb(reject, ['my-learn-app', 'prodution'], {}), 'did you mean production?'],
])('%s is an error of usage', async (_, run, message) => {
  expect(await run()).toMatchObject({ status: 64, changes: [], stderr: [expect.stringContaining(message)] });
});

test.each<[string, () => Promise<Ran>, string]>([
  ['reject', () => runVerb(reject, ['my-learn-app', 'staging'], {}), 'no release of my-learn-app waits before staging'],
  ['approve', () => runVerb(approve, ['my-learn-app', 'staging'], { typed: [] }), 'no release of my-learn-app waits before staging'],
  ['cancel', () => runVerb(cancel, ['staging/web'], { typed: [] }), 'no deployment of staging/web is in progress'],
])('%s finds nothing to do, and asks nothing', async (_, run, message) => {
  expect(await run()).toMatchObject({ status: 10, changes: [], stderr: [message] });
});

const started = ['arn:aws:states:eu-west-1:123456789012:execution:slipway-prod-release:kept-back-1'];

test('prints what a command did: its message, or its result as JSON', async () => {
  const result = { ...resultOf('SUCCEEDED', 'UNHELD', 'production/web is not on hold any more'), started };
  const refused = resultOf('FAILED', 'INVALID_INPUT', 'there is nothing to cancel');

  expect(await runVerb(unhold, ['production/web'], { yes: true, result })).toMatchObject({
    status: 0,
    stdout: ['production/web is not on hold any more', 'started kept-back-1'],
    stderr: [],
  });
  expect(await runVerb(unhold, ['production/web'], { yes: true, json: true, result })).toMatchObject({
    status: 0,
    stdout: [JSON.stringify(result)],
    stderr: [],
  });
  expect(await runVerb(cancel, ['production/web'], { yes: true, result: refused })).toMatchObject({
    status: 10,
    stdout: [],
    stderr: ['there is nothing to cancel'],
  });
  expect(await runVerb(cancel, ['production/web'], { yes: true, json: true, result: refused })).toMatchObject({
    status: 10,
    stdout: [JSON.stringify(refused)],
    stderr: [],
  });
});

test('a text from outside controls no terminal', async () => {
  const result = resultOf('SUCCEEDED', 'HELD', 'held \u001b[2Jby \u202eada');

  const { stdout } = await runVerb(hold, ['*'], { result });

  expect(stdout.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('each start has a name of its own, which says what it is', async () => {
  const names = [await runVerb(deploy, [image], { yes: true }), await runVerb(deploy, [image], { yes: true })].flatMap((ran) => ran.names);

  expect(names).toEqual([expect.stringMatching(/^deploy-my-learn-app-main-7-[0-9a-f]{16}$/), expect.stringMatching(/^deploy-/)]);
  expect(new Set(names).size).toBe(2);
});

test('prints what was started, and how to see how it goes', async () => {
  const ran = await runVerb(deploy, [image], { yes: true });
  const [name] = ran.names;
  const json = await runVerb(deploy, [image], { yes: true, json: true });

  expect(ran.stdout).toEqual([`started ${name}`]);
  expect(ran.stderr).toEqual([`To see how it goes: npx --no-install slipway show ${name} --stage prod --region eu-west-1`]);
  expect(json.stdout.map((line) => JSON.parse(line))).toEqual([
    {
      machine: 'release',
      name: json.names[0],
      execution: `arn:aws:states:eu-west-1:123456789012:execution:slipway-prod-release:${json.names[0]}`,
      input: release,
    },
  ]);
  expect(json.stderr).toEqual([]);
});

test.each([
  [resultOf('SUCCEEDED', 'DEPLOYED', 'ok'), 0],
  [resultOf('SKIPPED', 'ALREADY_RUNNING', 'runs'), 0],
  [resultOf('ROLLED_BACK', 'CRASHED', 'crashed'), 11],
  [resultOf('UNKNOWN', 'AWS_ERROR', 'unknown'), 12],
  [resultOf('PARTIAL', 'ON_HOLD', 'held'), 16],
])('--wait exits as the result says: %j', async (result, status) => {
  expect((await runVerb(deploy, [image], { yes: true, wait: true, result })).status).toBe(status);
  expect((await runVerb(rollback, ['production/web'], { yes: true, wait: true, result })).status).toBe(status);
});

test('verbs that change something have --yes, --by and --reason', () => {
  const changing = ['approve', 'cancel', 'deploy', 'hold', 'reject', 'rollback', 'unhold'];

  expect(
    verbs
      .filter(({ changes }) => changes)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(changing);
});
