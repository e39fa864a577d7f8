import type { DeploymentRecord, Operation, ServiceState } from '../../../core/records/records.js';
import { acceptedDigests, imageFromTaskDefinition, revisionToCopy } from '../../../core/task-definition/revision-to-copy.js';
import { deploymentRecord, digest, good, otherDigest, registry, revisionArn } from '../given.js';

const current = revisionArn(8);
const lastGood = good({ revision: revisionArn(8), digest });
const previousGood = good({ revision: revisionArn(6), digest: otherDigest });
const record = (operation?: Operation): DeploymentRecord => deploymentRecord(operation && { operation });
const rollback = record({ kind: 'rollback' });

test.each<[string, DeploymentRecord, ServiceState, string]>([
  ['an image is the current revision', record({ kind: 'image' }), { lastGood, previousGood }, current],
  ['an image, without an operation in the record, is the current revision', record(), { lastGood, previousGood }, current],
  ['a redeployment is the current revision', record({ kind: 'redeploy' }), { lastGood, previousGood }, current],
  ['a named revision is that one', record({ kind: 'taskDefinition', taskDefinition: 'web:3' }), { lastGood, previousGood }, 'web:3'],
  ['a rollback from another revision is the last known good one', rollback, { lastGood: good(), previousGood }, revisionArn(6)],
  ['a rollback from the last known good one is the previous good one', rollback, { lastGood, previousGood }, revisionArn(6)],
  [
    'a rollback from the only good one is the revision before it',
    rollback,
    { lastGood: { ...lastGood, previousRevision: 'web:1' } },
    'web:1',
  ],
])('the source of %s', (_, one, state, expected) => {
  expect(revisionToCopy(one, current, state)).toBe(expected);
});

test.each<[string, ServiceState]>([
  ['no revision is known good', {}],
  ['only the current revision is known good', { lastGood }],
  ['the previous good one is the current revision', { lastGood, previousGood: good({ revision: current }) }],
  ['the previous good one has the same image', { lastGood, previousGood: good({ digest }) }],
  ['the previous good one is quarantined', { lastGood, previousGood, quarantine: [{ digest: otherDigest, reason: 'x', at: 'y' }] }],
])('a rollback is rejected if %s', (_, state) => {
  expect(() => revisionToCopy(rollback, current, state)).toThrow(
    expect.objectContaining({
      name: 'RejectedInput',
      message:
        'there is no rollback target: no other deployment of production/web has SUCCEEDED; start it with "image" or "taskDefinition"',
    }),
  );
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
