import { messageOf, type NotificationInput, type UndoRecord } from '../../../core/notification/message.js';
import { slackMessageOf } from '../../../core/notification/slack.js';
import { textOf } from '../../../core/notification/text.js';
import { meaningOf, titleOf } from '../../../core/notification/wording.js';
import type { DeploymentRecord, ReleaseRecord } from '../../../core/records/records.js';
import { type Outcome, type Result, resultOf } from '../../../core/result/result.js';
import { crashes, deploymentRecord, later, releaseExecution, releaseRecord, resultWith, revisionArn, startedAt } from '../given.js';
import { rolledBack, succeeded } from './given-messages.js';
import { blocksIn, textsOf } from './slack-blocks.js';

const own = 'repository#my-learn-app release#2026-11-23T12:00:00.000Z#push-1';
const other = 'repository#my-learn-app release#2026-11-20T12:00:00.000Z#push-0';
const web = 'service#staging/web deployment#1#web';
const undone = resultOf('SUCCEEDED', 'ROLLED_BACK_WITH_RELEASE', 'the service is back on web:7');
const notBegun = resultOf('FAILED', 'STAGE_FAILED', 'not begun: production/web failed');
const rejected = resultOf('FAILED', 'REJECTED', 'rejected by ada: not on a Friday');

const deployed = (service: string, result: Result, changes: Partial<DeploymentRecord> & { readonly name?: string } = {}) => ({
  ...deploymentRecord({ service, result, endedAt: later, ...changes }),
  name: changes.name ?? `service#${service} deployment#1#x`,
});

const messageWith = (result: Result, changes: Partial<ReleaseRecord>, rest: Pick<NotificationInput, 'deployments' | 'undos'>) =>
  messageOf({ result, execution: releaseExecution, startedAt, now: later, release: releaseRecord(changes), ...rest });

const slackText = (message: Parameters<typeof slackMessageOf>[0]): string =>
  textsOf(blocksIn(slackMessageOf(message)))
    .map(({ text }) => text)
    .join('\n');

const undo = (record?: DeploymentRecord): UndoRecord => ({ service: 'staging/web', name: 'staging-web-undo', undoes: web, record });
const rollback = (of: string) => ({ of, deployments: [undo()] });

test('a release says who approved it and why, what it was asked to ignore, how long it waited and what it passed over', () => {
  const message = messageWith(
    succeeded,
    {
      force: true,
      ignoreWindow: true,
      trigger: { kind: 'hand', by: 'bob' },
      waitedSeconds: 240,
      approvals: [
        { stage: 'staging', at: startedAt },
        { stage: 'production', by: 'ada', reason: 'tried it', at: later },
      ],
      stages: [
        { name: 'staging', deployments: [] },
        { name: 'production', deployments: [], tag: 'v1.4.0' },
      ],
      passedOver: [{ stage: 'canary', message: 'tag main-7 matches none of v*' }],
      warnings: ['alarm web-5xx was in ALARM'],
    },
    { deployments: [] },
  );

  expect(message).toMatchObject({ force: true, ignoreWindow: true, waitedSeconds: 240, warnings: ['alarm web-5xx was in ALARM'] });
  expect(textOf(message)).toContain(`
started   hand, bob
ignored   tag policy, age, quarantine and approval, windows and freezes
approved  staging, by an operator at 2026-11-23 12:00 UTC
approved  production, by ada at 2026-11-23 12:05 UTC: tried it
took      5 min, of which it waited 4 min
account   123456789012 in eu-west-1

production was added by the tag v1.4.0
canary was passed over: tag main-7 matches none of v*
alarm web-5xx was in ALARM

execution`);
  for (const part of [
    '*Ignored*\ntag policy, age, quarantine and approval, windows and freezes',
    '*Approved*\nstaging, by an operator at 2026-11-23 12:00 UTC; production, by ada at 2026-11-23 12:05 UTC: tried it',
    '*Took*\n5 min, of which it waited 4 min',
    '• canary was passed over: tag main-7 matches none of v*\n• alarm web-5xx was in ALARM',
  ])
    expect(slackText(message)).toContain(part);
});

const waiting = { stage: 'production', for: 'approval', since: startedAt, until: later } as const;

test.each<[string, Result, Partial<ReleaseRecord>, string | undefined]>([
  ['superseded', resultOf('SUPERSEDED', 'NEWER_RELEASE', 'v2 has reached production'), { waiting }, 'production'],
  ['cancelled', resultOf('FAILED', 'CANCELLED', 'cancelled by ada'), { waiting }, 'production'],
  ['aborted', resultOf('FAILED', 'ABORTED', 'x'), { waiting }, 'production'],
  ['rejected', rejected, { waiting }, undefined],
  ['not answered', resultOf('FAILED', 'APPROVAL_TIMED_OUT', 'x'), { waiting }, undefined],
  ['approved', succeeded, { waiting, begun: 'production' }, undefined],
  ['cancelled at its window', resultOf('FAILED', 'CANCELLED', 'x'), { waiting: { ...waiting, for: 'window' } }, undefined],
])('a release that was %s says so of an open request', (_, result, changes, withdrawn) => {
  const message = messageWith(result, { ...changes, stage: 'production' }, { deployments: [] });

  expect(message.withdrawn).toBe(withdrawn);
  expect(textOf(message).includes('the request to approve production is withdrawn: it needs no answer')).toBe(withdrawn !== undefined);
});

test('what ended it before a stage is in Slack beside the services of earlier stages', () => {
  const message = messageWith(rejected, {}, { deployments: [deployed('staging/web', succeeded)] });

  expect(meaningOf(message)).toBe('rejected; some services run it');
  expect(slackText(message)).toContain('\nrejected by ada: not on a Friday\n');
  expect(
    slackText(messageWith(rolledBack, {}, { deployments: [deployed('staging/web', rolledBack)] })).match(/3 tasks failed/g),
  ).toHaveLength(1);
});

test.each([
  ['production', 'production'],
  ['staging', 'staging/web'],
])('what ended it before %s is said to be on %s, also with one service of an earlier stage', (stage, where) => {
  const message = messageWith(rejected, { stage }, { deployments: [deployed('staging/web', succeeded, { stage: 'staging' })] });

  expect(titleOf(message)).toBe(`my-learn-app:main-7 (a1b2c3d4a1b2) on ${where}`);
});

test.each([
  ['staging', 'my-learn-app:main-7 (a1b2c3d4a1b2)'],
  ['production', 'my-learn-app:v1.4.0 (a1b2c3d4a1b2)'],
])('a release that ended before or in %s has the tag of that stage', (stage, image) => {
  const stages = [
    { name: 'staging', deployments: [] },
    { name: 'production', deployments: [], tag: 'v1.4.0' },
  ];

  expect(messageWith(rejected, { stage, stages }, { deployments: [] }).to).toBe(image);
});

test.each<[string, Partial<ReleaseRecord>, string]>([
  ['rejected', {}, '5 min, of which it waited 4 min'],
  ['rejected after a wait for an earlier stage', { waitedSeconds: 30 }, '5 min, of which it waited 4 min 30 s'],
  ['approved', { begun: 'production', waitedSeconds: 60 }, '5 min, of which it waited 1 min'],
])('how long a release that was %s waited is said', (_, changes, took) => {
  const since = '2026-11-23T12:01:00.000Z';
  const wait = { stage: 'production', for: 'approval', since, until: later } as const;
  const message = messageWith(rejected, { stage: 'production', waiting: wait, endedAt: later, ...changes }, { deployments: [] });

  expect(textOf(message)).toContain(`took      ${took}\n`);
});

test('services that did not begin are in one line', () => {
  const message = messageWith(
    rolledBack,
    {},
    {
      deployments: [deployed('production/web', rolledBack), deployed('production/a', notBegun), deployed('production/b', notBegun)],
    },
  );
  const line = 'not begun, because their stage failed: production/a, production/b';

  expect(textOf(message).match(/.*production\/a.*/g)).toEqual([line]);
  expect(slackText(message).match(/.*production\/a.*/g)).toEqual([`• ${line}`]);
  expect(message.services.map(({ result }) => result)).toEqual([rolledBack, notBegun, notBegun]);
});

describe('a release that rolled back what it had changed', () => {
  const deployments = [
    deployed('staging/web', succeeded, { name: web, revision: revisionArn(8) }),
    deployed('staging/worker', rolledBack, { evidence: crashes }),
  ];

  test('has one line a service with both facts, and says that migrations are not undone', () => {
    const undos = [
      undo(deploymentRecord({ service: 'staging/web', result: undone, startedAt: later, endedAt: later, revision: revisionArn(9) })),
    ];
    const message = messageWith(rolledBack, { rollback: rollback(own) }, { deployments, undos });

    expect(message.rollback).toEqual({ of: 'push-1', isByHand: false });
    expect(textOf(message)).toContain(`
staging/web: deployed (DEPLOYED), after 5 min; then rolled back with its release (ROLLED_BACK_WITH_RELEASE), after 0 s
  the service is back on web:7
  revision: web:9
`);
    expect(textOf(message)).toContain('\nmigrations that it ran are not undone\n');
    expect(slackText(message)).toContain('|staging/web>* SUCCEEDED · DEPLOYED · 5 min · then SUCCEEDED · ROLLED_BACK_WITH_RELEASE · 0 s');
    expect(slackText(message)).toContain('• migrations that it ran are not undone');
    expect(slackText(message)).not.toContain('3 of 3 tasks run it');
    for (const text of [textOf(message), slackText(message)])
      expect(text.search(/staging\/worker(: |>)/)).toBeLessThan(text.search(/staging\/web(: |>)/));
  });

  test('has the evidence of a rollback that failed, and what to do', () => {
    const result = { ...resultWith('ROLLBACK_FAILED', { message: 'stuck' }), runbook: 'ROLLBACK_TIMED_OUT' } as const;
    const record = deploymentRecord({
      service: 'staging/web',
      result,
      evidence: { ...crashes, logs: { container: 'app', lines: ['boom'] } },
    });
    const message = messageWith(result, { rollback: rollback(own) }, { deployments, undos: [undo(record)] });

    expect(message.services[0]).toMatchObject({ result: succeeded, undo: { result }, logs: { lines: ['boom'] }, failures: crashes.groups });
    expect(textOf(message)).toMatch(/staging\/web: deployed.*; then failed, and the rollback failed, too.*\n.*\n {2}stuck\n {2}to do: /);
    expect(slackText(message).indexOf('staging/web>')).toBeLessThan(slackText(message).indexOf('staging/worker>'));
  });

  test('has what is missing of a rollback that left no record', () => {
    const message = messageWith(rolledBack, { rollback: rollback(own) }, { deployments, undos: [undo()] });

    expect(message.services[0]?.undo?.result).toMatchObject({ outcome: 'FAILED', reason: 'AWS_ERROR' });
    expect(message.services).toHaveLength(2);
  });

  test.each<[Result, string]>([
    [undone, 'failed; what it had changed is rolled back'],
    [resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', 'x'), 'failed; what it had changed is rolled back'],
    [resultOf('FAILED', 'AWS_ERROR', 'x'), 'failed; some services run it'],
  ])('of which one ended %j means: %s', (result, meaning) => {
    const undos = [undo(deploymentRecord({ service: 'staging/web', result }))];
    const message = messageWith(resultWith('FAILED'), { rollback: rollback(own) }, { deployments: deployments.slice(0, 1), undos });

    expect(meaningOf(message)).toBe(meaning);
  });
});

describe('a release that an operator rolls back', () => {
  const record = deploymentRecord({ service: 'staging/web', result: undone });
  const byHand = { rollback: rollback(other), stages: [], stage: '', trigger: { kind: 'hand', by: 'ada', reason: 'errors' } } as const;

  test('has one report: which release, its services, and those that were skipped', () => {
    const message = messageWith(
      undone,
      { ...byHand, warnings: ['staging/api runs another image by now'] },
      { deployments: [], undos: [undo(record)] },
    );

    expect(titleOf(message)).toBe('the rollback of my-learn-app:main-7 (a1b2c3d4a1b2) on staging/web');
    expect(meaningOf(message)).toBe('what ran before it runs again');
    expect(message.services).toMatchObject([{ service: 'staging/web', result: undone }]);
    expect(message.rollback).toEqual({ of: 'push-0', isByHand: true });
    for (const part of [
      '\nstarted   hand, ada: errors\n',
      '\nstaging/web: rolled back with its release (ROLLED_BACK_WITH_RELEASE)',
      '\nit rolls back the release push-0\nmigrations that it ran are not undone\nstaging/api runs another image by now\n',
    ])
      expect(textOf(message)).toContain(part);
  });

  test('and that failed in part says so', () => {
    const undos = [undo(record), { ...undo(deploymentRecord({ result: rolledBack })), undoes: 'another' }];

    expect(meaningOf(messageWith(resultWith('FAILED'), byHand, { deployments: [], undos }))).toBe('failed; some services are rolled back');
    expect(meaningOf(messageWith(resultWith('FAILED'), byHand, { deployments: [], undos: undos.slice(1) }))).toBe(
      'failed, nothing changed',
    );
  });
});

test.each<[Outcome, Result['reason'], string]>([
  ['SUCCEEDED', 'ROLLED_BACK_WITH_RELEASE', 'rolled back with its release'],
  ['SUPERSEDED', 'NEWER_RELEASE', 'superseded by a newer release'],
  ['SUPERSEDED', 'NEWER_DEPLOYMENT', 'superseded by something newer'],
  ['FAILED', 'REJECTED', 'rejected, nothing changed'],
  ['FAILED', 'APPROVAL_TIMED_OUT', 'not approved in time, nothing changed'],
  ['FAILED', 'PREFLIGHT', 'refused by the checks before it, nothing changed'],
  ['FAILED', 'CANCELLED', 'cancelled, nothing changed'],
  ['ROLLED_BACK', 'STAGE_FAILED', 'rolled back, because its stage failed'],
  ['SKIPPED', 'OUTSIDE_WINDOW', 'skipped, nothing changed'],
  ['PARTIAL', 'OUTSIDE_WINDOW', 'deployed in part; the rest was skipped'],
])('%s, %s means: %s', (outcome, reason, meaning) => {
  expect(meaningOf(messageWith({ outcome, reason, message: 'x' }, {}, { deployments: [] }))).toBe(meaning);
});

test('a warning about the revision of a deployment is in its report', () => {
  const message = messageWith(
    rolledBack,
    {},
    { deployments: [deployed('production/web', rolledBack, { warnings: ['web:8 is the newest'] })] },
  );

  expect(message.services[0]?.warnings).toEqual(['web:8 is the newest']);
});
