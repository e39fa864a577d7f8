import type { ServiceStatus } from '../../core/query/answers.js';
import type { ServiceKind } from '../../page/api.js';
import { countTasks, type EcsCounts, stateOfTask } from '../../page/server/moving-tasks.js';
import { type KnownService, rowOf } from '../../page/server/rows.js';
import { digest, otherDigest, revisionArn } from '../core/given.js';
import { at, counts, deployment, ended, service, web } from './given-stack.js';

type Changes = Partial<Omit<KnownService, 'status'>> & { readonly status?: Partial<ServiceStatus> };

/** A service that runs what Slipway deployed last. */
const known = ({ status = {}, ...changes }: Changes = {}): KnownService => {
  const last = ended('SUCCEEDED', { revision: 'web:7' });
  return { status: service(web, { last, ...status }), decisive: last, counts: counts(), waits: [], isProduction: true, ...changes };
};

const wait = (kind: 'approval' | 'window' | 'scan') => ({
  stage: 'production',
  for: kind,
  since: at(1),
  until: at(59),
  release: `repository#my-learn-app release#${at(0)}#push-1`,
  image: { repository: 'my-learn-app', digest },
});
const moving = (phase: ReturnType<typeof deployment>['phase'], changes: Changes = {}): Changes => ({
  ...changes,
  status: { current: deployment({ phase }) },
});
const hold = { at: at(2), by: 'ada', reason: 'month end', until: at(50) };
const failed = ended('ROLLBACK_FAILED');
const rollingOut = counts({
  desired: 4,
  revision: revisionArn(8),
  failed: 3,
  tasks: [
    { taskDefinition: revisionArn(8), running: 1, pending: 2 },
    { taskDefinition: revisionArn(7), running: 4, pending: 0 },
  ],
});
const rollingBack = { ...rollingOut, revision: revisionArn(7), failed: 0 };

test.each<[ServiceKind, Changes, object]>([
  ['steady', {}, {}],
  ['starting', moving('starting'), { since: at(0) }],
  ['queued', moving('queued'), {}],
  ['beforeTask', moving('beforeTask'), {}],
  ['rollingOut', moving('updating'), {}],
  ['rollingOut', moving('rollingOut', { counts: rollingOut }), { done: 1, of: 4, starting: 2, failed: 3 }],
  ['verifying', moving('verifying', { counts: rollingOut }), { done: 1, of: 4 }],
  ['rollingBack', moving('rollingBack', { counts: rollingBack }), { done: 4, of: 4, starting: 0, failed: 0 }],
  ['approval', { waits: [wait('approval')] }, { since: at(1), until: at(59), waits: digest.slice(7, 19) }],
  ['window', { waits: [wait('window')] }, {}],
  ['scan', { waits: [wait('scan')] }, {}],
  ['queued', { status: { queued: [{ id: 'two', since: at(3), repository: 'my-learn-app' }] } }, { since: at(3) }],
  ['hold', { status: { hold } }, { since: at(2), until: at(50), by: 'ada', message: 'month end' }],
  ['hold', { holdOfAll: hold }, { by: 'ada' }],
  ['failed', { decisive: failed }, { since: at(5), outcome: 'ROLLBACK_FAILED', reason: 'ECS_ROLLBACK_FAILED', message: 'its message' }],
  ['unknown', { decisive: ended('UNKNOWN') }, { outcome: 'UNKNOWN' }],
  ['empty', { counts: counts({ desired: 0, running: 0, tasks: [] }) }, {}],
  ['external', { counts: counts({ revision: revisionArn(99) }) }, {}],
  ['missing', { counts: 'missing' }, {}],
  ['unreadable', { status: { unreadable: 'schema is 1', sources: [] } }, { message: 'schema is 1' }],
])('%s', (kind, changes, state) => {
  expect(rowOf(known(changes)).state).toMatchObject({ kind, ...state });
});

test('untouched: Slipway has deployed nothing to it', () => {
  const status = { service: web, sources: [{ repository: 'my-learn-app', quarantine: [] }], queued: [] };

  expect(rowOf({ status, waits: [], isProduction: false }).state).toEqual({ kind: 'untouched' });
});

describe('of two things that are the case, the more urgent one is said:', () => {
  test.each<[ServiceKind, string, Changes]>([
    ['rollingOut', 'what moves, not the failure before it', moving('rollingOut', { decisive: failed })],
    ['rollingOut', 'what moves, not a hold', { ...moving('rollingOut'), holdOfAll: hold }],
    ['failed', 'a failure, not a hold', { decisive: failed, holdOfAll: hold }],
    ['hold', 'a hold, not an approval', { holdOfAll: hold, waits: [wait('approval')] }],
    ['approval', 'an approval, not another deployer', { waits: [wait('approval')], counts: counts({ revision: revisionArn(99) }) }],
    ['external', 'another deployer, not that nothing runs', { counts: counts({ revision: revisionArn(99), desired: 0 }) }],
    ['missing', 'that there is no service, not a failure', { counts: 'missing', decisive: failed }],
  ])('%s: %s', (kind, _, changes) => {
    expect(rowOf(known(changes)).state.kind).toBe(kind);
  });
});

describe('another deployer', () => {
  const good = { digest, revision: 'web:6', at: at(1), pushedAt: at(0) };

  test.each<[string, Changes, ServiceKind]>([
    ['after a rollback, the revision before is none of it', { status: { last: ended('ROLLED_BACK') } }, 'steady'],
    [
      'nor is the one that was proved last',
      {
        decisive: undefined,
        status: {
          last: ended('SKIPPED', { revision: undefined, previousRevision: undefined } as object),
          sources: [{ repository: 'a', quarantine: [], knownGood: [good] }],
        },
        counts: counts({ revision: revisionArn(6) }),
      },
      'steady',
    ],
    [
      'without a known revision nothing is said',
      {
        decisive: undefined,
        status: { last: ended('SKIPPED', { revision: undefined, previousRevision: undefined } as object) },
      },
      'steady',
    ],
  ])('%s', (_, changes, kind) => {
    expect(rowOf(known(changes)).state.kind).toBe(kind);
  });
});

test('what it runs, since when, what it is taken to, and what is quarantined, with its tag if that is known', () => {
  const row = rowOf(
    known({
      ...moving('rollingOut'),
      status: {
        current: deployment(),
        last: ended('ROLLED_BACK', { image: { repository: 'my-learn-app', tag: 'main-6', digest: otherDigest } }),
        sources: [
          {
            repository: 'my-learn-app',
            lastDeployed: { digest, tag: 'main-7', pushedAt: at(0) },
            quarantine: [{ digest: otherDigest, reason: 'CRASHED', at: at(4) }],
            knownGood: [{ digest, revision: 'web:7', at: at(30), pushedAt: at(0) }],
          },
          { repository: 'sidecar', lastDeployed: { digest: '', pushedAt: at(0) }, quarantine: [] },
        ],
      },
    }),
  );

  expect(row).toMatchObject({
    id: web,
    cluster: 'production',
    name: 'web',
    sources: [{ repository: 'my-learn-app', tag: 'main-7', digest }],
    target: { tag: 'main-8' },
    revision: 'web:7',
    since: at(30),
    quarantine: [{ repository: 'my-learn-app', digest: otherDigest, tag: 'main-6', reason: 'CRASHED', at: at(4) }],
    isProduction: true,
    current: 'one',
    last: 'one',
  });
});

describe('tasks', () => {
  const none = { old: 0, oldStarting: 0, oldDraining: 0, new: 0, newStarting: 0, newLeaving: 0, failed: 0 };
  const arn = (number: number): string => revisionArn(number);

  test.each<[string, EcsCounts, Parameters<typeof countTasks>[1], object]>([
    ['at rest all are old', counts(), undefined, { old: 2 }],
    ['at rest, of a rollout by another deployer, too', rollingOut, undefined, { old: 5, oldStarting: 2 }],
    ['of a rollout', rollingOut, { revision: 'web:8', isRollback: false }, { old: 4, new: 1, newStarting: 2, failed: 3 }],
    ['of a rollback the new ones leave', rollingBack, { revision: 'web:8', isRollback: true }, { old: 4, newLeaving: 3 }],
    ['of a revision whose number begins like another', rollingOut, { revision: 'web:80', isRollback: false }, { old: 5, oldStarting: 2 }],
  ])('by the counts of ECS, %s', (_, ecs, movement, expected) => {
    expect(countTasks(ecs, movement)).toEqual({ ...none, ...expected });
  });

  test('one by one, those that drain are known', () => {
    const states = ['PENDING', 'RUNNING', 'RUNNING', 'DEACTIVATING', 'STOPPED', 'DELETED'].map(stateOfTask);
    const tasks = [8, 7].flatMap((number) => states.map((state) => ({ taskDefinition: arn(number), state })));

    expect(countTasks(rollingOut, { revision: 'web:8', isRollback: false }, tasks)).toEqual({
      old: 2,
      oldStarting: 1,
      oldDraining: 1,
      new: 2,
      newStarting: 1,
      newLeaving: 1,
      failed: 3,
    });
  });

  test('every state of a task has a dot, or none', () => {
    const statuses = ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED', ''];

    expect(statuses.map(stateOfTask)).toEqual([
      ...['starting', 'starting', 'starting', 'running', 'draining', 'draining', 'draining', 'stopped', 'stopped'],
    ]);
  });
});
