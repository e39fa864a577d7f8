import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import {
  approval,
  commandsOf,
  decision,
  givenGates,
  hours,
  minutes,
  released,
  reports,
  said,
  seconds,
  type Waiting,
} from '../support/gated.js';
import { closePipelines, type Pipeline } from '../support/pipeline.js';
import { itemsOf } from '../support/table.js';
import { entered } from '../support/waiting.js';

afterEach(closePipelines);

const production = ['production/web', 'production/worker'];
const deployed = (pipeline: Pipeline) => production.flatMap((service) => pipeline.running(service));
const gatesOf = async (pipeline: Pipeline) => (await itemsOf(pipeline)).filter(({ sk }) => sk.startsWith('gate#'));
const waits = (pipeline: Pipeline, { arn }: Waiting) => expect(pipeline.execution(arn)).resolves.toMatchObject({ status: 'RUNNING' });
const refused = expect.objectContaining({ outcome: 'FAILED', reason: 'INVALID_INPUT' });
const given = expect.objectContaining({ outcome: 'SUCCEEDED', reason: 'APPROVAL_GIVEN' });

describe('approval', () => {
  test('the request says what would change; its command decides, once; who decided is reported', async () => {
    const pipeline = await givenGates({ production: approval });
    const before = deployed(pipeline);
    const release = await released(pipeline, 'main-2');
    const { arn, digest } = release;

    expect(pipeline.running('staging/web')).toEqual([digest]);
    expect(deployed(pipeline)).toEqual(before);
    const [request] = pipeline.waitingMessages();
    const to = `my-learn-app:main-2 (${digest.slice(7, 19)})`;
    expect(request).toMatchObject({ stage: 'production', to, digest, commit: 'build-1', passed: ['staging'], findings: [] });
    expect(request?.services).toMatchObject(production.map((service) => ({ service, from: 'my-learn-app:main-1', to })));
    expect(request?.waiting).toEqual({ kind: 'request', until: new Date(Date.parse(request?.at ?? '') + 24 * hours).toISOString() });

    const other = `sha256:${'0'.repeat(64)}`;
    for (const wrong of [{ digest: other }, { stage: 'staging' }, { repository: 'another' }, { reason: 'x'.repeat(1_000_000) }])
      expect(await pipeline.invoke('decide', { ...decision(digest), ...wrong })).toEqual(refused);
    await waits(pipeline, release);

    const line = `npx --no-install slipway approve my-learn-app production --digest ${digest} --stage dev --region eu-west-1`;
    expect(request?.text).toContain(`\n${line}\n`);
    expect(JSON.stringify(pipeline.slack.received.at(-1))).toContain(line);
    const answer = { ...decision(digest), reason: 'tried in staging' };
    expect(await pipeline.invoke('decide', answer)).toEqual(given);
    expect(await pipeline.invoke('decide', { ...answer, by: 'bob' })).toEqual(refused);
    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(deployed(pipeline)).toEqual([digest, digest]);
    expect(await pipeline.invoke('decide', answer)).toEqual(refused);
    expect(commandsOf(pipeline)).toEqual(['approve by ada']);
    expect(reports(pipeline)).toMatchObject([
      { id: arn, approvals: [{ stage: 'production', by: 'ada', reason: 'tried in staging' }], waitedSeconds: expect.any(Number) },
    ]);
    expect(reports(pipeline)[0]?.text).toContain('approved  production, by ada');
  });

  test('a rejected release ends, and is not started again; its stage is free for the next one', async () => {
    const pipeline = await givenGates({ production: approval });
    const before = deployed(pipeline);
    const { arn, digest } = await released(pipeline, 'main-2');

    const no = { ...decision(digest, 'reject', 'grace'), reason: 'the month ends' };
    expect(await pipeline.invoke('decide', no)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'APPROVAL_DENIED' });
    expect(await pipeline.ended(arn)).toMatchObject({ status: 'FAILED', outcome: 'FAILED', reason: 'REJECTED' });
    await pipeline.account.clock.advance(3 * hours);

    expect(await pipeline.executions('release')).toHaveLength(1);
    expect(deployed(pipeline)).toEqual(before);
    expect(await gatesOf(pipeline)).toEqual([]);
    expect(await pipeline.invoke('decide', decision(digest))).toEqual(refused);
    expect(commandsOf(pipeline)).toEqual(['reject by grace']);
    expect(reports(pipeline).map(({ text }) => text)).toEqual([expect.stringContaining('grace: the month ends')]);

    const next = await released(pipeline, 'main-3');
    await pipeline.invoke('decide', decision(next.digest));
    expect(await pipeline.ended(next.arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  });

  test('no answer is a no: it is reminded of once, and waiting costs one transition an hour', async () => {
    const pipeline = await givenGates({ production: approval });
    const before = deployed(pipeline);
    const { arn, digest } = await released(pipeline, 'main-2');

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'FAILED', reason: 'APPROVAL_TIMED_OUT' });
    const [request, reminder] = pipeline.waitingMessages();
    expect(said(pipeline)).toEqual(['request', 'reminder']);
    expect(Date.parse(reminder?.at ?? '') - Date.parse(request?.at ?? '')).toBeCloseTo(12 * hours, -4);
    expect(entered(pipeline, arn, 'PassGates').length).toBeLessThanOrEqual(26);
    await pipeline.account.clock.advance(3 * hours);

    expect(await pipeline.executions('release')).toHaveLength(1);
    expect(deployed(pipeline)).toEqual(before);
    expect(await gatesOf(pipeline)).toEqual([]);
    expect(await pipeline.invoke('decide', decision(digest))).toEqual(refused);
    expect(reports(pipeline)).toMatchObject([{ id: arn, result: { reason: 'APPROVAL_TIMED_OUT' } }]);
  });

  test('a release that waits can be cancelled', async () => {
    const pipeline = await givenGates({ production: approval });
    const cancel = { command: 'cancel', repository: 'my-learn-app', stage: 'production', by: 'ada', reason: 'wrong tag' };
    expect(await pipeline.invoke('control', cancel)).toEqual(refused);
    const { arn, digest } = await released(pipeline, 'main-2');

    expect(await pipeline.invoke('control', cancel)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'CANCEL_REQUESTED' });
    expect(await pipeline.invoke('decide', decision(digest))).toEqual(refused);
    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'FAILED', reason: 'CANCELLED' });

    expect(await pipeline.invoke('control', cancel)).toEqual(refused);
    expect(await gatesOf(pipeline)).toEqual([]);
    expect(commandsOf(pipeline)).toEqual(['cancel by ada']);
    expect(reports(pipeline)).toHaveLength(1);
    expect(reports(pipeline)[0]?.text).toContain('ada: wrong tag');
  });

  test('of several answers at once the first one holds, and the others are refused', async () => {
    const pipeline = await givenGates({ production: approval });
    const { arn, digest } = await released(pipeline, 'main-2');

    const answers = await pipeline.invokeAtOnce('decide', [
      decision(digest),
      decision(digest, 'approve', 'grace'),
      decision(digest, 'reject', 'linus'),
    ]);

    expect(answers.filter((answer) => (answer as { outcome: string }).outcome === 'SUCCEEDED')).toHaveLength(1);
    expect(commandsOf(pipeline)).toHaveLength(1);
    const isRejected = commandsOf(pipeline)[0]?.startsWith('reject') === true;
    expect(await pipeline.ended(arn)).toMatchObject({ reason: isRejected ? 'REJECTED' : 'DEPLOYED' });
  });

  test('an answer in the second of the deadline holds, or the deadline does, and both sides say the same', async () => {
    const pipeline = await givenGates({ production: { approval: { timeout: '10m', remindAfter: '5m' } } });
    const { clock, services, log } = pipeline.account;
    const decide = pipeline.account.arn('lambda', 'function:slipway-dev-decide');
    const seen = new Set<string>();
    /** The look at the deadline begins then; `late`: the answer is sent after it at that same moment. */
    for (const [tag, offset, isLate] of [
      ['main-2', -2_000, false],
      ['main-3', 0, false],
      ['main-4', 0, true],
      ['main-5', 40, true],
      ['main-6', 1_000, true],
    ] as const) {
      const count = (await pipeline.executions('release')).length;
      const digest = await pipeline.push(tag);
      await clock.run({ until: () => pipeline.waitingMessages().filter(({ waiting }) => waiting.kind === 'request').length === count + 1 });
      const { arn } = (await pipeline.executions('release'))[count] ?? { arn: '' };
      const deadline = Date.parse(pipeline.waitingMessages().at(-1)?.waiting.until ?? '');
      if (isLate) await clock.advance(deadline - clock.now - 1_000);
      const last = entered(pipeline, arn, 'PassGates').at(-1) ?? 0;
      const look = isLate ? last + Math.ceil((deadline - last) / 1000) * 1000 : deadline;
      const answers: unknown[] = [];
      clock.at(look + offset, async () => {
        answers.push(await clock.yieldTo(services.lambda.invoke(decide, decision(digest))));
      });

      const { reason } = await pipeline.ended(arn);
      await clock.advance(5_000);

      expect({ tag, reason, answers }).toEqual({
        tag,
        reason: reason === 'DEPLOYED' ? 'DEPLOYED' : 'APPROVAL_TIMED_OUT',
        answers: [{ status: 'ok', payload: reason === 'DEPLOYED' ? given : refused }],
      });
      seen.add(reason);
    }
    expect([...seen]).toEqual(['DEPLOYED', 'APPROVAL_TIMED_OUT']);
    expect(log.of('lambda', 'failed')).toEqual([]);
  });

  test('an answer whose wake-up is lost is found within the hour', async () => {
    const pipeline = await givenGates({ production: approval });
    const { arn, digest } = await released(pipeline, 'main-2');
    // After it has read the gate and the execution, and saved the answer.
    pipeline.account.faults.injectInvocation({ function: 'decide', kind: 'killed', afterRequests: 3 });
    await pipeline.invoke('decide', decision(digest));
    const asked = pipeline.account.clock.now;

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });

    const [, begun = 0] = entered(pipeline, arn, 'DeployServices');
    expect(begun - asked).toBeLessThan(1 * hours);
    expect(reports(pipeline)).toMatchObject([{ approvals: [{ by: 'ada' }] }]);
  });

  test('an execution that is aborted while it waits is reported once, and its gate is free', async () => {
    const pipeline = await givenGates({ production: approval });
    const { arn, digest } = await released(pipeline, 'main-2');
    await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn: arn, error: 'Aborted', cause: 'by an operator' }));

    expect(await pipeline.invoke('decide', decision(digest))).toEqual(refused);
    await pipeline.account.clock.advance(2 * hours);

    expect(reports(pipeline)).toMatchObject([{ id: arn, result: { reason: 'ABORTED' } }]);
    expect(await gatesOf(pipeline)).toEqual([]);
    const next = await released(pipeline, 'main-3');
    expect(await pipeline.invoke('decide', decision(next.digest))).toEqual(given);
    expect(await pipeline.ended(next.arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  });

  test('a service on hold is skipped though its stage was approved', async () => {
    const pipeline = await givenGates({ production: approval });
    const before = pipeline.running('production/web');
    const { arn, digest } = await released(pipeline, 'main-2');
    await pipeline.control('hold', 'production/web', { by: 'grace' });
    await pipeline.invoke('decide', decision(digest));

    expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'PARTIAL', reason: 'ON_HOLD' });
    expect(pipeline.running('production/web')).toEqual(before);
    expect(pipeline.running('production/worker')).toEqual([digest]);
  });
});

describe('two releases at one gate', () => {
  test('the newer one supersedes the older one when it reaches the gate, not before', async () => {
    const pipeline = await givenGates({ production: approval });
    const first = await released(pipeline, 'main-2');
    // It fails in staging, and never reaches the gate.
    await pipeline.push('main-3', 'crashes-on-start');
    await pipeline.account.clock.advance(30 * minutes);
    await waits(pipeline, first);
    expect(said(pipeline)).toEqual(['request']);

    const third = await released(pipeline, 'main-4');
    expect(await pipeline.execution(first.arn)).toMatchObject({ outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' });
    expect(await pipeline.invoke('decide', decision(first.digest))).toMatchObject({ reason: 'INVALID_INPUT', message: /main-4/ });
    await waits(pipeline, third);
    expect(await pipeline.invoke('decide', decision(third.digest))).toEqual(given);
    expect(await pipeline.ended(third.arn)).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(deployed(pipeline)).toEqual([third.digest, third.digest]);
    const report = reports(pipeline).find(({ id }) => id === first.arn);
    expect(report?.text).toContain('withdrawn');
    expect(reports(pipeline)).toHaveLength(3);
  });

  test('an approval and the arrival of a newer release exclude each other', async () => {
    const pipeline = await givenGates({ production: approval });
    const first = await released(pipeline, 'main-2');
    const digest = await pipeline.push('main-3');
    const { clock } = pipeline.account;
    // The newer one has read the gate when the approval comes, and comes to take it after the older one has passed.
    pipeline.account.faults.injectInvocation({ function: 'passGates', kind: 'pauses', afterRequests: 3, delayMs: 5 * seconds });
    await clock.run({ until: () => entered(pipeline, first.arn, 'PassGates').length > 0 && pipeline.running('staging/web')[0] === digest });
    const [, second = { arn: '' }] = await pipeline.executions('release');
    await clock.run({ until: () => entered(pipeline, second.arn, 'PassGates').length === 1 });
    await clock.advance(2 * seconds);
    const answer = await pipeline.invoke('decide', decision(first.digest));

    const { outcome } = await pipeline.ended(first.arn);
    expect([answer, outcome]).toEqual([given, 'SUCCEEDED']);
    await clock.advance(15 * minutes);
    await waits(pipeline, { ...second, digest });
    expect(await pipeline.invoke('decide', decision(digest))).toEqual(given);
    expect(await pipeline.ended(second.arn)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(deployed(pipeline)).toEqual([digest, digest]);
  });

  test('by version where the stage takes versions: an older one does not displace a newer one that waits', async () => {
    const pipeline = await givenGates({ production: { ...approval, tags: ['semver:*'] } });
    const newer = await released(pipeline, 'v1.5.0');
    const older = await released(pipeline, 'v1.4.9');

    expect(await pipeline.execution(older.arn)).toMatchObject({ outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' });
    expect(await pipeline.invoke('decide', decision(older.digest))).toEqual(refused);
    await waits(pipeline, newer);
    expect(said(pipeline)).toEqual(['request']);
  });

  test('a release that an operator forces past tags and approval begins beside the one that waits', async () => {
    const pipeline = await givenGates({ production: approval });
    const first = await released(pipeline, 'main-2');
    const hotfix = await pipeline.push('feature-1');
    await pipeline.account.clock.advance(5 * minutes);

    const forced = await pipeline.start('release', { repository: 'my-learn-app', tag: 'feature-1', force: true, by: 'ada' });

    expect(await pipeline.ended(forced)).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(reports(pipeline).find(({ id }) => id === forced)).toMatchObject({ force: true, trigger: { kind: 'hand', by: 'ada' } });
    await waits(pipeline, first);
    // What is older than what an operator has started is not deployed over it.
    expect(await pipeline.invoke('decide', decision(first.digest))).toEqual(given);
    expect(await pipeline.ended(first.arn)).toMatchObject({ outcome: 'PARTIAL', reason: 'OLDER_PUSH' });
    expect(deployed(pipeline)).toEqual([hotfix, hotfix]);
  });
});
