import type { Service } from '../../../core/configuration/configuration.js';
import { withoutRepeats } from '../../../core/preflight/finding.js';
import { checkStage } from '../../../functions/shared/preflight.js';
import { digest, registry, revisionArn } from '../../core/given.js';
import { configured, type GivenPreflight, givenPreflight, stageOf } from '../given-preflight.js';

const ours = [{ key: 'slipway:execution', value: 'x' }];

/** The findings of a stage of one service, with their severities where they only warn. */
const findingsOf = async (given: GivenPreflight, service: Partial<Service> = {}, more: Parameters<typeof configured>[1] = {}) => {
  const { findings } = await checkStage(givenPreflight(given).deps, stageOf(configured([service], more)));
  return findings.map(({ code, severity }) => (severity === 'warn' ? `${code} (warns)` : code));
};

test('of a healthy stage it finds nothing, and reads one task definition a service', async () => {
  const { deps, calls } = givenPreflight();
  const { findings, services } = await checkStage(deps, stageOf(configured([{}])));

  expect(findings).toEqual([]);
  expect(services).toEqual([
    {
      service: 'production/s0',
      from: 'my-learn-app:main-7',
      to: 'my-learn-app:main-7 (a1b2c3d4a1b2)',
      isRunning: false,
      differences: {
        shown: [
          {
            path: 'containerDefinitions[app].image',
            before: `${registry}/my-learn-app:main-7`,
            after: `${registry}/my-learn-app@${digest}`,
          },
        ],
        more: 0,
      },
    },
  ]);
  expect(calls.filter((call) => call.startsWith('ecs:'))).toEqual(['ecs:DescribeServices production/s0', 'ecs:DescribeTaskDefinition web']);
});

const migrate = { like: 'production/other', command: ['migrate'], timeoutSeconds: 600 };
const verify = { alarms: ['web-5xx'], bakeSeconds: 300 };

const config = { config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: 'config' }, layers: [] };

test.each<[string, string[], GivenPreflight, Partial<Service>?, Parameters<typeof configured>[1]?]>([
  ['an image that is gone', ['IMAGE_MISSING'], { status: undefined }],
  ['an image whose manifest is gone', ['IMAGE_MISSING'], { manifests: {} }],
  ['an archived image', ['IMAGE_NOT_ACTIVE'], { status: 'ARCHIVED' }],
  ['an image that is being restored', ['IMAGE_NOT_ACTIVE'], { status: 'ACTIVATING' }],
  ['a chart', ['NOT_AN_IMAGE'], { manifests: { [digest]: { config: { mediaType: 'application/vnd.cncf.helm.config.v1+json' } } } }],
  ['an image without its configuration', ['IMAGE_INCOMPLETE'], { missingLayers: ['config'] }],
  ['an image for another platform', ['PLATFORM_MISMATCH'], { platform: { os: 'linux', architecture: 'arm64' } }],
  [
    'an image for the platform of the revision',
    [],
    {
      platform: { os: 'linux', architecture: 'arm64' },
      revisions: { 7: { definition: { runtimePlatform: { cpuArchitecture: 'ARM64' } } } },
    },
  ],
  [
    'an image of any platform for instances',
    [],
    { platform: { os: 'linux', architecture: 'arm64' }, services: { 'production/s0': { isFargate: false } } },
  ],
  ['a service that does not exist', ['SERVICE_NOT_DEPLOYABLE'], { services: { 'production/s0': undefined } }],
  ['a service that is deleted', ['SERVICE_NOT_DEPLOYABLE'], { services: { 'production/s0': { status: 'DRAINING' } } }],
  ['a strategy that slipway.yml does not allow', ['SERVICE_NOT_DEPLOYABLE'], { services: { 'production/s0': { strategy: 'CANARY' } } }],
  ['a strategy that slipway.yml allows', [], { services: { 'production/s0': { strategy: 'CANARY' } } }, { strategies: ['CANARY'] }],
  ['a container that is not there', ['CONTAINER_MISSING'], {}, { container: 'web' }],
  ['a revision that ECS does not know', ['REVISION_MISSING'], { revisions: {} }],
  [
    'a role that may not be passed',
    ['ROLE_NOT_PASSABLE'],
    { revisions: { 7: { definition: { taskRoleArn: 'arn:aws:iam::123456789012:role/task' } } } },
    {},
    { passRoles: ['arn:aws:iam::123456789012:role/other'] },
  ],
  ['a copy that is too large', ['REVISION_TOO_LARGE'], { revisions: { 7: { container: { command: ['x'.repeat(66_000)] } } } }],
  ['an alarm', ['ALARM (warns)'], { services: { 'production/s0': { alarms: ['web-5xx'] } }, inAlarm: ['web-5xx'] }],
  [
    'an alarm that the stage requires to be quiet',
    ['ALARM'],
    { services: { 'production/s0': { alarms: ['web-5xx'] } }, inAlarm: ['web-5xx'] },
    {},
    { alarms: 'require' },
  ],
  [
    'the before task of a service, whose container is not essential',
    ['BEFORE_TASK_CONTAINER'],
    { revisions: { 7: { container: { essential: false } } } },
    { before: { ...migrate, like: 'production/s0' } },
  ],
  [
    'the before task of the stage, like its service with Service Connect',
    ['BEFORE_TASK_RESTARTS', 'BEFORE_TASK_SERVICE_CONNECT (warns)'],
    {
      revisions: { 7: { container: { restartPolicy: { enabled: true } } } },
      services: { 'production/s0': { hasServiceConnect: true } },
    },
    {},
    { before: { ...migrate, like: 'production/s0' } },
  ],
  [
    'the before task of the stage, like another service',
    [],
    { revisions: { 7: { container: { essential: false } } } },
    {},
    { before: migrate },
  ],
  [
    'volumes that are configured at launch, without a before task',
    [],
    { revisions: { 7: { definition: { volumes: [{ name: 'data', configuredAtLaunch: true }] } } } },
  ],
  ['an alarm of the verification that does not exist', ['ALARM_MISSING'], { missingAlarms: ['web-5xx'] }, { verify }],
  ['an alarm of the verification in ALARM', ['ALARM (warns)'], { inAlarm: ['web-5xx'] }, { verify }],
  ['a bake that is too short', ['BAKE_TOO_SHORT (warns)'], {}, { verify: { ...verify, bakeSeconds: 60 } }],
  ['a newer revision of another deployer', ['NEWER_REVISION (warns)'], { revisions: { 7: {}, 8: {} } }],
  ['a newer revision that is copied', [], { revisions: { 7: {}, 8: {} } }, { base: 'latest' }],
  ['a newer revision of Slipway', [], { revisions: { 7: {}, 8: { tags: ours } } }],
])('%s', async (_, expected, given, service = {}, more = {}) => {
  expect(await findingsOf({ manifests: { [digest]: config }, ...given }, service, more)).toEqual(expected);
});

test('everything that it finds comes at once, in the order of the stage', async () => {
  const configuration = configured([{}, { container: 'web' }, {}, {}]);
  const asked = stageOf(configuration);
  const { deps } = givenPreflight({
    status: 'ARCHIVED',
    services: { 'production/s0': { alarms: ['a', 'b'] }, 'production/s2': undefined },
    inAlarm: ['a'],
  });
  const stage = { name: 'production', deployments: [...asked.stage.deployments, { service: 'production/gone' }] };
  const { findings, services } = await checkStage(deps, { ...asked, stage });

  expect(findings.map(({ code, service = '' }) => `${code} ${service}`)).toEqual([
    'IMAGE_NOT_ACTIVE ',
    'ALARM production/s0',
    'CONTAINER_MISSING production/s1',
    'SERVICE_NOT_DEPLOYABLE production/s2',
    'NOT_CONFIGURED production/gone',
  ]);
  expect(services.map(({ service, from }) => `${service} ${from}`)).toEqual([
    'production/s0 my-learn-app:main-7',
    'production/s1 ',
    'production/s2 ',
    'production/s3 my-learn-app:main-7',
    'production/gone ',
  ]);
});

test('a service that runs the image is said to', async () => {
  const { deps } = givenPreflight({ revisions: { 7: { container: { image: `${registry}/my-learn-app@${digest}` } } } });
  const { services } = await checkStage(deps, stageOf(configured([{}])));

  expect(services).toMatchObject([{ isRunning: true, differences: { shown: [], more: 0 } }]);
});

test('with base: latest the differences are those of the newest revision, and its platform and roles count', async () => {
  const newest = {
    definition: { cpu: '512', runtimePlatform: { cpuArchitecture: 'ARM64' }, taskRoleArn: 'arn:aws:iam::123456789012:role/new' },
    container: { environment: [{ name: 'LEVEL', value: 'debug' }] },
  };
  const { deps } = givenPreflight({
    manifests: { [digest]: config },
    platform: { os: 'linux', architecture: 'amd64' },
    revisions: { 7: {}, 8: newest, 9: { tags: ours } },
  });
  const configuration = configured([{ base: 'latest' }], { passRoles: ['arn:aws:iam::123456789012:role/old'] });
  const { findings, services } = await checkStage(deps, stageOf(configuration));

  expect(findings.map(({ code }) => code)).toEqual(['PLATFORM_MISMATCH', 'ROLE_NOT_PASSABLE']);
  expect(services[0]?.differences.shown.map(({ path }) => path)).toEqual([
    'containerDefinitions[app].image',
    'containerDefinitions[app].environment[LEVEL]',
    'cpu',
    'runtimePlatform',
    'taskRoleArn',
  ]);
});

test.each([
  'ecr:DescribeImages',
  'ecr:BatchGetImage',
  'ecr:BatchCheckLayerAvailability',
  'ecr:GetDownloadUrlForLayer',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:ListTaskDefinitions',
  'cloudwatch:DescribeAlarms',
])('without permission for %s it warns once, and checks the rest', async (action) => {
  const { deps } = givenPreflight({ denied: [action], manifests: { [digest]: config } });
  const { findings } = await checkStage(deps, stageOf(configured([{ base: 'latest' }, { base: 'latest' }])));

  expect(findings).toEqual([{ code: 'NOT_CHECKED', severity: 'warn', message: expect.stringContaining(action) }]);
});

describe('when ECS throttles the reads', () => {
  const families = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`production/s${index}`, { taskDefinition: revisionArn(100 + index) }]));
  const revisions = Object.fromEntries(Array.from({ length: 61 }, (_, index) => [100 + index, { tags: ours }]));

  test('a look at the stage that begins fails, and an attempt after it reads only the rest', async () => {
    const given = givenPreflight({ services: families(60), revisions, readsAtOnce: 50 });
    const asked = stageOf(configured(Array.from({ length: 60 }, () => ({}))));

    await expect(checkStage(given.deps, asked)).rejects.toMatchObject({ name: 'ThrottlingException' });
    given.refill(11);
    await expect(checkStage(given.deps, asked)).resolves.toMatchObject({ findings: [] });
    given.refill(50);
    await expect(checkStage(given.deps, { ...asked, look: 'another' })).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('a look at a later stage says that it is not complete, and keeps what it found', async () => {
    const { deps } = givenPreflight({ services: { ...families(60), 'production/s0': undefined }, revisions, readsAtOnce: 20 });
    const asked = stageOf(configured(Array.from({ length: 60 }, () => ({}))), { isCurrent: false });

    expect((await checkStage(deps, asked)).findings.map(({ code }) => code)).toEqual(['NOT_CHECKED', 'SERVICE_NOT_DEPLOYABLE']);
  });
});

test('findings of a later stage warn, and what is said of the image twice is said once', async () => {
  const { deps } = givenPreflight({ status: 'ARCHIVED' });
  const current = await checkStage(deps, stageOf(configured([{}])));
  const later = await checkStage(deps, stageOf(configured([{ container: 'web' }]), { isCurrent: false }));

  expect(withoutRepeats([...current.findings, ...later.findings]).map(({ code, severity }) => [code, severity])).toEqual([
    ['IMAGE_NOT_ACTIVE', 'block'],
    ['CONTAINER_MISSING', 'warn'],
  ]);
});

test('the alarms of rollouts and of verifications are read at once, each one once', async () => {
  const { deps, calls } = givenPreflight({ services: { 'production/s0': { alarms: ['a', 'b'] } } });
  await checkStage(deps, stageOf(configured([{ verify: { alarms: ['b', 'c'], bakeSeconds: 300 } }, { verify: { alarms: ['c'] } }])));

  expect(calls.filter((call) => call.startsWith('cloudwatch:'))).toEqual(['cloudwatch:DescribeAlarms a,b,c']);
});

test('alarms that may not be read are not missing', async () => {
  expect(await findingsOf({ denied: ['cloudwatch:DescribeAlarms'] }, { verify })).toEqual(['NOT_CHECKED (warns)']);
});
