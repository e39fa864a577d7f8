import type { Stage } from '../../../core/configuration/configuration.js';
import { parseReleaseInput } from '../../../core/input/release-input.js';
import type { ServiceState, Source, Withheld } from '../../../core/records/records.js';
import { type HoldRelease, type ReleaseStart, withheldStarts } from '../../../core/release/withheld.js';
import { configuration, digest, execution, later, otherDigest, startedAt, stateOf } from '../given.js';

const hold = { by: 'ada', reason: 'freeze', at: startedAt };
const withheld: Withheld = { digest, tag: 'main-7', pushedAt: startedAt, release: 'repository#my-learn-app release#1', hold };
const newer: Withheld = { ...withheld, digest: otherDigest, tag: 'main-8', pushedAt: later };
const released = { until: later, by: 'bob', reason: 'done' };
const services = ['staging/web', 'production/web', 'production/worker'];
/** Of the services of the example, in the order of slipway.yml. */
const starts = (states: readonly ServiceState[], holdOfAll?: ServiceState['hold'], by: HoldRelease = released) => {
  const named = states.map((state, index) => ({ service: services[index] ?? '', state }));
  return withheldStarts(configuration, named, holdOfAll, by);
};
const started = (states: readonly ServiceState[], holdOfAll?: ServiceState['hold']) =>
  starts(states, holdOfAll).map((one) => [one.repository, one.digest]);

test('what a hold kept back is released as an automatic start that knows the hold, and who released it', () => {
  const [start] = starts([stateOf({ withheld })]);

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
  const [start] = starts([stateOf({ withheld: { ...untagged, hold: { at: startedAt } } })], undefined, { until: later });

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

  for (const states of [
    [older, proxy],
    [proxy, older],
  ])
    expect(started(states)).toEqual([
      ['my-learn-app', otherDigest],
      ['my-proxy', digest],
    ]);
});

describe('of images whose tags reach different stages', () => {
  const [staging, production] = configuration.repositories['my-learn-app']!.stages as [Stage, Stage];
  const stages = [
    { ...staging, tags: ['main-*'] },
    { ...production, tags: ['v*', 'main-9'] },
  ];
  const byStage = {
    ...configuration,
    repositories: { 'my-learn-app': { ...configuration.repositories['my-learn-app']!, tags: [], stages } },
  };
  const promoted: Withheld = { ...withheld, tag: 'v1.4.2' };
  const kept = (inStaging: Withheld, inProduction: Withheld) =>
    withheldStarts(
      byStage,
      [
        { service: 'staging/web', state: stateOf({ withheld: inStaging }) },
        { service: 'production/web', state: stateOf({ withheld: inProduction }) },
        { service: 'production/worker', state: stateOf({ withheld: inProduction }) },
      ],
      undefined,
      released,
    );
  const tagsOf = (all: readonly ReleaseStart[]) => all.map(({ input }) => (input as { tag: string }).tag);

  test('each is released, for the newer one does not come to the stage of the older one', () => {
    expect(tagsOf(kept(newer, promoted))).toEqual(['main-8', 'v1.4.2']);
  });

  test('the older one is not released if the newer one comes to its stage, too', () => {
    expect(tagsOf(kept({ ...newer, tag: 'main-9' }, promoted))).toEqual(['main-9']);
  });

  test('two tags of one image are two executions', () => {
    const both = kept(withheld, promoted);

    expect(tagsOf(both)).toEqual(['main-7', 'v1.4.2']);
    expect(new Set(both.map(({ name }) => name)).size).toBe(2);
  });
});

test('what is older than what runs from another repository is released', () => {
  const state: ServiceState = { sources: { 'my-proxy': { withheld }, 'my-learn-app': { lastDeployed: newer } } };

  expect(started([state])).toEqual([['my-proxy', digest]]);
});

test('two callers start one execution, and a release that is kept back again is another one', () => {
  const name = (kept: Withheld, by?: string) =>
    starts([stateOf({ withheld: kept })], undefined, { until: later, ...(by !== undefined && { by }) })[0]?.name;

  expect(name(withheld, 'ada')).toBe(name(withheld));
  expect(name({ ...withheld, release: 'repository#my-learn-app release#2' })).not.toBe(name(withheld));
});

test('a hold that was written by hand, with times of another form and other members, is released', () => {
  const other = { at: '2026-11-23 12:00Z', until: '2026-11-23T12:05:00+00:00', ticket: 'OPS-1' };
  const [start] = starts([stateOf({ withheld: { ...withheld, hold: other } })], undefined, { until: other.until });

  expect(parseReleaseInput(JSON.parse(JSON.stringify(start?.input)), execution)).toMatchObject({
    kind: 'releasedHold',
    trigger: { hold: { at: startedAt }, until: later },
  });
});

test('an image that two holds kept back from one release is started once for each', () => {
  const name = (kept: Withheld) => starts([stateOf({ withheld: kept })])[0]?.name;

  expect(name({ ...withheld, hold: { ...hold, at: later } })).not.toBe(name(withheld));
});

test('a hold whose time has passed keeps nothing back, that of every service included', () => {
  const until = (time: string) => ({ ...hold, until: time });

  expect(started([stateOf({ withheld }, { hold: until(later) })], until(later))).toEqual([['my-learn-app', digest]]);
  expect(started([stateOf({ withheld }, { hold: until('2099-01-01T00:00:00.000Z') })])).toEqual([]);
});
