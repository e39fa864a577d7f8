import { later, queueEntry, startedAt, stoppedTask } from '../../core/given.js';
import { previous, rollout } from '../../core/rollout/observations.js';
import { given, name } from './given-rollout.js';
import { url } from './given-verification.js';

const seen = rollout({ status: 'SUCCESSFUL' });
const service = 'production/web';
const everything = { url, function: 'check', alarms: ['web-5xx'], bakeSeconds: 300 };

test('a success is verified before it counts, from the first look that finds it', async () => {
  const { table, run } = given({ seen, settings: { verify: everything } });

  expect(await run()).toMatchObject({
    action: 'verifyUrl',
    result: { outcome: 'UNKNOWN' },
    seconds: 300,
    deadline: '2026-11-23T12:10:00.000Z',
    verification: { repository: 'my-learn-app', until: '2026-11-23T12:07:00.000Z', verifier: 'check', request: { version: 1 } },
  });
  expect((await table.record(name))?.verification).toEqual({ since: later });
  expect(await table.watchItem(service)).toMatchObject({ verifying: 'holds', limit: 3 });
});

test('keeps how many tasks had failed before it', async () => {
  const { table, run } = given({ seen, settings: { verify: everything }, stopped: [stoppedTask()] });

  await run();
  expect((await table.record(name))?.verification).toEqual({ since: later, failedBefore: 1 });
});

test('found by a retry minutes after the state was entered, begins when ECS completed the rollout', async () => {
  const finishedAt = '2026-11-23T12:07:30.000Z';
  const { table, run } = given({ seen: { ...seen, finishedAt }, settings: { verify: everything } });

  expect(await run()).toMatchObject({ deadline: '2026-11-23T12:12:30.000Z', verification: { until: '2026-11-23T12:09:30.000Z' } });
  expect((await table.record(name))?.verification).toEqual({ since: finishedAt });
});

test.each([
  ['verifyUrl', {}],
  ['invokeVerifier', { url: { isPassed: true, seen: '' } }],
  ['verify', { url: { isPassed: true, seen: '' }, verifier: { isPassed: true, seen: '' } }],
] as const)('resumed, continues with %s, and with the time that is left', async (action, run) => {
  const resumed = given({ seen, settings: { verify: everything }, record: { verification: { since: startedAt, ...run } } });

  expect(await resumed.run()).toMatchObject({ action, deadline: later });
});

test('resumed after it had failed, rolls back', async () => {
  const failure = { reason: 'ALARM', message: 'web-5xx', speaksOfImage: true } as const;

  expect(await given({ seen, record: { verification: { since: startedAt, failure } } }).run()).toMatchObject({
    action: 'rollBack',
    result: { outcome: 'ROLLBACK_FAILED', reason: 'ALARM', message: 'web-5xx' },
  });
});

test('requests nothing for a verification that ends at once: an operator waits', async () => {
  const decided = { queued: { OPERATOR: queueEntry() } };

  expect(await given({ seen, settings: { verify: everything }, decided }).run()).toMatchObject({ action: 'verify' });
});

test.each([
  ['a rollback by an operator', { record: { operation: { kind: 'rollback' } } }],
  ['a service of which nothing runs', { service: { desiredCount: 0 } }],
] as const)('does not verify %s', async (_, changes) => {
  expect(await given({ seen, settings: { verify: everything }, ...changes }).run()).toMatchObject({
    action: 'finish',
    result: { outcome: 'SUCCEEDED' },
  });
});

test('a rollback that comes too late to stop its rollout goes on where that must be verified', async () => {
  const rollback = { since: startedAt, sentAt: startedAt, method: 'stop', reason: 'CRASHED', message: '3 tasks failed' } as const;
  const late = (settings: object) => given({ seen, settings, record: { rollback } }).run();

  expect(await late({})).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
  expect(await late({ verify: everything })).toMatchObject({ action: 'rollBack', result: { reason: 'CRASHED' } });
});

test('a rollback to the revision before is not verified', async () => {
  const rollback = { since: startedAt, sentAt: startedAt, method: 'update', reason: 'ALARM', message: 'web-5xx' } as const;
  const back = given({
    taskDefinition: previous,
    seen: rollout({ status: 'SUCCESSFUL', target: previous }),
    settings: { verify: everything },
    record: { rollback },
  });

  expect(await back.run()).toMatchObject({ action: 'finish', result: { outcome: 'ROLLED_BACK', reason: 'ALARM' } });
});
