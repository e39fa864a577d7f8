import fc from 'fast-check';
import type { Configuration, Stage } from '../../../core/configuration/configuration.js';
import { type Explanation, explain, type Facts } from '../../../core/policy/explain.js';
import { reach } from '../../../core/policy/tag-policy.js';
import type { ServiceState } from '../../../core/records/records.js';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const now = '2026-11-27T12:00:00.000Z';
const pushedAt = '2026-11-27T11:00:00.000Z';

const stage = (name: string, rest: Partial<Stage> = {}): Stage => ({
  name,
  services: ['web', 'worker'].map((one) => ({ service: `${name}/${one}`, cluster: name, name: one, timeoutSeconds: 1800 })),
  ...rest,
});

const configured = (stages: Stage[], tags = ['main-*', 'v*']): Configuration => ({
  notifications: { sns: true },
  repositories: { app: { name: 'app', tags, stages } },
});

const twoStages = configured([stage('staging'), stage('production')]);

const facts = (services: Record<string, ServiceState & { runsDigest?: boolean }> = {}, rest: Partial<Facts> = {}): Facts => ({
  ...{ digest, pushedAt, now, isByHand: false, passedStages: new Set<string>(), holdOfAll: undefined },
  services: new Map(Object.entries(services).map(([name, { runsDigest = false, ...state }]) => [name, { state, runsDigest }])),
  ...rest,
});

/** The code of each service, such as `staging/web DEPLOYED`. */
const codes = (explained: Explanation[]) => explained.map(({ service, code }) => `${service} ${code}`);

const ofSource = (source: NonNullable<ServiceState['sources']>[string]): ServiceState => ({ sources: { app: source } });
const hold = { at: '2026-11-27T10:00:00.000Z', by: 'ada', reason: 'sale' };
const quarantined = ofSource({ quarantine: [{ digest, reason: '3 tasks failed', at: pushedAt }] });
const newerRuns = ofSource({ lastDeployed: { digest: other, tag: 'v2', pushedAt: now } });

test('a repository that is not configured has one answer', () => {
  expect(explain(twoStages, { repository: 'ap', tag: 'v1' })).toEqual([
    { isDeployed: false, code: 'NOT_CONFIGURED', message: expect.stringContaining('did you mean app?') },
  ]);
});

test('without facts the policy decides about every service', () => {
  const promotion = configured([stage('staging', { tags: ['main-*'] }), stage('production', { tags: ['v*'], requires: 'staging' })]);
  const [web] = explain(promotion, { repository: 'app', tag: 'v1' });

  expect(web).toEqual({
    stage: 'staging',
    service: 'staging/web',
    isDeployed: false,
    code: 'TAG_NOT_MATCHED',
    message: 'tag v1 matches none of the patterns main-* of stage staging',
  });
  expect(codes(explain(promotion, { repository: 'app', tag: 'v1' }))).toEqual([
    'staging/web TAG_NOT_MATCHED',
    'staging/worker TAG_NOT_MATCHED',
    'production/web DEPLOYED',
    'production/worker DEPLOYED',
  ]);
  expect(new Set(explain(promotion, { repository: 'app', tag: 'latest' }).map(({ code }) => code))).toEqual(new Set(['TAG_NOT_MATCHED']));
  expect(explain(promotion, { repository: 'app' }).every(({ isDeployed }) => isDeployed)).toBe(true);
});

test('every configured service is explained, and deployed as the policy says', () => {
  const patterns = fc.uniqueArray(fc.constantFrom('main-*', 'v*', '!*-rc', 'semver:^1', '/^v1/'), { maxLength: 3 });

  fc.assert(
    fc.property(
      patterns,
      fc.array(patterns, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('main-7', 'v1.0.0', 'v2-rc'),
      (tags, all, tag) => {
        const stages = all.map((own, index) => stage(`s${index}`, { tags: own }));
        const explained = explain(configured(stages, tags), { repository: 'app', tag });

        expect(explained.map(({ service }) => service)).toEqual(stages.flatMap(({ services }) => services.map(({ service }) => service)));
        for (const { stage: name, isDeployed } of explained)
          expect(isDeployed).toBe(reach({ tags }, stages.find((one) => one.name === name) ?? stage(''), tag).isReached);
      },
    ),
  );
});

test.each<[string, ServiceState & { runsDigest?: boolean }, string, boolean]>([
  ['is on hold', { hold }, 'ON_HOLD', false],
  ['was on hold until now', { hold: { ...hold, until: now } }, 'DEPLOYED', true],
  ['has the digest in quarantine', quarantined, 'QUARANTINED', false],
  ['has the digest in quarantine and is on hold', { ...quarantined, hold }, 'QUARANTINED', false],
  ['runs a newer push', newerRuns, 'OLDER_PUSH', false],
  ['runs an older push', ofSource({ lastDeployed: { digest: other, pushedAt: '2026-11-01T00:00:00.000Z' } }), 'DEPLOYED', true],
  ['runs the digest', { ...ofSource({ lastDeployed: { digest, pushedAt } }), runsDigest: true }, 'ALREADY_RUNNING', true],
])('a service that %s', (_, state, code, continues) => {
  const explained = explain(twoStages, { repository: 'app', tag: 'v1' }, facts({ 'staging/web': state }));

  expect(codes(explained)).toEqual([
    `staging/web ${code}`,
    'staging/worker DEPLOYED',
    `production/web ${continues ? 'DEPLOYED' : code}`,
    `production/worker ${continues ? 'DEPLOYED' : code}`,
  ]);
  if (!continues) expect(explained[2]?.message).toBe(`the release ends at stage staging: staging/web: ${explained[0]?.message}`);
});

test.each([
  ['v*', 'v1.3.9', 'DEPLOYED'],
  ['semver:*', 'v1.3.9', 'OLDER_VERSION'],
  ['semver:*', 'v1.4.1', 'DEPLOYED'],
])('a tag of %s, %s, is compared with the version that was deployed last: %s', (pattern, tag, code) => {
  const state = ofSource({ lastDeployed: { digest: other, tag: 'v1.4.0', pushedAt: '2026-11-01T00:00:00.000Z' } });
  const explained = explain(configured([stage('staging')], [pattern]), { repository: 'app', tag }, facts({ 'staging/web': state }));

  expect(codes(explained)[0]).toBe(`staging/web ${code}`);
});

test('a hold on all services is for automatic starts only, as is the age', () => {
  const image = { repository: 'app', tag: 'v1' };

  expect(codes(explain(twoStages, image, facts({ 'staging/web': {} }, { holdOfAll: hold })))[0]).toBe('staging/web ON_HOLD');
  expect(explain(twoStages, image, facts({ 'staging/web': newerRuns }, { holdOfAll: hold, isByHand: true }))[0]?.isDeployed).toBe(true);
  expect(codes(explain(twoStages, image, facts({ 'staging/web': quarantined }, { isByHand: true })))[0]).toBe('staging/web QUARANTINED');
});

describe('a stage that requires staging', () => {
  const promotion = configured([
    stage('staging', { tags: ['main-*'] }),
    stage('production', { requires: 'staging' }),
    stage('archive', { tags: ['v*'] }),
  ]);
  const production = (tag: string, known: Facts) => codes(explain(promotion, { repository: 'app', tag }, known))[2];

  test.each<[string, string, Facts, string]>([
    ['is refused to an image that has not succeeded there', 'v1', facts(), 'STAGE_REQUIRED'],
    ['is open to an image that has', 'v1', facts({}, { passedStages: new Set(['staging']) }), 'DEPLOYED'],
    [
      'is refused to one that has failed there since',
      'v1',
      facts({ 'staging/worker': quarantined }, { passedStages: new Set(['staging']) }),
      'STAGE_REQUIRED',
    ],
    ['is open to a release that deploys to staging first', 'main-7', facts(), 'DEPLOYED'],
    ['is not reached by a release that ends there', 'main-7', facts({ 'staging/web': { hold } }), 'ON_HOLD'],
  ])('%s', (_, tag, known, code) => {
    expect(production(tag, known)).toBe(`production/web ${code}`);
  });

  test('ends the release, and the stages after it are not reached', () => {
    const explained = explain(promotion, { repository: 'app', tag: 'v1' }, facts());

    expect(codes(explained)[4]).toBe('archive/web STAGE_REQUIRED');
    expect(explained[4]?.message).toMatch(/^the release ends at stage production: production requires staging/);
  });
});

describe('a stage outside its window', () => {
  const window = { days: ['sat' as const], from: '09:00', to: '16:00', timezone: 'UTC' };

  test.each<[string, Partial<Stage>, string]>([
    ['is waited for', { window }, 'DEPLOYED'],
    ['is skipped, by choice', { window: { ...window, outside: 'skip' } }, 'OUTSIDE_WINDOW'],
    ['is skipped if it does not open again', { freeze: [{ from: '2026-11-01', to: '2029-01-01', timezone: 'UTC' }] }, 'OUTSIDE_WINDOW'],
  ])('%s', (_, gates, code) => {
    const one = configured([stage('production', gates)]);

    expect(codes(explain(one, { repository: 'app', tag: 'v1' }, facts()))[0]).toBe(`production/web ${code}`);
  });
});
