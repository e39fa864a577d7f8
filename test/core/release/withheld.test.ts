import { parseReleaseInput } from '../../../core/input/release-input.js';
import type { ServiceState, Source, Withheld } from '../../../core/records/records.js';
import { withheldStarts } from '../../../core/release/withheld.js';
import { digest, execution, later, otherDigest, startedAt, stateOf } from '../given.js';

const hold = { by: 'ada', reason: 'freeze', at: startedAt };
const withheld: Withheld = { digest, tag: 'main-7', pushedAt: startedAt, release: 'repository#my-learn-app release#1', hold };
const newer: Withheld = { ...withheld, digest: otherDigest, tag: 'main-8', pushedAt: later };
const released = { until: later, by: 'bob', reason: 'done' };
const started = (states: readonly ServiceState[], holdOfAll?: ServiceState['hold']) =>
  withheldStarts(states, holdOfAll, released).map((one) => [one.repository, one.digest]);

test('what a hold kept back is released as an automatic start that knows the hold, and who released it', () => {
  const [start] = withheldStarts([stateOf({ withheld })], undefined, released);

  expect(start).toMatchObject({
    repository: 'my-learn-app',
    digest,
    name: expect.stringMatching(/^my-learn-app-a1b2c3d4a1b2-[0-9a-f]{16}$/),
  });
  expect(parseReleaseInput(JSON.parse(JSON.stringify(start?.input)), execution)).toEqual({
    kind: 'releasedHold',
    repository: 'my-learn-app',
    tag: 'main-7',
    digest,
    pushedAt: startedAt,
    trigger: { kind: 'releasedHold', by: 'bob', reason: 'done', hold, until: later },
  });
});

test('an image without a tag, and one of a hold without a name, are released, too', () => {
  const { tag: _, ...untagged } = withheld;
  const [start] = withheldStarts([stateOf({ withheld: { ...untagged, hold: { at: startedAt } } })], undefined, { until: later });

  expect(parseReleaseInput(JSON.parse(JSON.stringify(start?.input)), execution)).toEqual({
    kind: 'releasedHold',
    repository: 'my-learn-app',
    digest,
    pushedAt: startedAt,
    trigger: { kind: 'releasedHold', hold: { at: startedAt }, until: later },
  });
});

test.each<[string, Source]>([
  ['nothing was kept back', {}],
  ['it runs by now', { withheld, lastDeployed: { digest, pushedAt: later } }],
  ['something newer runs', { withheld, lastDeployed: { digest: otherDigest, pushedAt: later } }],
  ['it is quarantined', { withheld, quarantine: [{ digest, reason: 'CRASHED', at: later }] }],
])('nothing is released if %s', (_, source) => {
  expect(started([stateOf(source)])).toEqual([]);
});

test('an image is released though it failed, once another source’s image has changed', () => {
  const others = [{ repository: 'my-proxy', digest: otherDigest }];
  const beside = (proxy: string): ServiceState => ({
    sources: {
      'my-learn-app': { withheld, quarantine: [{ digest, reason: 'CRASHED', at: later, others }] },
      'my-proxy': { lastDeployed: { digest: proxy, pushedAt: later } },
    },
  });

  expect(started([beside(otherDigest)])).toEqual([]);
  expect(started([beside(digest)])).toEqual([['my-learn-app', digest]]);
});

test('nothing is released for a service that is still on hold, by itself or with all others', () => {
  expect(started([stateOf({ withheld }, { hold })])).toEqual([]);
  expect(started([stateOf({ withheld })], hold)).toEqual([]);
});

test('of each repository the newest is released, for all services at once', () => {
  const proxy: ServiceState = { sources: { 'my-proxy': { withheld }, 'my-learn-app': { withheld: newer } } };
  const older = stateOf({ withheld });

  expect(started([older, proxy])).toEqual([
    ['my-learn-app', otherDigest],
    ['my-proxy', digest],
  ]);
  expect(started([proxy, older])).toEqual([
    ['my-proxy', digest],
    ['my-learn-app', otherDigest],
  ]);
});

test('what is older than what runs from another repository is released', () => {
  const state: ServiceState = { sources: { 'my-proxy': { withheld }, 'my-learn-app': { lastDeployed: newer } } };

  expect(started([state])).toEqual([['my-proxy', digest]]);
});

test('two callers start one execution, and a release that is kept back again is another one', () => {
  const name = (kept: Withheld, by?: string) => withheldStarts([stateOf({ withheld: kept })], undefined, { until: later, by })[0]?.name;

  expect(name(withheld, 'ada')).toBe(name(withheld));
  expect(name({ ...withheld, release: 'repository#my-learn-app release#2' })).not.toBe(name(withheld));
});

test('a hold that was written by hand, with times of another form and other members, is released', () => {
  const other = { at: '2026-11-23 12:00Z', until: '2026-11-23T12:05:00+00:00', ticket: 'OPS-1' };
  const [start] = withheldStarts([stateOf({ withheld: { ...withheld, hold: other } })], undefined, { until: other.until });

  expect(parseReleaseInput(JSON.parse(JSON.stringify(start?.input)), execution)).toMatchObject({
    kind: 'releasedHold',
    trigger: { hold: { at: startedAt }, until: later },
  });
});

test('an image that two holds kept back from one release is started once for each', () => {
  const name = (kept: Withheld) => withheldStarts([stateOf({ withheld: kept })], undefined, released)[0]?.name;

  expect(name({ ...withheld, hold: { ...hold, at: later } })).not.toBe(name(withheld));
});

test('a hold whose time has passed keeps nothing back, that of every service included', () => {
  const until = (time: string) => ({ ...hold, until: time });

  expect(started([stateOf({ withheld }, { hold: until(later) })], until(later))).toEqual([['my-learn-app', digest]]);
  expect(started([stateOf({ withheld }, { hold: until('2099-01-01T00:00:00.000Z') })])).toEqual([]);
});
