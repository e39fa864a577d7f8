import { approval, at, decision, type Gates, givenGates, hours, minutes, officeHours, released, reports, said } from '../support/gated.js';
import { closePipelines, type Pipeline } from '../support/pipeline.js';
import { entered } from '../support/waiting.js';

afterEach(closePipelines);

const begun = ({ arn }: { readonly arn: string }, pipeline: Pipeline): string[] =>
  entered(pipeline, arn, 'DeployServices').map((time) => new Date(time).toISOString());

const given = (production: object, start: string, more: Gates = {}) => givenGates({ production, ...more }, { start: new Date(start) });

test('outside its window a release waits, says until when, and begins when it opens', async () => {
  // At 07:30 in Berlin.
  const pipeline = await given({ window: officeHours }, '2026-11-23T06:30:00Z');
  const release = await released(pipeline, 'main-2');

  expect(await pipeline.execution(release.arn)).toMatchObject({ status: 'RUNNING' });
  const [message] = pipeline.waitingMessages();
  expect(message?.waiting).toMatchObject({ kind: 'window', because: 'window', until: '2026-11-23T08:00:00.000Z' });
  expect(message?.text).toContain('Europe/Berlin');
  expect(await pipeline.ended(release.arn)).toMatchObject({ outcome: 'SUCCEEDED' });

  expect(begun(release, pipeline)[1]?.slice(0, 18)).toBe('2026-11-23T08:00:0');
  expect(said(pipeline)).toEqual(['window']);
  // Before staging; at first; after an hour, twice, as the opening comes within the next one; when it opens.
  expect(entered(pipeline, release.arn, 'PassGates')).toHaveLength(5);
  expect(pipeline.running('production/web')).toEqual([release.digest]);
});

test('an approval in the last second of the window waits for the next one; the window is asked after it', async () => {
  // Over midnight, until 16:00 in Berlin, and again from 17:00 on.
  const window = { ...officeHours, from: '17:00', to: '16:00' };
  const pipeline = await given({ ...approval, window }, '2026-11-24T14:30:00Z');
  const release = await released(pipeline, 'main-2');
  expect(said(pipeline)).toEqual(['request']);
  await at(pipeline, '2026-11-24T14:59:59.900Z');
  await pipeline.invoke('decide', decision(release.digest));
  await pipeline.account.clock.advance(5 * minutes);

  expect(said(pipeline)).toEqual(['request', 'window']);
  expect(pipeline.waitingMessages()[1]?.waiting.until).toBe('2026-11-24T16:00:00.000Z');
  expect(await pipeline.invoke('decide', decision(release.digest, 'reject'))).toMatchObject({ reason: 'INVALID_INPUT' });
  expect(await pipeline.ended(release.arn)).toMatchObject({ outcome: 'SUCCEEDED' });

  expect(begun(release, pipeline)[1]?.slice(0, 18)).toBe('2026-11-24T16:00:0');
  expect(reports(pipeline)).toMatchObject([{ approvals: [{ by: 'ada' }] }]);
});

const christmas = { from: '2026-12-20', to: '2027-01-03', timezone: 'Europe/Berlin', reason: 'Christmas' };

test('in a freeze only rollbacks, operators and ignoreWindow deploy, and the message says so', async () => {
  const pipeline = await given({ ...approval, freeze: [christmas] }, '2026-12-21T09:00:00Z');
  const [before = ''] = pipeline.running('production/web');
  const first = await released(pipeline, 'main-2');
  await pipeline.invoke('decide', decision(first.digest));
  await pipeline.account.clock.advance(minutes);
  const [, frozen] = pipeline.waitingMessages();
  expect(frozen?.waiting).toMatchObject({ kind: 'window', because: 'freeze', until: '2027-01-03T23:00:00.000Z' });
  expect(frozen?.text).toContain('Christmas');

  // By hand, and back: neither waits, and neither ends the wait of the release.
  const byHand = await pipeline.start('deployment', { service: 'production/web', image: pipeline.imageUri('main-2'), by: 'ada' });
  expect(await pipeline.ended(byHand)).toMatchObject({ outcome: 'SUCCEEDED' });
  const back = await pipeline.start('deployment', { service: 'production/web', rollback: true, by: 'ada' });
  expect(await pipeline.ended(back)).toMatchObject({ outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_BY_OPERATOR' });
  expect(pipeline.running('production/web')).toEqual([before]);
  expect(await pipeline.execution(first.arn)).toMatchObject({ status: 'RUNNING' });

  // Force passes the approval, and no freeze.
  const start = { repository: 'my-learn-app', force: true, by: 'grace', reason: 'hotfix' };
  await pipeline.push('main-3');
  await pipeline.account.clock.advance(15 * minutes);
  const forced = await pipeline.start('release', { ...start, tag: 'main-3' });
  await pipeline.account.clock.advance(15 * minutes);
  expect(await pipeline.execution(forced)).toMatchObject({ status: 'RUNNING' });
  const { arn: frozenAlso, digest: hotfix } = await released(pipeline, 'main-4');
  expect(await pipeline.execution(forced)).toMatchObject({ reason: 'NEWER_RELEASE' });
  // The release of the same image that waits does not stand for the one that does not have to.
  const ignoring = await pipeline.start('release', { ...start, tag: 'main-4', ignoreWindow: true });
  expect(await pipeline.ended(ignoring)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await pipeline.ended(frozenAlso)).toMatchObject({ reason: 'NEWER_RELEASE' });
  expect(pipeline.running('production/web')).toEqual([hotfix]);
  const report = reports(pipeline).find(({ id }) => id === ignoring);
  expect(report).toMatchObject({ force: true, ignoreWindow: true, trigger: { by: 'grace', reason: 'hotfix' } });
  expect(report?.text).toMatch(/^ignored .*approval.*window/m);
});

test('ignoreWindow alone leaves the approval', async () => {
  const pipeline = await given({ ...approval, freeze: [christmas] }, '2026-12-21T09:00:00Z');
  const { digest } = await released(pipeline, 'main-2');
  const arn = await pipeline.start('release', { repository: 'my-learn-app', tag: 'main-2', ignoreWindow: true, by: 'grace' });
  await pipeline.account.clock.advance(5 * minutes);
  expect(await pipeline.execution(arn)).toMatchObject({ status: 'RUNNING' });
  expect(said(pipeline)).toEqual(['request', 'request']);

  await pipeline.invoke('decide', decision(digest));

  expect(await pipeline.ended(arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(await pipeline.executions('release')).toMatchObject([{ reason: 'NEWER_RELEASE' }, {}]);
});

test('with "outside: skip" a release that has changed staging ends PARTIAL', async () => {
  const pipeline = await given({ window: { ...officeHours, outside: 'skip' } }, '2026-11-23T06:00:00Z');
  const { arn } = await released(pipeline, 'main-2');

  expect(await pipeline.execution(arn)).toMatchObject({ outcome: 'PARTIAL', reason: 'OUTSIDE_WINDOW' });
  expect(pipeline.waitingMessages()).toEqual([]);
  await pipeline.account.clock.advance(4 * hours);
  expect(await pipeline.executions('release')).toHaveLength(1);
});

test('a release waits no longer than maxWait in all', async () => {
  const pipeline = await given({ freeze: [christmas] }, '2026-12-21T09:00:00Z', { repository: { maxWait: '2h' } });
  const release = await released(pipeline, 'main-2');

  expect(await pipeline.ended(release.arn)).toMatchObject({ outcome: 'PARTIAL', reason: 'OUTSIDE_WINDOW' });

  expect(new Date(pipeline.account.clock.now).toISOString()).toMatch(/^2026-12-21T11:/);
  expect(said(pipeline)).toEqual(['window']);
  const [message] = pipeline.waitingMessages();
  expect(message?.waiting).toMatchObject({ until: expect.stringMatching(/^2026-12-21T11:/), opensAt: '2027-01-03T23:00:00.000Z' });
  expect(message?.text).toContain('production opens at 2027-01-03');
  const cancel = { command: 'cancel', repository: 'my-learn-app', stage: 'production' };
  expect(await pipeline.invoke('control', cancel)).toMatchObject({ reason: 'INVALID_INPUT' });
});

test.each([
  // 02:30 does not exist: it opens at 03:00.
  ['spring', '2027-03-28T00:00:00Z', { from: '02:30', to: '05:00' }, '2027-03-28T01:00:0'],
  // 02:15 comes twice: after the first one has closed, the second one opens.
  ['autumn', '2027-10-31T00:50:00Z', { from: '02:15', to: '02:45' }, '2027-10-31T01:15:0'],
])('in %s, when the clocks change, a window opens by the clock on the wall', async (_, start, window, opensAt) => {
  const pipeline = await given({ window: { ...window, days: ['sun'], timezone: 'Europe/Berlin' } }, start);
  const release = await released(pipeline, 'main-2');

  expect(await pipeline.ended(release.arn)).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(begun(release, pipeline)[1]?.slice(0, 18)).toBe(opensAt);
});

test('a release that waits for its window can be cancelled, and a newer one takes its place', async () => {
  const pipeline = await given({ window: officeHours }, '2026-11-23T06:00:00Z');
  const first = await released(pipeline, 'main-2');
  const second = await released(pipeline, 'main-3');
  expect(await pipeline.execution(first.arn)).toMatchObject({ outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' });

  const [, message] = pipeline.waitingMessages();
  const [, stage] = /slipway cancel my-learn-app (\S+) --stage dev --region eu-west-1$/m.exec(message?.text ?? '') ?? [];
  const cancel = { command: 'cancel', repository: 'my-learn-app', stage, by: 'ada' };
  expect(await pipeline.invoke('control', cancel)).toMatchObject({ reason: 'CANCEL_REQUESTED' });
  expect(await pipeline.ended(second.arn)).toMatchObject({ outcome: 'FAILED', reason: 'CANCELLED' });
  await pipeline.account.clock.advance(3 * hours);
  expect(await pipeline.executions('release')).toHaveLength(2);
});
