import { execution, later, queueEntry, stoppedTask } from '../../core/given.js';
import { other as otherRevision, rollout } from '../../core/rollout/observations.js';
import { name } from './given-rollout.js';
import { baked, given, inBake, since, url } from './given-verification.js';

const operator = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
const failedWith = (reason: string) => ({ error: 'VerificationFailed', result: { outcome: 'ROLLBACK_FAILED', reason } });
const service = 'production/web';

describe('a bake', () => {
  test('waits for an event with its token, and saves nothing twice', async () => {
    const { table, look } = given();

    expect(await look()).toBeUndefined();
    expect(await table.watchItem(service)).toMatchObject({ token: 'token of the visit', verifying: 'holds' });
    expect(await look(inBake, { visit: { number: 2, retry: 0 } })).toBeUndefined();
  });

  test('is over at its end, and says what was verified', async () => {
    const { look } = given({ settings: { alarms: ['web-5xx'], bakeSeconds: 300 } });

    expect(await look(baked)).toMatchObject({
      action: 'finish',
      result: { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: expect.stringContaining('web-5xx') },
    });
  });

  test('is entered again for its own end, if the state has another deadline', async () => {
    expect(await given().look(inBake, { deadline: '' })).toMatchObject({ error: 'LookAgain', deadline: baked, seconds: 300 });
  });

  test('looks again after 5 s if a read lags behind the success that ECS has reported', async () => {
    expect(await given({ seen: rollout() }).look(baked)).toMatchObject({ error: 'LookAgain', seconds: 5, nextSeconds: 300, deadline: '' });
  });

  test.each([
    ['after 5 s', { because: 'entered', seconds: 5 }],
    ['after the first safety net', { because: 'timedOut', seconds: 300 }],
    ['after an event', { because: 'woken', seconds: 5 }],
  ] as const)('waits with its safety net if a read still lags %s', async (_, entered) => {
    expect(await given({ seen: rollout() }).look(baked, { ...entered, deadline: '' })).toBeUndefined();
  });

  test('follows a desired count that has changed with the limit of its failed tasks', async () => {
    const { table, look } = given({ service: { desiredCount: 100 } });

    await look();
    expect(await table.watchItem(service)).toMatchObject({ limit: 10 });
  });

  test('of an item that a resumption has opened again: events find there what they need', async () => {
    const { table, look } = given({ settings: { bakeSeconds: 300, yields: true } });
    await table.watch.close(service, name);
    await table.watch.open(service, { record: name, execution }, 1);

    await look();
    expect(await table.watchItem(service)).toMatchObject({ verifying: 'yields', limit: 3, revision: expect.any(String) });
  });

  test('fails with the tasks of its revision, counted from the rollout on', async () => {
    const { look, saved } = given({ stopped: ['1', '2', '3'].map((id) => stoppedTask({ id })) });

    expect(await look()).toMatchObject(failedWith('CRASHED'));
    expect(await saved()).toMatchObject({ failure: { reason: 'CRASHED', speaksOfImage: true } });
  });

  test('fails once as many tasks have crashed as the service has, but not by those that failed before it', async () => {
    const service = { desiredCount: 1 };
    const stopped = [stoppedTask({ id: '1' })];

    expect(await given({ service, stopped }).look()).toMatchObject(failedWith('CRASHED'));
    expect(await given({ service, stopped, run: { failedBefore: 1 } }).look()).toBeUndefined();
  });

  test('is not guarded by an alarm that was in ALARM before the update, until its end', async () => {
    const settings = { alarms: ['web-5xx'], bakeSeconds: 300 };
    const alarms = [{ name: 'web-5xx', isInAlarm: true, since: inBake }];

    expect(await given({ settings, alarms, run: { ignoredAlarms: ['web-5xx'] } }).look()).toBeUndefined();
    expect(await given({ settings, alarms, run: { ignoredAlarms: [] } }).look()).toMatchObject(failedWith('ALARM'));
  });

  test('is decided by the newest invocation alone', async () => {
    const { table, look } = given({ alarms: [] });
    jest.spyOn(table.states, 'of').mockImplementationOnce(async () => {
      await table.records.enter(name, execution, { number: 1, retry: 1 });
      return {};
    });

    expect(await look(baked)).toBeUndefined();
  });

  test('ends superseded with the revision of another deployer', async () => {
    const { look, saved } = given({ service: { taskDefinition: otherRevision } });

    expect(await look()).toMatchObject({ error: 'Finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_DEPLOYMENT' } });
    expect(await saved()).not.toHaveProperty('failure');
  });

  test('fails by the cancel request of its own deployment alone', async () => {
    const cancelled = (record: string) => given({ state: { cancel: { record, by: 'ann' } } }).look();

    expect(await cancelled(name)).toMatchObject(failedWith('CANCELLED'));
    expect(await cancelled('service#production/web deployment#0')).toBeUndefined();
  });

  test('ends for an operator who waits, but not for an execution that was aborted in its place', async () => {
    const state = { queued: { OPERATOR: queueEntry({ execution: operator }) } };

    expect(await given({ state }).look()).toMatchObject({
      error: 'Finish',
      result: { outcome: 'SUPERSEDED', message: expect.stringContaining('two') },
    });
    expect(await given({ state, ended: [operator] }).look()).toBeUndefined();
  });

  test('of a service that slipway.yml no longer verifies is over', async () => {
    expect(await given({ settings: {} }).look()).toMatchObject({ action: 'finish', result: { outcome: 'SUCCEEDED' } });
  });
});

describe('alarms', () => {
  const settings = { alarms: ['web-5xx', 'web-slow'], bakeSeconds: 300 };
  const alarm = (alarmName: string, isInAlarm = false, from = since) => ({ name: alarmName, isInAlarm, since: from });

  test('are read together, and fail the bake in ALARM', async () => {
    const { look, asked, saved } = given({ settings, alarms: [alarm('web-5xx'), alarm('web-slow', true)] });

    expect(await look()).toMatchObject(failedWith('ALARM'));
    expect(asked).toEqual([['web-5xx', 'web-slow']]);
    expect(await saved()).toMatchObject({ failure: { reason: 'ALARM', message: expect.stringContaining('web-slow') } });
  });

  test('that went into ALARM within the bake fail it, though they are OK again', async () => {
    const watched = { 'alarm#web-5xx': later } as object;

    expect(await given({ settings, watched, alarms: [alarm('web-5xx'), alarm('web-slow')] }).look(baked)).toMatchObject(
      failedWith('ALARM'),
    );
  });

  test('are named as far as the answer may be long: Step Functions takes a cause of 32,768 characters', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `${n}${'"'.repeat(250)}`);
    const answer = await given({ settings: { alarms: names, bakeSeconds: 300 }, alarms: names.map((one) => alarm(one, true)) }).look();

    expect(answer).toMatchObject({ ...failedWith('ALARM'), result: { message: expect.stringContaining('90 more') } });
    expect(JSON.stringify(answer).length).toBeLessThan(32_768);
  });

  test('that were in ALARM before the update do not guard it, then or later', async () => {
    const red = given({ settings, alarms: [alarm('web-5xx', true, '2026-11-23T11:00:00.000Z'), alarm('web-slow')] });

    expect(await red.look()).toBeUndefined();
    expect(await red.saved()).toMatchObject({ ignoredAlarms: ['web-5xx'] });
    await red.table.watch.addAlarm(service, 'web-5xx', inBake);
    expect(await red.look(baked, { visit: { number: 2, retry: 0 } })).toMatchObject({ action: 'finish' });
  });

  test('that do not exist guard nothing: that fails it, and says nothing of the image', async () => {
    const { look, saved } = given({ settings });

    expect(await look()).toMatchObject(failedWith('VERIFICATION'));
    expect(await saved()).toMatchObject({ failure: { speaksOfImage: false, message: expect.stringContaining('web-slow') } });
  });

  test('are not read of a service without any', async () => {
    const { look, asked } = given();

    await look();
    expect(asked).toEqual([]);
  });
});

describe('checks', () => {
  const settings = { url, function: 'check', bakeSeconds: 300 };
  const passed = { probe: { outcome: 'passed', seen: 'it answered 200' } } as const;
  const verified = { invocation: { status: 'answered', answer: '{"version":1,"verified":true}' } };

  test('are the URL, as long as that takes, then the function, then the rest of the bake', async () => {
    const { look, saved } = given({ settings });
    const visit = (number: number) => ({ visit: { number, retry: 0 } });

    expect(await look(inBake)).toMatchObject({ error: 'VerifyUrl', deadline: baked, verification: { until: '2026-11-23T12:02:00.000Z' } });
    expect(await look(inBake, { ...visit(2), probe: { outcome: 'continues', seen: '' } })).toMatchObject({ error: 'VerifyUrl' });
    expect(await saved()).toEqual({ since });
    expect(await look(inBake, { ...visit(3), ...passed })).toMatchObject({ error: 'InvokeVerifier', verification: { verifier: 'check' } });
    expect(await look(inBake, { ...visit(4), ...passed, ...verified })).toBeUndefined();
    expect(await look(baked, { ...visit(5), ...passed, ...verified })).toMatchObject({
      action: 'finish',
      result: { outcome: 'SUCCEEDED' },
    });
    expect(await saved()).toMatchObject({ url: { isPassed: true }, verifier: { isPassed: true } });
  });

  test('without a bake end at once', async () => {
    expect(await given({ settings: { url } }).look(inBake, { ...passed, deadline: '' })).toMatchObject({ action: 'finish' });
  });

  test.each([
    ['failed', true],
    ['refused', false],
    ['error', false],
  ] as const)('fail with a URL that %s', async (outcome, speaksOfImage) => {
    const { look, saved } = given({ settings: { url } });

    expect(await look(inBake, { probe: { outcome, seen: 'it answered 500' } })).toMatchObject(failedWith('VERIFICATION'));
    expect(await saved()).toMatchObject({ failure: { speaksOfImage, message: expect.stringContaining('it answered 500') } });
  });
});

test('an answer that comes while nothing runs and a read lags is still an answer once tasks run again', async () => {
  const refused = { probe: { outcome: 'failed', seen: 'it answered 500' } } as const;
  const scaled = given({ settings: { url }, service: { desiredCount: 0 }, seen: rollout() });

  expect(await scaled.look(baked, refused)).toMatchObject({ error: 'LookAgain' });
  const run = await scaled.saved();
  expect(await given({ settings: { url }, run: run ?? {} }).look(baked, refused)).toMatchObject(failedWith('VERIFICATION'));
});

describe('a second run', () => {
  test('after its answer was lost fails for the same reason, though it would see another', async () => {
    const failure = { reason: 'ALARM', message: 'web-5xx', speaksOfImage: true } as const;
    const { look, table } = given({ run: { failure } });

    expect(await look(baked)).toMatchObject({ ...failedWith('ALARM'), result: { message: 'web-5xx' } });
    expect(await table.watchItem(service)).not.toHaveProperty('token');
  });

  test.each([
    ['of which a later visit has begun', { visit: 2000 }, undefined],
    ['whose deployment has ended', { endedAt: later }, 'Finish'],
    ['whose deployment another execution has resumed', { execution: `${execution}-2` }, 'Finish'],
  ])('%s changes nothing', async (_, record, error) => {
    const { look, table } = given({ record });

    expect(await look(baked)).toEqual(error && expect.objectContaining({ error }));
    expect(table.writes).toEqual([]);
  });

  test('that is late as it saves leaves the answer to its retry', async () => {
    const one = given({ settings: { alarms: ['web-5xx'], bakeSeconds: 300 } });
    await one.table.records.enter(name, execution, { number: 1, retry: 1 });

    expect(await one.look(baked)).toBeUndefined();
  });
});
