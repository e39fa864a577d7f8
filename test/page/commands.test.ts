import { type Result, resultOf } from '../../core/result/result.js';
import type { Command, Me } from '../../page/api.js';
import { createCommands } from '../../page/server/commands.js';
import { digest, otherDigest } from '../core/given.js';
import { givenClient } from './given-client.js';

const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const ada: Me = { name: 'ada', arn: 'arn:aws:iam::123456789012:user/ada' };
const [service, repository, stage] = ['production/web', 'my-learn-app', 'production'];
const reason = 'wrong prices';

const given = (answers?: Parameters<typeof givenClient>[0], me: Me | undefined = ada) => {
  const stack = givenClient(answers);
  const commands = createCommands({ client: stack.client, me: async () => me, desiredOf: () => 3 });
  return { ...stack, ...commands };
};

const by = { by: 'ada', reason };
const approval = { repository, stage, digest };
const examples: readonly (readonly [command: Command, ...changes: (readonly [string, object])[]])[] = [
  [{ command: 'deploy', image: 'my-learn-app:main-7' }, ['release', { repository, tag: 'main-7', ...by }]],
  [{ command: 'deploy', image: `my-learn-app@${digest}`, force: true }, ['release', { repository, digest, force: true, ...by }]],
  [
    { command: 'deploy', image: 'my-learn-app:main-7', service },
    ['deployment', { service, image: `${registry}/my-learn-app:main-7`, ...by }],
  ],
  [{ command: 'redeploy', service }, ['deployment', { service, redeploy: true, ...by }]],
  [{ command: 'rollback', service, confirm: service }, ['deployment', { service, rollback: true, ...by }]],
  [{ command: 'rollback', service: 'staging/web' }, ['deployment', { service: 'staging/web', rollback: true, ...by }]],
  [
    { command: 'rollback', service, confirm: service, holdAfterwards: true },
    ['deployment', { service, rollback: true, ...by }],
    ['control', { command: 'hold', service, ...by }],
  ],
  [
    { command: 'rollbackRelease', repository, release: 'push-1', stage, confirm: stage },
    ['release', { repository, rollback: true, stage, release: 'push-1', ...by }],
  ],
  [{ command: 'rollbackRelease', repository, confirm: repository }, ['release', { repository, rollback: true, ...by }]],
  [{ command: 'hold', service, until: '2h' }, ['control', { command: 'hold', service, until: '2h', ...by }]],
  [{ command: 'hold', service: '*' }, ['control', { command: 'hold', service: '*', ...by }]],
  [{ command: 'unhold', service }, ['control', { command: 'unhold', service, ...by }]],
  [{ command: 'cancel', service, confirm: service }, ['control', { command: 'cancel', service, ...by }]],
  [{ command: 'cancel', repository, stage, confirm: stage }, ['control', { command: 'cancel', repository, stage, ...by }]],
  [{ command: 'approve', ...approval }, ['decide', { command: 'approve', ...approval, ...by }]],
  [{ command: 'reject', ...approval }, ['decide', { command: 'reject', ...approval, ...by }]],
];

const asCases = examples.map(([command, ...changes]) => ({ command, changes }));

test.each(asCases)('$command, sent twice at the same time and once more, is carried out once', async ({ command, changes }) => {
  const { run, changes: made } = given();
  const asked = { ...command, reason };
  const [first, second] = await Promise.all([run(asked, 'key'), run(asked, 'key')]);
  expect(await run(asked, 'key')).toEqual(first);
  expect(second).toEqual(first);
  expect(made).toEqual(changes);
});

test('an execution is named by the key, and the answer says where it is shown', async () => {
  const command: Command = { command: 'redeploy', service };
  const [one, other] = [given(), given()];
  const { execution = '', href } = await one.run(command, 'key');
  expect(href).toBe(`/deployments/production/web/${execution}`);
  // After the server was started again it remembers nothing: Step Functions does.
  expect((await other.run(command, 'key')).execution).toBe(execution);
  expect((await other.run(command, 'another')).execution).not.toBe(execution);
});

test.each<readonly [command: object, expected: string]>([
  [{ command: 'rollbck', service }, 'did you mean "rollback"?'],
  [{ command: 'rollback' }, 'has no "service"'],
  [{ command: 'rollback', service, until: '2h' }, 'unknown key "until": "2h"'],
  [{ command: 'rollback', service: 'production/wbe' }, 'did you mean production/web?'],
  [{ command: 'rollback', service: '*', confirm: '*' }, 'is no service'],
  [{ command: 'rollback', service, holdAfterwards: 'yes', confirm: service }, 'expected true or false'],
  [{ command: 'rollbackRelease', repository, release: 'a:b', confirm: repository }, 'the name of an execution'],
  [{ command: 'deploy', image: 'my-learn-app' }, 'neither a tag nor a digest'],
  [{ command: 'deploy', image: 'my-learn-ap:main-7' }, 'did you mean my-learn-app?'],
  [{ command: 'hold', service, until: 'soon' }, 'expected a duration such as "2h"'],
  [{ command: 'hold', service, until: '2020-01-01T00:00:00Z' }, 'expected a time after now'],
  [{ command: 'approve', repository, stage }, 'has no "digest"'],
  [{ command: 'approve', repository, stage, digest: 'main-7' }, 'sha256: and 64 hexadecimal digits'],
  [{ command: 'redeploy', service, reason: 'x'.repeat(501) }, '500 characters at most'],
])('%j is refused: %s', async (command, expected) => {
  const { run, changes } = given();
  const error = { reason: 'INVALID_INPUT', message: expect.stringContaining(expected) };
  await expect(run(command as Command, 'key')).rejects.toMatchObject({ status: 422, error });
  expect(changes).toEqual([]);
});

test.each<Command>([
  { command: 'rollback', service },
  { command: 'rollback', service, confirm: 'production/we' },
  { command: 'cancel', service, confirm: 'web' },
  { command: 'cancel', repository, stage },
  { command: 'rollbackRelease', repository, stage, confirm: repository },
  { command: 'rollbackRelease', repository },
])('without the name that has to be typed nothing is changed: %j', async (command) => {
  const { run, changes } = given();
  await expect(run(command, 'key')).rejects.toMatchObject({ status: 422, error: { reason: 'NOT_CONFIRMED' } });
  expect(changes).toEqual([]);
});

test('what the stack refuses is answered with its message, and may be sent again', async () => {
  const answers: { result: Result } = { result: resultOf('FAILED', 'INVALID_INPUT', 'another image waits') };
  const { run, changes } = given(answers);
  const command: Command = { command: 'approve', ...approval };
  const error = { status: 409, error: { reason: 'CONFLICT', message: 'another image waits' } };
  await expect(run(command, 'key')).rejects.toMatchObject(error);
  answers.result = resultOf('SUCCEEDED', 'APPROVAL_GIVEN', 'approved');
  expect(await run(command, 'key')).toEqual({ message: 'approved' });
  expect(changes).toHaveLength(2);
});

test.each<Command>([
  { command: 'hold', service },
  { command: 'redeploy', service },
])('a permission that is missing is said: %j', async (command) => {
  const { run } = given({ denied: command.command === 'hold' ? 'invoke' : 'start' });
  await expect(run(command, 'key')).rejects.toMatchObject({ status: 403, error: { reason: 'ACCESS_DENIED' } });
});

test('a hold that fails after its rollback has started is said, and the rollback stays', async () => {
  const { run, changes } = given({ denied: 'invoke' });
  const { message, execution } = await run({ command: 'rollback', service, confirm: service, holdAfterwards: true }, 'key');
  expect(message).toContain('but the service is not on hold: the credentials may not do it');
  expect([execution, changes.length]).toEqual([expect.stringContaining('rollback-production-web'), 1]);
});

test('a key belongs to one command', async () => {
  const { run } = given();
  await run({ command: 'hold', service }, 'key');
  await expect(run({ command: 'unhold', service }, 'key')).rejects.toMatchObject({ status: 422 });
});

test('without an identity the command has no name', async () => {
  const stack = givenClient();
  const { run } = createCommands({ client: stack.client, me: async () => undefined, desiredOf: () => undefined });
  await run({ command: 'hold', service }, 'key');
  expect(stack.changes).toEqual([['control', { command: 'hold', service }]]);
});

const textOf = (lines: readonly { readonly text: string }[]): string => lines.map(({ text }) => text).join('\n');

test.each<readonly [command: Command, text: string, more: object]>([
  [{ command: 'rollback', service }, 'From main-6 (0f0f0f0f0f0f) to the revision that ran before it', { confirm: service }],
  [{ command: 'rollback', service: 'staging/web' }, '3 tasks are replaced.', {}],
  [{ command: 'rollbackRelease', repository, stage }, 'production/worker: from main-6', { confirm: stage }],
  [{ command: 'cancel', service }, 'main-7', { confirm: service }],
  [{ command: 'cancel', service: 'staging/web' }, '', { refused: 'no deployment of staging/web is in progress' }],
  [{ command: 'cancel', repository, stage }, 'does not reach production', { confirm: stage, digest }],
  [{ command: 'cancel', repository, stage: 'staging' }, '', { refused: 'no release of my-learn-app waits before staging' }],
  [{ command: 'approve', repository, stage }, '6 tasks are replaced.', { digest }],
  [
    { command: 'approve', repository, stage, digest: otherDigest },
    'is deployed to production',
    { refused: expect.stringContaining('another image waits now') },
  ],
  [{ command: 'reject', ...approval }, 'What runs stays.', { digest }],
  [{ command: 'hold', service }, 'a hold does not stop what runs', {}],
  [{ command: 'unhold', service }, 'production/web gets main-7', { refused: 'production/web is not on hold' }],
  [{ command: 'deploy', service }, 'production/web runs main-6', {}],
  [{ command: 'deploy', service, image: `my-learn-app@${otherDigest}` }, 'runs this image already', {}],
  [
    { command: 'deploy', image: `my-learn-app:main-7@${otherDigest}` },
    'tag main-7 matches',
    { refused: expect.stringContaining('now, not') },
  ],
  [{ command: 'redeploy', service }, 'main-6', {}],
])('the preview of %j says %s', async (command, text, more) => {
  const { lines, ...rest } = await given().preview(command);
  expect(textOf(lines)).toContain(text);
  expect({ ...rest }).toMatchObject(more);
  expect('refused' in rest).toBe('refused' in more);
});

test('the preview of a rollback says that a hold goes on, and of a deploy that a hold does not stop it', async () => {
  const services = [{ service, sources: [], queued: [], hold: { by: 'ada', at: '2026-11-23T11:00:00.000Z', reason: 'the move' } }];
  const { preview } = given({ status: { services } });
  expect(textOf((await preview({ command: 'rollback', service })).lines)).toContain('on hold by ada: the move');
  expect(textOf((await preview({ command: 'deploy', service })).lines)).toContain('not stopped by a hold');
});

test('the preview of a rollback says to which image, as the deployment decides it', async () => {
  const good = (tag: string, digest: string, at: string) => ({ digest, tag, at, pushedAt: at, revision: `web:${tag.slice(-1)}` });
  const [older, oldest] = [`sha256:${'2'.repeat(64)}`, `sha256:${'3'.repeat(64)}`];
  const knownGood = [
    good('main-8', digest, '8'),
    good('main-6', otherDigest, '6'),
    good('main-5', older, '5'),
    good('main-4', oldest, '4'),
  ];
  const source = { repository, lastDeployed: { digest: otherDigest, tag: 'main-6', pushedAt: '6' }, knownGood };
  const other = { repository: 'sidecar', knownGood: [good('side-1', digest, '1')], quarantine: [] };
  const quarantine = [{ digest: older, reason: 'CRASHED', at: '7' }];
  const of = async (sources: readonly object[], more: object = {}) => {
    const { preview } = given({ status: { services: [{ service, sources, queued: [] }] } });
    return textOf((await preview({ command: 'rollback', service, ...more })).lines);
  };
  expect(await of([other, { ...source, quarantine: [] }])).toContain('to main-5 (222222222222), the newest known good');
  const past = await of([other, { ...source, quarantine }]);
  expect(past).toContain('to main-4 (333333333333)');
  expect(past).toContain('main-5 (222222222222) is skipped: it is in quarantine.');
  const ofNone = await of([{ ...other, lastDeployed: { digest, tag: 'side-1', pushedAt: '1' } }]);
  expect(ofNone).toContain('From side-1 (a1b2c3d4a1b2) to the revision that ran before it');
});
