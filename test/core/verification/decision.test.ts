import type { Verification } from '../../../core/configuration/configuration.js';
import type { ServiceState, VerificationRun } from '../../../core/records/records.js';
import type { Observation } from '../../../core/rollout/observation.js';
import { alarmFailure, ignoredAlarms } from '../../../core/verification/alarms.js';
import { answersOf } from '../../../core/verification/answers.js';
import { decideVerification, type Verifying } from '../../../core/verification/decision.js';
import { verificationEndedBy } from '../../../core/verification/ended-by.js';
import {
  bakeEnd,
  mustBeVerified,
  nextCheck,
  plannedVerification,
  verificationLimit,
  verificationTask,
} from '../../../core/verification/planned-verification.js';
import { configuration, deploymentRecord, image, later, priority, queueEntry, startedAt } from '../given.js';
import { observation, other, rollout, serviceOn } from '../rollout/observations.js';

const url = { url: 'https://example.com/health', status: 200, everySeconds: 10, withinSeconds: 120 };
const everything: Verification = { url, function: 'check', alarms: ['web-5xx'], bakeSeconds: 300 };
const since = startedAt;
const passed = { isPassed: true, seen: 'it is well' };
const held: VerificationRun = { since, url: passed, verifier: passed, ignoredAlarms: [] };
const waiting = queueEntry({ execution: 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two' });
const refusal = { reason: 'VERIFICATION', message: 'refused', speaksOfImage: true } as const;
const alarms = { reason: 'ALARM', message: 'web-5xx' } as const;

const decide = (changes: Partial<Verifying> & { seen?: Partial<Observation> } = {}) => {
  const { seen, ...rest } = changes;
  return decideVerification({
    settings: everything,
    observation: observation({ rollout: rollout({ status: 'SUCCESSFUL' }), ...seen }),
    run: held,
    alarms: undefined,
    isBaked: false,
    waiting: undefined,
    ...rest,
  });
};
const failedTasks = (count: number) => ({ evidence: { failedTasks: count, reason: 'CRASHED', groups: [], hasImageFailed: true } as const });

test.each<[string, Parameters<typeof decide>[0], object]>([
  ['waits while it bakes', {}, { action: 'wait' }],
  ['asks for the URL first', { run: { since } }, { action: 'verifyUrl' }],
  ['then for the function', { run: { since, url: passed } }, { action: 'invokeVerifier' }],
  ['succeeds once all have answered and it has baked', { isBaked: true }, { action: 'succeed', result: { reason: 'DEPLOYED' } }],
  [
    'does not succeed before the function has answered, however long it bakes',
    { run: { since, url: passed }, isBaked: true },
    { action: 'invokeVerifier' },
  ],
  ['looks again if reads show no success any more', { isBaked: true, seen: { rollout: rollout() } }, { action: 'look' }],
  ['looks again if reads show no rollout', { isBaked: true, seen: { rollout: undefined } }, { action: 'look' }],
  ['waits with fewer failed tasks than the limit', { seen: failedTasks(2) }, { action: 'wait' }],
  [
    'fails at the limit, in a bake as in a rollout, and says that ECS had completed that',
    { seen: failedTasks(3) },
    { action: 'fail', reason: 'CRASHED', speaksOfImage: true, message: expect.stringContaining('ECS had completed the rollout') },
  ],
  [
    'fails by tasks that say nothing of the image',
    { seen: { evidence: { failedTasks: 3, reason: 'HOST', groups: [] } } },
    { action: 'fail', reason: 'HOST', speaksOfImage: false },
  ],
  [
    'fails if ECS has proved another revision',
    { isBaked: true, seen: { rollout: rollout({ status: 'SUCCESSFUL', target: other }) } },
    { action: 'fail', reason: 'AWS_ERROR', speaksOfImage: false },
  ],
  ['fails by an alarm', { alarms }, { action: 'fail', reason: 'ALARM' }],
  ['fails by the URL or the function', { refusal }, { action: 'fail', ...refusal }],
  ['fails though it has baked', { refusal, isBaked: true }, { action: 'fail' }],
  [
    'is rolled back by an operator, also if something else failed',
    { isBaked: true, alarms, waiting, seen: { cancel: { by: 'ann' } } },
    { action: 'fail', reason: 'CANCELLED' },
  ],
  [
    'is rolled back with its stage',
    { seen: { cancel: { failedService: 'production/worker' } } },
    { action: 'fail', reason: 'STAGE_FAILED' },
  ],
  ['ends for a deployment that waits', { waiting }, { action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } }],
  ['ends for it before another request of the URL', { waiting, run: { since } }, { action: 'finish' }],
  ['does not end early once it is over', { waiting, isBaked: true }, { action: 'succeed' }],
  ['fails rather than ends', { waiting, refusal }, { action: 'fail' }],
  [
    'ends with another revision',
    { alarms, seen: { service: serviceOn(other) } },
    { action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } },
  ],
  ['ends with the service', { alarms, seen: { service: undefined } }, { action: 'finish', result: { reason: 'SERVICE_DELETED' } }],
  [
    'has nothing to verify once nothing runs',
    { run: { since }, refusal, seen: { service: { ...serviceOn(observation().revision), desiredCount: 0 } } },
    { action: 'succeed', result: { reason: 'NOTHING_RUNNING' } },
  ],
])('%s', (_, given, expected) => {
  expect(decide(given)).toMatchObject(expected);
});

test('a success says what was verified, and which alarm did not guard it', () => {
  const decision = decide({
    isBaked: true,
    settings: { ...everything, alarms: ['web-5xx', 'web-slow'] },
    run: { ...held, ignoredAlarms: ['web-slow'] },
  });

  expect('result' in decision && decision.result.message).toMatch(
    /3 of 3 tasks run it; verified: it is well; it is well; no ALARM of web-5xx within 5 min; alarm web-slow did not guard/,
  );
});

describe('alarms', () => {
  const before = '2026-11-23T11:50:00.000Z';
  const at = (isInAlarm: boolean, from = later) => new Map([['web-5xx', { isInAlarm, since: from }]]);
  const failure = (found: Parameters<typeof alarmFailure>[1], events: Parameters<typeof alarmFailure>[2] = [], run = { since }) =>
    alarmFailure(['web-5xx'], found, events, run)?.reason;

  test.each<[string, string | undefined, string | undefined]>([
    ['one in ALARM', failure(at(true)), 'ALARM'],
    ['one that was so already before the bake, but not before the update', failure(at(true, before)), 'ALARM'],
    ['one that has flapped', failure(at(false), [{ name: 'web-5xx', at: later }]), 'ALARM'],
    ['one that flapped before the bake', failure(at(false), [{ name: 'web-5xx', at: before }]), undefined],
    ['another one that has flapped', failure(at(false), [{ name: 'worker-5xx', at: later }]), undefined],
    ['one that is OK or has not enough data', failure(at(false)), undefined],
    ['one that does not exist', failure(new Map()), 'VERIFICATION'],
    [
      'one that is ignored, in ALARM again',
      alarmFailure(['web-5xx'], at(true), [{ name: 'web-5xx', at: later }], { since, ignoredAlarms: ['web-5xx'] })?.reason,
      undefined,
    ],
    [
      'one that is ignored, and deleted',
      alarmFailure(['web-5xx'], new Map(), [], { since, ignoredAlarms: ['web-5xx'] })?.reason,
      undefined,
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });

  test('that were in ALARM before the update do not guard, as with those of ECS', () => {
    expect(ignoredAlarms(['web-5xx'], at(true, before), since)).toEqual(['web-5xx']);
    expect(ignoredAlarms(['web-5xx'], at(true, since), since)).toEqual([]);
    expect(ignoredAlarms(['web-5xx'], at(false, before), since)).toEqual([]);
    expect(ignoredAlarms(['web-5xx'], new Map([['web-5xx', { isInAlarm: true }]]), since)).toEqual([]);
  });
});

describe('answers', () => {
  const nothing = { probe: { outcome: '', seen: '' }, invocation: { status: '', answer: '' } } as const;
  const answered = (answer: string) => ({ ...nothing, invocation: { status: 'answered', answer } });
  const probed = (outcome: 'passed' | 'failed' | 'refused' | 'continues' | 'error') => ({ ...nothing, probe: { outcome, seen: 'seen' } });
  const withUrl = { since, url: passed };

  test.each<[string, VerificationRun, Parameters<typeof answersOf>[2], boolean | undefined, boolean | undefined]>([
    // What came, whether it is saved as passed, and whether a refusal speaks of the image.
    ['nothing', { since }, nothing, undefined, undefined],
    ['the URL', { since }, probed('passed'), true, undefined],
    ['a URL that goes on', { since }, probed('continues'), undefined, undefined],
    ['a URL that answers otherwise', { since }, probed('failed'), false, true],
    ['a URL that may not be requested', { since }, probed('refused'), false, false],
    ['an error of the function that requests it', { since }, probed('error'), false, false],
    ['a second answer of the URL', withUrl, probed('failed'), true, undefined],
    ['true', withUrl, answered('{"version":1,"verified":true}'), true, undefined],
    ['true, with more', withUrl, answered('{"version":1,"verified":true,"message":"fine","took":3}'), true, undefined],
    ['false', withUrl, answered('{"version":1,"verified":false,"message":"cart is broken"}'), false, true],
    ['true of another version', withUrl, answered('{"version":2,"verified":true}'), false, false],
    ['true as text', withUrl, answered('{"version":1,"verified":"true"}'), false, false],
    ['JSON within JSON', withUrl, answered('"{\\"version\\":1,\\"verified\\":true}"'), false, false],
    ['null', withUrl, answered('null'), false, false],
    ['no JSON', withUrl, answered('<html>'), false, false],
    ['an answer that was too long', withUrl, answered(''), false, false],
    ['a function that timed out', withUrl, { ...nothing, invocation: { status: 'Sandbox.Timedout', answer: '' } }, false, false],
    ['6 MB', withUrl, { ...nothing, invocation: { status: 'States.DataLimitExceeded', answer: '' } }, false, false],
    ['a second answer of the function', held, answered('{"version":1,"verified":false}'), true, undefined],
  ])('%s', (_, run, came, isPassed, speaksOfImage) => {
    const { run: after, refusal: found } = answersOf(everything, run, came);
    const answer = came.probe.outcome === '' ? after.verifier : after.url;
    expect([answer?.isPassed, found?.speaksOfImage]).toEqual([isPassed, speaksOfImage]);
  });

  test('that are too long are said to be, or cut', () => {
    const messageOf = (answer: string) => answersOf(everything, withUrl, answered(answer)).refusal?.message ?? '';

    expect(messageOf('')).toContain('4,096 characters');
    expect(messageOf(JSON.stringify({ version: 1, verified: false, message: 'x'.repeat(2000) }))).toMatch(/[^x]x{1000}$/);
  });

  test('both that have come count, and what they say is redacted', () => {
    const both = {
      ...probed('passed'),
      invocation: { status: 'answered', answer: '{"version":1,"verified":false,"message":"token=abcdefgh"}' },
    };

    expect(answersOf(everything, { since }, both)).toMatchObject({
      run: { url: { isPassed: true }, verifier: { isPassed: false } },
      refusal: { reason: 'VERIFICATION', message: expect.stringContaining('token=***') },
    });
  });
});

describe('what waits for the lease', () => {
  const holder = priority({ isByHand: false, pushedAt: startedAt });
  const newer = queueEntry({ priority: priority({ isByHand: false, pushedAt: later, digest: 'sha256:2' }) });
  const state = (place: string, entry = newer): ServiceState => ({ queued: { [place]: entry } });

  test.each<[string, ServiceState, boolean, number]>([
    ['nothing', {}, true, 0],
    ['an operator', state('OPERATOR', waiting), false, 1],
    ['a newer push', state('my-learn-app'), true, 1],
    ['a newer push, where the bake holds', state('my-learn-app'), false, 0],
    [
      'a newer push of another source',
      state('my-proxy', queueEntry({ priority: priority({ isByHand: false, source: 'my-proxy', pushedAt: later }) })),
      true,
      0,
    ],
    [
      'an older push',
      state(
        'my-learn-app',
        queueEntry({ priority: priority({ isByHand: false, pushedAt: '2026-11-23T11:00:00.000Z', digest: 'sha256:1' }) }),
      ),
      true,
      0,
    ],
    ['the same image again', state('my-learn-app', queueEntry({ priority: priority({ isByHand: false, pushedAt: later }) })), true, 0],
  ])('%s', (_, of, yields, count) => {
    expect(verificationEndedBy(of, holder, yields)).toHaveLength(count);
  });
});

test.each([
  // maxFailedTasks, desired count, failed before, the limit
  [undefined, 1, 0, 1],
  [undefined, 1, 2, 3],
  [undefined, 2, 0, 2],
  [undefined, 3, 2, 3],
  [undefined, 100, 0, 10],
  [undefined, 0, 0, 1],
  [5, 1, 0, 5],
])('with maxFailedTasks %s and %i tasks, of which %i had failed before, %i end it', (max, desiredCount, failedBefore, limit) => {
  expect(verificationLimit(max, { desiredCount }, failedBefore === 0 ? {} : { failedBefore })).toBe(limit);
});

describe('the plan', () => {
  const withVerify = structuredClone(configuration);
  Object.assign(withVerify.repositories['my-learn-app']?.stages[1]?.services[0] ?? {}, { verify: everything });
  const record = deploymentRecord({ revision: 'web:8', previousRevision: 'web:7' });

  test.each([
    [undefined, true],
    [{ kind: 'image' }, true],
    [{ kind: 'redeploy' }, true],
    [{ kind: 'taskDefinition', taskDefinition: 'web:7' }, true],
    [{ kind: 'rollback' }, false],
    [{ kind: 'releaseRollback', deployment: 'one' }, false],
    [{ kind: 'beforeTask' }, false],
  ] as const)('of the operation %j', (operation, isPlanned) => {
    const one = { ...record, ...(operation && { operation }) };
    expect(plannedVerification(withVerify, one)?.settings).toEqual(isPlanned ? everything : undefined);
    expect(mustBeVerified(withVerify, one, { desiredCount: 3 })).toBe(isPlanned);
    expect(mustBeVerified(withVerify, one, { desiredCount: 0 })).toBe(false);
  });

  test('of an image of a repository that does not name the service is that of the one that does', () => {
    const foreign = { ...record, image: { ...image, repository: 'another' } };
    expect(plannedVerification(withVerify, foreign)).toEqual({ repository: 'my-learn-app', settings: everything });
  });

  test('of a service without one', () => {
    expect(plannedVerification(configuration, record)).toBeUndefined();
    const failure = { reason: 'ALARM', message: 'x', speaksOfImage: true } as const;
    expect(mustBeVerified(configuration, { ...record, verification: { since, failure } }, { desiredCount: 3 })).toBe(true);
  });

  test('has an end of the bake, and of the time for the URL', () => {
    expect(bakeEnd(everything, { since })).toBe(later);
    expect(bakeEnd({ url }, { since })).toBe('');
    expect(nextCheck({ alarms: ['web-5xx'], bakeSeconds: 300 }, {})).toBeUndefined();
    const planned = { repository: 'my-learn-app', settings: everything };
    expect(verificationTask(planned, record, { since })).toMatchObject({ until: '2026-11-23T12:02:00.000Z', verifier: 'check' });
    expect(verificationTask({ ...planned, settings: { bakeSeconds: 60 } }, record, { since })).toEqual({
      repository: 'my-learn-app',
      until: '',
      verifier: '',
      request: {},
    });
  });

  test('invokes the function with what is deployed, of version 1', () => {
    expect(
      verificationTask(
        { repository: 'my-learn-app', settings: everything },
        { ...record, release: 'repository#my-learn-app release#2026#push-1' },
        { since },
      ).request,
    ).toEqual({
      version: 1,
      stackStage: 'dev',
      service: 'production/web',
      cluster: 'production',
      stage: 'production',
      repository: 'my-learn-app',
      image: { registry: record.image?.registry, repository: 'my-learn-app', tag: 'main-7', digest: record.image?.digest },
      revision: 'web:8',
      previousRevision: 'web:7',
      execution: 'one',
      release: 'push-1',
    });
  });
});
