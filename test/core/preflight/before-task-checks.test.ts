import { beforeTaskRefusals, type RevisionToRun, serviceConnectChecks } from '../../../core/preflight/before-task-checks.js';
import { revisionArn } from '../given.js';

const service = 'production/web';

const revision = (containerDefinitions: RevisionToRun['definition']['containerDefinitions'], volumes = {}): RevisionToRun => ({
  revision: revisionArn(8),
  definition: { containerDefinitions, ...volumes },
  containers: ['app', 'worker'],
});

const codesOf = (of: RevisionToRun, container?: string) =>
  beforeTaskRefusals(service, container === undefined ? {} : { container }, of).map(({ code, message }) => [code, message]);

const app = { name: 'app' };

test.each<[string, RevisionToRun, string | undefined]>([
  ['essential by default', revision([app]), undefined],
  ['essential', revision([{ ...app, essential: true }]), 'app'],
  ['named, beside one that is not essential', revision([{ ...app, essential: false }, { name: 'migrate' }]), 'migrate'],
  ['beside one with a restart policy', revision([app, { name: 'proxy', restartPolicy: { enabled: true } }]), undefined],
  ['with a restart policy that is not enabled', revision([{ ...app, restartPolicy: { enabled: false } }]), undefined],
  ['with volumes of the revision', revision([app], { volumes: [{ name: 'data' }, { name: 'tmp', configuredAtLaunch: false }] }), undefined],
])('a before task may run in a container %s', (_, of, container) => {
  expect(codesOf(of, container)).toEqual([]);
});

test('a container that is not there is named, with those that are', () => {
  expect(codesOf(revision([app, { name: 'proxy' }]), 'migrate')).toEqual([
    ['BEFORE_TASK_CONTAINER', expect.stringMatching(/production\/web.*migrate.*web:8 has app, proxy.*slipway\.yml/)],
  ]);
  expect(codesOf(revision(undefined))).toEqual([['BEFORE_TASK_CONTAINER', expect.stringContaining('has none')]]);
});

test('everything that keeps a before task from running once is found at one time', () => {
  const of = revision([{ ...app, essential: false, restartPolicy: { enabled: true } }], {
    volumes: [{ name: 'a', configuredAtLaunch: true }, { name: 'b' }, { name: 'c', configuredAtLaunch: true }],
  });

  expect(codesOf(of)).toEqual([
    ['BEFORE_TASK_CONTAINER', expect.stringContaining('not essential')],
    ['BEFORE_TASK_RESTARTS', expect.stringContaining('restart policy')],
    ['BEFORE_TASK_VOLUME', expect.stringContaining('volume a, c of web:8')],
  ]);
});

test('Service Connect is said of the services that have it', () => {
  expect(serviceConnectChecks(service, false)).toEqual([]);
  expect(serviceConnectChecks(service, true)).toMatchObject([{ code: 'BEFORE_TASK_SERVICE_CONNECT', service }]);
});
