import type { DeploymentRecord, Operation, ServiceState } from '../../../core/records/records.js';
import {
  acceptedDigests,
  imageFromTaskDefinition,
  revisionToCopy,
  withOtherSources,
} from '../../../core/task-definition/revision-to-copy.js';
import { deploymentRecord, digest, good, otherDigest, registry, revisionArn, stateOf } from '../given.js';

const current = { revision: revisionArn(8), digest };
const running = good({ revision: revisionArn(8), digest });
const before = good({ revision: revisionArn(6), digest: otherDigest });
const oldest = good({ revision: revisionArn(4), digest: 'sha256:4' });
const proxy = good({ revision: revisionArn(9), repository: 'my-proxy', digest: 'sha256:9' });
const olderProxy = good({ revision: revisionArn(7), repository: 'my-proxy', digest: 'sha256:7' });
const record = (operation?: Operation): DeploymentRecord => deploymentRecord(operation && { operation });
const rollback = record({ kind: 'rollback' });
const rollbackOf = (repository: string) => record({ kind: 'rollback', repository });
const quarantined = (...digests: string[]) => stateOf({ quarantine: digests.map((one) => ({ digest: one, reason: 'x', at: 'y' })) });

test.each<[string, DeploymentRecord, ServiceState, string]>([
  ['an image is the current revision', record({ kind: 'image' }), { knownGood: [before, running] }, current.revision],
  ['an image, without an operation in the record, is the current revision', record(), { knownGood: [before, running] }, current.revision],
  ['a redeployment is the current revision', record({ kind: 'redeploy' }), { knownGood: [before, running] }, current.revision],
  ['a named revision is that one', record({ kind: 'taskDefinition', taskDefinition: 'web:3' }), { knownGood: [running] }, 'web:3'],
  ['a rollback from another revision is the newest known good one', rollback, { knownGood: [oldest, before] }, revisionArn(6)],
  ['a rollback from the newest known good one is the one before it', rollback, { knownGood: [oldest, before, running] }, revisionArn(6)],
  [
    'a rollback after a rollback is older than what runs',
    rollback,
    { ...quarantined('sha256:3'), knownGood: [oldest, good({ digest: 'sha256:3' }), running] },
    revisionArn(4),
  ],
  ['a rollback from an older image is older than that', rollback, { knownGood: [oldest, running, before] }, revisionArn(4)],
  [
    'a rollback from a copy of a known good image is older than that',
    rollback,
    { knownGood: [oldest, good({ revision: revisionArn(5), digest })] },
    revisionArn(4),
  ],
  [
    'a rollback from the only good one is the revision before it',
    rollback,
    { knownGood: [{ ...running, previousRevision: 'web:1' }] },
    'web:1',
  ],
  [
    'a rollback is of the source that was deployed last',
    rollback,
    { knownGood: [before, olderProxy, running, { ...proxy, revision: current.revision }] },
    revisionArn(7),
  ],
  [
    'a rollback of a named source is of that one',
    rollbackOf('my-learn-app'),
    { knownGood: [before, olderProxy, running, proxy] },
    revisionArn(6),
  ],
])('the source of %s', (_, one, state, expected) => {
  expect(revisionToCopy(one, current, state)).toBe(expected);
});

test.each<[string, DeploymentRecord, ServiceState]>([
  ['no revision is known good', rollback, {}],
  ['only the current revision is known good', rollback, { knownGood: [running] }],
  ['the one before is the current revision', rollback, { knownGood: [{ ...before, revision: current.revision }, running] }],
  ['the ones before are quarantined', rollback, { ...quarantined(otherDigest), knownGood: [before, running] }],
  [
    'the revision before it is one of them',
    rollback,
    { ...quarantined(otherDigest), knownGood: [before, { ...running, previousRevision: before.revision }] },
  ],
  ['no revision of its source is known good', rollbackOf('my-tool'), { knownGood: [before, running] }],
])('a rollback is rejected if %s', (_, one, state) => {
  expect(() => revisionToCopy(one, current, state)).toThrow(
    expect.objectContaining({
      name: 'RejectedInput',
      message:
        'there is no rollback target: no other deployment of production/web has SUCCEEDED; start it with "image" or "taskDefinition"',
    }),
  );
});

test('a rollback keeps the images that other sources run, and everything else of its target', () => {
  const target = {
    family: 'web',
    containerDefinitions: [
      { name: 'app', image: 'app:1', cpu: 1 },
      { name: 'proxy', image: 'proxy:1' },
      { name: 'agent', image: 'agent:1' },
      { name: 'old', image: 'old:1' },
    ],
  };
  const runs = { containerDefinitions: ['app', 'proxy', 'agent'].map((name) => ({ name, image: `${name}:2` })) };

  expect(withOtherSources(target, runs, ({ name }) => name === 'proxy' || name === 'old')).toEqual({
    family: 'web',
    containerDefinitions: [
      { name: 'app', image: 'app:1', cpu: 1 },
      { name: 'proxy', image: 'proxy:2' },
      { name: 'agent', image: 'agent:1' },
      { name: 'old', image: 'old:1' },
    ],
  });
});

describe('the image in a revision', () => {
  const revision = (image: string) => ({
    containerDefinitions: [
      { name: 'proxy', image: 'envoy:1' },
      { name: 'app', image },
    ],
  });

  test.each([
    [`${registry}/app@${digest}`, undefined, { registry, repository: 'app', digest }],
    [`${registry}/app@${digest}`, 'main-7', { registry, repository: 'app', tag: 'main-7', digest }],
    [`${registry}/app:v1@${digest}`, 'main-7', { registry, repository: 'app', tag: 'v1', digest }],
    [`${registry}/app:v1`, undefined, { registry, repository: 'app', tag: 'v1', digest: '' }],
    ['nginx:1.27', undefined, { registry: '', repository: 'nginx', digest: '' }],
  ])('%s, tagged %s', (image, tag, expected) => {
    expect(imageFromTaskDefinition(revision(image), ['app'], tag)).toEqual(expected);
  });

  test.each([[{}], [{ containerDefinitions: undefined }], [revision(`${registry}/app:v1`)]])(
    'is empty without the containers: %#',
    (definition) => {
      expect(imageFromTaskDefinition(definition, ['other'], undefined)).toEqual({ registry: '', repository: '', digest: '' });
    },
  );
});

test.each([
  ['it is not known', undefined, []],
  ['it has no digest', { digest: '', platformDigests: [] }, []],
  ['its platforms are not known', { digest }, []],
  ['it is for one platform', { digest, platformDigests: [] }, [digest]],
  ['it is for several', { digest, platformDigests: [otherDigest] }, [digest, otherDigest]],
])('the accepted digests of an image if %s', (_, image, expected) => {
  expect(acceptedDigests(image)).toEqual(expected);
});
