import type { Configuration, Scan } from '../../../core/configuration/configuration.js';
import type { ServiceState } from '../../../core/records/records.js';
import type { ImageScan } from '../../../core/scan/image-scan.js';
import { type Plan, plan } from '../../../functions/shared/plan.js';
import { loadSteps } from '../../../stack/steps.js';
import { digest, image, later, registry, startedAt, stateOf } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { configured, type GivenPreflight, givenPreflight } from '../given-preflight.js';

const manifest = { config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: 'config' }, layers: [] };

/** staging takes main-*, production v* after approval and in a window. */
const configuration = (scan?: Scan): Configuration => {
  const base = configured([{ service: 'production/web' }, { service: 'production/worker' }]);
  const [production] = base.repositories['my-learn-app']?.stages ?? [];
  if (!production) throw new Error('there is no stage');
  const staging = {
    ...production,
    name: 'staging',
    services: configured([{ service: 'staging/web' }]).repositories['my-learn-app']?.stages[0]?.services ?? [],
  };
  const gates = {
    requires: 'staging',
    approval: { timeoutSeconds: 86_400, remindAfterSeconds: 43_200 },
    window: { days: ['mon' as const], from: '09:00', to: '10:00', timezone: 'UTC' },
  };
  return {
    ...base,
    repositories: {
      'my-learn-app': {
        name: 'my-learn-app',
        tags: ['main-*', 'v*'],
        ...(scan && { scan }),
        stages: [staging, { ...production, ...gates, tags: ['v*'] }],
      },
    },
  };
};

type Given = GivenPreflight & {
  readonly found?: object | undefined;
  readonly states?: Readonly<Record<string, ServiceState>>;
  /** Of the repository, and its answer for the image. */
  readonly scan?: { readonly settings: Scan; readonly answer: ImageScan };
};

const given = (account: Given = {}) => {
  const settings = configuration(account.scan?.settings);
  const table = givenTable({ states: account.states ?? {} });
  const preflight = givenPreflight({ manifests: { [digest]: manifest }, ...account });
  const pauses: number[] = [];
  const run = plan({
    ...preflight.deps,
    ...table,
    configuration: settings,
    registry,
    scans: { of: async () => account.scan?.answer ?? { status: 'NOT_FOUND', counts: {}, findings: [] } },
    images: {
      find: async (_, __, { tag }) =>
        'found' in account ? (account.found as typeof image) : { ...image, ...(tag !== undefined && { tag }) },
    },
    now: () => new Date(later),
    pause: async (ms) => {
      pauses.push(ms);
      preflight.refill(20);
    },
  });
  return { run, settings, table, pauses, calls: preflight.calls };
};

const said = ({ explain }: Plan) => explain.map(({ service, code }) => `${service} ${code}`);

test('a tag that reaches one stage: what it would deploy, what its stage would change, and which rule says no elsewhere', async () => {
  const { run, table } = given();
  const answer = await run({ repository: 'my-learn-app', tag: 'main-8' });

  expect(answer).toMatchObject({
    repository: 'my-learn-app',
    image: 'my-learn-app:main-8 (a1b2c3d4a1b2)',
    digest,
    stages: [{ stage: 'staging', gates: {}, findings: [], services: [{ service: 'staging/web', isRunning: false }] }],
  });
  expect(said(answer)).toEqual(['staging/web DEPLOYED', 'production/web TAG_NOT_MATCHED', 'production/worker TAG_NOT_MATCHED']);
  expect(table.writes).toEqual([]);
});

test('a tag that reaches production: its gates, and whether its window is open now', async () => {
  const { stages } = await given().run({ repository: 'my-learn-app', tag: 'v2.0.0' });

  expect(stages.map(({ stage }) => stage)).toEqual(['staging', 'production']);
  expect(stages[1]?.gates).toMatchObject({
    requires: 'staging',
    approval: { timeoutSeconds: 86_400 },
    window: { from: '09:00' },
    opening: { isOpen: false, opensAt: '2026-11-30T09:00:00.000Z' },
  });
});

test('the before tasks that would run: of the stage, then of its services, without their environment', async () => {
  const { run, settings } = given();
  const [staging] = settings.repositories['my-learn-app']?.stages ?? [];
  const before = { like: 'staging/web', command: ['npm', 'run', 'migrate'], timeoutSeconds: 600, environment: { TOKEN: 'secret' } };
  Object.assign(staging ?? {}, { before });
  Object.assign(staging?.services[0] ?? {}, { before: { ...before, container: 'app', command: ['warm-up'] } });

  const { stages } = await run({ repository: 'my-learn-app', tag: 'main-8' });

  expect(stages[0]?.beforeTasks).toEqual([
    { of: 'stage', service: 'staging/web', command: ['npm', 'run', 'migrate'], timeoutSeconds: 600 },
    { of: 'service', service: 'staging/web', container: 'app', command: ['warm-up'], timeoutSeconds: 600 },
  ]);
});

test('a digest that an operator chose reaches every stage', async () => {
  const { stages } = await given({ found: { ...image, tag: undefined } }).run({ repository: 'my-learn-app', digest });

  expect(stages.map(({ stage }) => stage)).toEqual(['staging', 'production']);
});

test('holds, quarantines, and what runs the image say no', async () => {
  const { run } = given({
    states: {
      'staging/web': { hold: { at: startedAt, by: 'ada' } },
      'production/web': stateOf({ quarantine: [{ digest, reason: 'CRASHED', at: startedAt }] }),
    },
  });
  const running = given({ revisions: { 7: { container: { image: `${registry}/my-learn-app@${digest}` } } } });

  expect(said(await run({ repository: 'my-learn-app', tag: 'main-8' }))[0]).toBe('staging/web ON_HOLD');
  expect(said(await running.run({ repository: 'my-learn-app', tag: 'main-8' }))[0]).toBe('staging/web ALREADY_RUNNING');
});

test('findings have the severity that they have when their stage begins', async () => {
  const { stages } = await given({ services: { 'production/web': undefined } }).run({ repository: 'my-learn-app', tag: 'v2.0.0' });

  expect(stages.map(({ findings }) => findings.map(({ code, severity }) => [code, severity]))).toEqual([
    [],
    [['SERVICE_NOT_DEPLOYABLE', 'block']],
  ]);
});

test('it continues after ECS has throttled it', async () => {
  const slow = given({ readsAtOnce: 0 });

  expect((await slow.run({ repository: 'my-learn-app', tag: 'main-8' })).stages).toHaveLength(1);
  expect(slow.pauses).toEqual([1000]);
});

test('a start by hand passes a hold', async () => {
  const { run } = given({ states: { 'staging/web': { hold: { at: startedAt, by: 'ada' } } } });

  expect(said(await run({ repository: 'my-learn-app', tag: 'main-8', byHand: true }))[0]).toBe('staging/web DEPLOYED');
});

test('of a tag and a digest, the policy decides about the tag of that image', async () => {
  const answer = await given().run({ repository: 'my-learn-app', tag: 'main-8', digest });

  expect(answer).toMatchObject({ image: 'my-learn-app:main-8 (a1b2c3d4a1b2)', stages: [{ stage: 'staging' }] });
});

test.each<[string, { readonly repository: string; readonly tag: string }, object, string]>([
  ['another repository', { repository: 'your-learn-app', tag: 'v1' }, {}, 'NOT_CONFIGURED'],
  ['an image that is not there', { repository: 'my-learn-app', tag: 'v1' }, { found: undefined }, 'NOT_FOUND'],
  [
    'a chart',
    { repository: 'my-learn-app', tag: 'v1' },
    { found: { artifactType: 'application/vnd.cncf.helm.config.v1+json' } },
    'NOT_FOUND',
  ],
])('%s is rejected, and nothing is read of the services', async (_, input, more, code) => {
  const { run, calls } = given(more);

  await expect(run(input)).rejects.toMatchObject({ name: 'RefusedQuery', code });
  expect(calls).toEqual([]);
});

test('its role only reads', async () => {
  const { permissions } = (await loadSteps()).find(({ name }) => name === 'Query') ?? { permissions: [] };
  const actions = permissions.flatMap(({ allow }) => allow.map((action) => action.split(':')[1] ?? ''));

  expect(actions.length).toBeGreaterThan(8);
  // BatchGetImage and BatchCheckLayerAvailability are reads.
  expect(actions.filter((action) => !/^(?:Get|List|Describe|Query$|Batch(?:Get|Check))/.test(action))).toEqual([]);
});

describe('the scan of the image', () => {
  const settings: Scan = { block: 'HIGH', waitSeconds: 600, ignore: [], onUnscanned: 'warn' };
  const completed = { status: 'COMPLETE', completedAt: startedAt, counts: {} };
  const forecast = async (answer: ImageScan) => {
    const { run } = given({ scan: { settings, answer } });
    const { stages } = await run({ repository: 'my-learn-app', digest });
    return stages.map(({ gates }) => gates.scan);
  };

  test.each<[string, ImageScan, string, string]>([
    ['passes', { ...completed, findings: [] }, 'pass', 'no finding of severity HIGH or higher'],
    ['blocks', { ...completed, findings: [{ name: 'CVE-2026-1', severity: 'HIGH' }] }, 'end', 'CVE-2026-1'],
    ['is waited for', { status: 'IN_PROGRESS', counts: {}, findings: [] }, 'wait', 'waits for 10 min'],
    ['warns', { status: 'FAILED', counts: {}, findings: [] }, 'pass', 'its status is FAILED'],
  ])('%s before the first stage', async (_, answer, action, says) => {
    expect(await forecast(answer)).toEqual([{ settings, action, message: expect.stringContaining(says) }, undefined]);
  });

  test('is not read without the gate', async () => {
    const { run } = given();
    expect((await run({ repository: 'my-learn-app', digest })).stages.map(({ gates }) => gates.scan)).toEqual([undefined, undefined]);
  });
});
