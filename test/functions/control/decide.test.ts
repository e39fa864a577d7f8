import type { Publication } from '../../../aws/topic.js';
import { decide } from '../../../functions/control/decide.js';
import { configuration, digest, later, otherDigest, releaseExecution } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { givenTokens } from '../given-waiting.js';

const release = 'repository#my-learn-app release#1';
const place = { repository: 'my-learn-app', stage: 'production' };
const answer = { command: 'approve', ...place, digest, by: 'ada', reason: 'looks good' };

const given = async ({ isAsked = true, isRunning = true }: { readonly isAsked?: boolean; readonly isRunning?: boolean } = {}) => {
  const { gates } = givenTable();
  const gate = {
    release,
    execution: releaseExecution,
    digest,
    tag: 'v1.4.2',
    pushedAt: later,
    takenAt: later,
    visit: 1000,
    token: 'its token',
  };
  await gates.take(place, gate, undefined);
  if (isAsked) await gates.ask(place, release, '2026-11-24T12:00:00.000Z');
  const { tokens, taken } = givenTokens();
  const published: Publication[] = [];
  const topic = {
    arn: 'arn:aws:sns:eu-west-1:123456789012:slipway-dev',
    publish: async (publication: Publication) => void published.push(publication),
  };
  const run = decide({ configuration, gates, executions: { isRunning: async () => isRunning }, tokens, topic, now: () => new Date(later) });
  return { gates, taken, published, run };
};

test.each([
  ['approve', 'APPROVED', 'APPROVAL_GIVEN'],
  ['reject', 'REJECTED', 'APPROVAL_DENIED'],
])('%s is written before the release is woken, and reported with who and why', async (command, approval, reason) => {
  const { run, gates, taken, published } = await given();

  expect(await run({ ...answer, command })).toMatchObject({ outcome: 'SUCCEEDED', reason });

  expect(await gates.of(place)).toMatchObject({ approval, decidedBy: 'ada', decisionReason: 'looks good', decidedAt: later });
  expect(taken).toEqual([['its token', 'Woken']]);
  expect(published).toHaveLength(1);
  expect(published[0]?.text).toContain('ada: looks good');
});

test('of two answers at once, one counts, and the other one learns which', async () => {
  const { run, gates, published } = await given();

  const results = await Promise.all([run(answer), run({ ...answer, command: 'reject', by: 'bob' })]);

  const counted = results.filter(({ outcome }) => outcome === 'SUCCEEDED');
  expect(counted).toHaveLength(1);
  expect(results.filter(({ reason }) => reason === 'INVALID_INPUT')).toMatchObject([
    { message: expect.stringMatching(/production was (approved|rejected) at .* by (ada|bob)/) },
  ]);
  expect((await gates.of(place))?.decidedBy).toBe(counted[0]?.reason === 'APPROVAL_GIVEN' ? 'ada' : 'bob');
  expect(published).toHaveLength(1);
});

test('an answer that is given again, because the first invocation may have been cut off, wakes and is reported again', async () => {
  const { run, gates, taken, published } = await given();
  await gates.decide(place, release, 'APPROVED', { at: later, by: 'ada', reason: 'looks good' });

  expect(await run(answer)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'APPROVAL_GIVEN' });

  expect(taken).toEqual([['its token', 'Woken']]);
  expect(published[0]?.text).toContain('ada: looks good');
});

describe('is refused, and changes nothing:', () => {
  test.each<[string, object, Parameters<typeof given>[0], RegExp]>([
    ['a decision for another digest', { digest: otherDigest }, {}, /waits for approval before production, and the decision is for/],
    [
      'for a stage where nothing waits',
      { stage: 'staging' },
      {},
      /no release of my-learn-app waits before staging; my-learn-app:v1\.4\.2.* before production does/,
    ],
    [
      'for a repository that slipway.yml does not have',
      { repository: 'my-lern-app' },
      {},
      /my-lern-app is not in slipway\.yml; did you mean my-learn-app/,
    ],
    ['for a stage that it does not have', { stage: 'prodution' }, {}, /did you mean production/],
    ['for a release that was never asked about', {}, { isAsked: false }, /no release of my-learn-app waits before production/],
    ['for a release that has ended', {}, { isRunning: false }, /no release of my-learn-app waits before production/],
    ['without a digest', { digest: undefined }, {}, /digest/],
    ['a digest that is none', { digest: 'sha256:abc' }, {}, /sha256: and 64 hexadecimal digits/],
    ['another word', { command: 'aprove' }, {}, /did you mean "approve"/],
    ['an unknown key', { until: '2h' }, {}, /unknown key/],
    ['a megabyte of words', { reason: 'x'.repeat(1_000_000) }, {}, /500 characters at most/],
  ])('%s', async (_, changes, situation, message) => {
    const { run, gates, taken, published } = await given(situation);
    const before = await gates.of(place);

    const result = await run({ ...answer, ...changes });

    expect(result).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT', message: expect.stringMatching(message) });
    expect(result.message.length).toBeLessThan(600);
    expect({ gate: await gates.of(place), taken, published }).toEqual({ gate: before, taken: [], published: [] });
  });

  test.each([null, 7, 'approve', [], {}])('%j', async (input) => {
    const { run } = await given();

    expect(await run(input)).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT' });
  });

  test('an answer after the first one, a cancellation, or the end of the time for it', async () => {
    const approved = await given();
    await approved.run(answer);
    expect(await approved.run({ ...answer, command: 'reject' })).toMatchObject({ message: expect.stringContaining('by ada: looks good') });

    const cancelled = await given();
    await cancelled.gates.cancel(place, release, { at: later, by: 'bob' });
    expect(await cancelled.run(answer)).toMatchObject({ message: expect.stringContaining('cancelled before production') });

    const late = await given();
    await late.gates.decide(place, release, 'TIMED_OUT', { at: later });
    expect(await late.run(answer)).toMatchObject({ message: expect.stringContaining('ended without an answer') });

    const passed = await given();
    await passed.run(answer);
    await passed.gates.pass(place, release, later, 'APPROVED');
    expect(await passed.run(answer)).toMatchObject({ outcome: 'FAILED', reason: 'INVALID_INPUT' });
  });
});
